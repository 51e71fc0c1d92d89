"""Facts of many dossiers at once, for the rules: each function takes ids and answers by id."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.requests.rules import ConsentFacts, NeedFacts, QuestionFacts, RecordFacts, TextFacts
from app.requests.tables import (
    AssessmentRecord,
    AssistanceRequest,
    Clarification,
    Condition,
    Consent,
    Element,
    Need,
    NeedFinding,
    RequestCountry,
)


def text_facts(session: Session, ids: Sequence[int]) -> dict[int, TextFacts]:
    """Return what each request says of itself."""
    countries: dict[int, set[str]] = defaultdict(set)
    for owner, country in session.execute(
        sa.select(RequestCountry.request_id, RequestCountry.country).where(
            RequestCountry.request_id.in_(ids)
        )
    ):
        countries[owner].add(country)
    r = AssistanceRequest
    rows = session.execute(
        sa.select(
            r.id,
            r.title,
            r.summary,
            r.authority,
            r.regional,
            r.cyber_labelled,
            r.internal,
            r.urgency,
        ).where(r.id.in_(ids))
    )
    return {
        row.id: TextFacts(
            row.title,
            row.summary,
            row.authority,
            frozenset(countries[row.id]),
            row.regional,
            row.cyber_labelled,
            row.internal,
            row.urgency,
        )
        for row in rows
    }


def need_facts(session: Session, ids: Sequence[int]) -> dict[int, tuple[NeedFacts, ...]]:
    """Return the needs that still stand, in order, each with the number of findings behind it."""
    behind = (
        sa.select(sa.func.count())
        .where(NeedFinding.need_id == Need.id)
        .correlate(Need)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(
            Need.request_id,
            Need.id,
            Need.number,
            Need.area,
            Need.topic,
            Need.text,
            Need.kind,
            Need.origin,
            behind,
        )
        .where(Need.request_id.in_(ids), Need.dropped.is_(False))
        .order_by(Need.request_id, Need.number)
    )
    return _grouped(ids, ((row[0], NeedFacts(*row[1:])) for row in rows))


def clarification_facts(
    session: Session, ids: Sequence[int]
) -> dict[int, tuple[QuestionFacts, ...]]:
    """Return the questions that are still open."""
    c = Clarification
    rows = session.execute(
        sa.select(c.request_id, c.number, c.due_on)
        .where(c.request_id.in_(ids), c.closed_at.is_(None))
        .order_by(c.request_id, c.number)
    )
    return _grouped(ids, ((row[0], QuestionFacts(*row[1:])) for row in rows))


def record_facts(session: Session, ids: Sequence[int]) -> dict[int, tuple[RecordFacts, ...]]:
    """Return the completed assessments that serve each request."""
    a = AssessmentRecord
    rows = session.execute(
        sa.select(a.request_id, a.assessment_id, a.kind, a.completed_at, a.valid_until)
        .where(a.request_id.in_(ids))
        .order_by(a.request_id, a.completed_at)
    )
    return _grouped(ids, ((row[0], RecordFacts(*row[1:])) for row in rows))


def consent_facts(session: Session, ids: Sequence[int]) -> dict[int, tuple[ConsentFacts, ...]]:
    """Return the last word of each country on each subject (and proposal)."""
    c = Consent
    rows = session.execute(
        sa.select(c.request_id, c.country, c.subject, c.proposal, c.given)
        .where(c.request_id.in_(ids))
        .order_by(c.id)
    )
    last: dict[int, dict[tuple[Any, ...], ConsentFacts]] = defaultdict(dict)
    for owner, country, subject, proposal, given in rows:
        word = ConsentFacts(country, subject, proposal, given)
        last[owner][(word.country, word.subject, word.proposal)] = word
    return {owner: tuple(last[owner].values()) for owner in ids}


def element_verdicts(session: Session, ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """Return the verdicts on cyber elements."""
    verdicts: dict[int, dict[str, str]] = {owner: {} for owner in ids}
    rows = sa.select(Element.request_id, Element.element, Element.verdict)
    for owner, element, verdict in session.execute(rows.where(Element.request_id.in_(ids))):
        verdicts[owner][element] = verdict
    return verdicts


def open_conditions(session: Session, ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Return the numbers of the conditions that are not met yet."""
    c = Condition
    rows = session.execute(
        sa.select(c.request_id, c.number)
        .where(c.request_id.in_(ids), c.met_at.is_(None))
        .order_by(c.number)
    )
    return _grouped(ids, ((row[0], row[1]) for row in rows))


def _grouped(ids: Sequence[int], pairs: Any) -> dict[int, tuple[Any, ...]]:
    grouped: dict[int, list[Any]] = {owner: [] for owner in ids}
    for owner, value in pairs:
        grouped[owner].append(value)
    return {owner: tuple(values) for owner, values in grouped.items()}
