"""Assessments as the rules see them: rows in, plain facts out, many at a time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.assessment.rules import (
    AcknowledgementFact,
    AnswerFact,
    AnswerValue,
    AssessmentFacts,
    AssessmentStanding,
    ConsultationFact,
    EvidenceFact,
    EvidenceKind,
    PlanFact,
    RiskFact,
    SignatureFact,
    VisitFact,
    completeness,
    reason,
)
from app.assessment.service import sealed
from app.assessment.tables import (
    Acknowledgement,
    Answer,
    Assessment,
    Consultation,
    Evidence,
    RiskAssessment,
    Visit,
)
from app.directory.same import one_person
from app.engine.packs import Pack
from app.engine.questionnaires import AssessmentKind
from app.kit import clock
from app.kit.errors import Blocker
from app.requests import vault
from app.requests.service.reading import countries_of
from app.requests.tables import AssessmentRecord, Attachment, Finding

GATE = ("comprehensive", "rapid")
Part = Visit | Consultation | RiskAssessment | Acknowledgement


def assessment_facts(
    session: Session, pack: Pack, ids: Sequence[int]
) -> Mapping[int, AssessmentStanding]:
    """Return how the current assessment of each request stands, in a fixed number of queries."""
    query = sa.select(Assessment).where(
        Assessment.request_id.in_(ids), Assessment.kind.in_(GATE), Assessment.status != "void"
    )
    current = {row.request_id: row for row in session.scalars(query.order_by(Assessment.id))}
    signers: dict[int, set[int]] = defaultdict(set)
    for owner, row in current.items():
        signers[owner] |= {row.signed_by} if row.signed_by else set()
    serving = sa.select(AssessmentRecord.request_id, Assessment.signed_by).join(
        Assessment, Assessment.id == AssessmentRecord.assessment_id
    )
    for owner, person in session.execute(serving.where(AssessmentRecord.request_id.in_(ids))):
        signers[owner] |= {person} if person else set()
    open_ones = [row for row in current.values() if row.status != "completed"]
    found = lacks(session, pack, open_ones)
    none = (Blocker("assessment.none", "F32"),)
    return {
        owner: AssessmentStanding(
            found.get(current[owner].id, ()) if owner in current else none,
            frozenset(signers[owner]),
        )
        for owner in ids
    }


def lacks(
    session: Session, pack: Pack, rows: Sequence[Assessment]
) -> dict[int, tuple[Blocker, ...]]:
    """Return everything that each assessment lacks, by its id."""
    today = clock.today()
    return {
        owner: tuple(reason(lack) for lack in completeness(pack.questionnaire, record, today))
        for owner, record in records_of(session, rows).items()
    }


def records_of(session: Session, rows: Sequence[Assessment]) -> dict[int, AssessmentFacts]:
    """Return each assessment whole, by its id: one query a table, however many there are."""
    if not rows:
        return {}
    ids = [row.id for row in rows]
    countries = countries_of(session, [row.request_id for row in rows])
    answers = answers_of(session, ids)
    visits, heard, risks, seen = (
        _by_assessment(session, table, ids)
        for table in (Visit, Consultation, RiskAssessment, Acknowledgement)
    )
    found = _findings(session, ids)
    vault.fetch(session, [row.request_id for row in rows])
    return {
        row.id: AssessmentFacts(
            kind=cast("AssessmentKind", row.kind),
            countries=tuple(countries[row.request_id]),
            plan=_plan(row),
            visits=tuple(_visit(one) for one in visits[row.id]),
            answers=answers[row.id],
            waived_areas=row.waived_areas,
            consultations=tuple(_consultation(one) for one in heard[row.id]),
            risk=_risk(session, row, risks[row.id]),
            findings=found.get((row.id, row.request_id), 0),
            signature=_signature(row.signed_by, row.signed_at),
            countersignature=_countersignature(session, row),
            acknowledgements=tuple(_acknowledgement(one) for one in seen[row.id]),
            comprehensive_due=row.comprehensive_due,
        )
        for row in rows
    }


IDS: sa.BindParameter[Sequence[int]] = sa.bindparam("ids", expanding=True)
PROOF = (
    sa.select(Evidence, Attachment.size)
    .join(Answer, Answer.id == Evidence.answer_id)
    .outerjoin(Attachment, Attachment.id == Evidence.attachment_id)
    .where(Answer.assessment_id.in_(IDS))
    .order_by(Evidence.id)
)
ANSWERS = (
    sa.select(Answer, Assessment.request_id)
    .join(Assessment)
    .where(Assessment.id.in_(IDS))
    .order_by(Answer.question)
)


def answers_of(session: Session, ids: Sequence[int]) -> dict[int, tuple[AnswerFact, ...]]:
    """Return the answers of assessments, by assessment, each with its evidence."""
    evidence: dict[int, list[EvidenceFact]] = defaultdict(list)
    for row, size in session.execute(PROOF, {"ids": ids}):
        kind = cast("EvidenceKind", row.kind)
        evidence[row.answer_id].append(
            EvidenceFact(kind, row.source, row.dated, row.in_country, size, row.by)
        )
    given: dict[int, list[AnswerFact]] = defaultdict(list)
    rows = session.execute(ANSWERS, {"ids": ids}).all()
    vault.fetch(session, {owner for _, owner in rows})
    for answer, owner in rows:
        note = sealed.note_of(session, owner, answer)
        given[answer.assessment_id].append(_answer(answer, note, evidence[answer.id]))
    return {owner: tuple(given[owner]) for owner in ids}


def _answer(row: Answer, note: str, evidence: Sequence[EvidenceFact]) -> AnswerFact:
    value = cast("AnswerValue", row.value)
    return AnswerFact(row.question, value, note, tuple(evidence), row.by, row.answered_on)


def _by_assessment(session: Session, table: type[Part], ids: Sequence[int]) -> dict[int, list[Any]]:
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in session.scalars(_parts(table), {"ids": ids}):
        rows[row.assessment_id].append(row)
    return rows


@cache
def _parts(table: type[Part]) -> sa.Select[Any]:
    part = cast("Any", table)
    return sa.select(part).where(part.assessment_id.in_(IDS))


def _findings(session: Session, ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """Count findings by assessment and request: copies in other requests are not its own."""
    query = (
        sa.select(Finding.assessment_id, Finding.request_id, sa.func.count())
        .where(Finding.assessment_id.in_(ids))
        .group_by(Finding.assessment_id, Finding.request_id)
    )
    return {(row[0], row[1]): row[2] for row in session.execute(query)}


def _names(people: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(str(person["name"]) for person in people)


def _plan(row: Assessment) -> PlanFact:
    return PlanFact(_names(row.team), row.starts_on, row.ends_on, _names(row.hosts))


def _visit(row: Visit) -> VisitFact:
    return VisitFact(row.country, row.place, row.host, row.starts_on, row.ends_on, row.by)


def _consultation(row: Consultation) -> ConsultationFact:
    return ConsultationFact(
        row.group, consulted=True, who=row.who, held_on=row.held_on, author_id=row.by
    )


def _risk(
    session: Session, assessment: Assessment, rows: Sequence[RiskAssessment]
) -> RiskFact | None:
    if not rows:
        return None
    content = sealed.risk_of(session, assessment.request_id, rows[0])
    return RiskFact(content, rows[0].dated, rows[0].by)


def _signature(person: int | None, at: datetime | None) -> SignatureFact | None:
    return SignatureFact(person, at.date() if at else None) if person else None


def _countersignature(session: Session, row: Assessment) -> SignatureFact | None:
    """Return the second signature, under the number of the first where both are one person."""
    own = one_person(session, row.signed_by, row.countersigned_by)
    return _signature(row.signed_by if own else row.countersigned_by, row.countersigned_at)


def _acknowledgement(row: Acknowledgement) -> AcknowledgementFact:
    return AcknowledgementFact(row.country, row.by, row.at.date())
