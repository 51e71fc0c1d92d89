"""What reassessments found beside their baselines, of many requests at once (C50)."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.assessment.rules import topic_levels
from app.assessment.rules.scoring import TopicLevel
from app.assessment.service.facts import answers_of
from app.assessment.tables import Assessment
from app.engine.packs import Shelf
from app.kit import clock
from app.requests.tables import AssistanceRequest

R = AssistanceRequest


@dataclass(frozen=True, slots=True)
class Gain:
    """One topic of one request that was measured before and after."""

    reference: str
    topic: str
    before: TopicLevel
    after: TopicLevel


def gains(
    session: Session, shelf: Shelf, which: Sequence[sa.ColumnElement[bool]], most: int
) -> list[Gain]:
    """Return every topic that the latest reassessments and their baselines both measured.

    Of the `most` requests, among those for which all of `which` holds, whose reassessment was
    completed last; of several of one request the latest counts.
    """
    rows = session.execute(_pairs(which, most)).all()
    answers = answers_of(session, sorted({one for row in rows for one in (row.id, row.baseline)}))
    today = clock.today()
    found = []
    for row in rows:
        asked = shelf.get(row.workflow, row.workflow_version).questionnaire
        before = topic_levels(asked, answers[row.baseline], today)
        after = topic_levels(asked, answers[row.id], today)
        found += [
            Gain(row.reference, topic, before[topic], level)
            for topic, level in after.items()
            if level.measured and before[topic].measured
        ]
    return found


def _pairs(
    which: Sequence[sa.ColumnElement[bool]], most: int
) -> sa.Select[int, int | None, str, str, int]:
    later = aliased(Assessment, name="later_assessments")
    again = sa.exists().where(
        later.request_id == Assessment.request_id,
        later.kind == "reassessment",
        later.status == "completed",
        later.id > Assessment.id,
    )
    baseline = Assessment.baseline_id.label("baseline")
    return (
        sa.select(Assessment.id, baseline, R.reference, R.workflow, R.workflow_version)
        .join(R, R.id == Assessment.request_id)
        .where(
            Assessment.kind == "reassessment",
            Assessment.status == "completed",
            Assessment.baseline_id.is_not(None),
            sa.not_(again.correlate(Assessment)),
            *which,
        )
        .order_by(Assessment.id.desc())
        .limit(most)
    )
