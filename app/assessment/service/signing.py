"""Signature, acknowledgement, countersignature: how an assessment is completed, and reopened."""

from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.assessment.rules import AssessmentFacts, opens_gate, topic_levels, valid_until
from app.assessment.schemas import AcknowledgeBody
from app.assessment.service import choosing
from app.assessment.service.facts import GATE, lacks, records_of
from app.assessment.tables import Acknowledgement, Assessment
from app.directory.actor import Actor
from app.engine.packs import Pack, Shelf
from app.engine.questionnaires import AssessmentKind
from app.kit import clock
from app.kit.errors import Blocked, Blocker, Conflict, Forbidden, Invalid
from app.kit.rows import as_house
from app.requests import access, duties, timeline
from app.requests.service import sealed
from app.requests.service.reading import countries_of
from app.requests.tables import AssessmentRecord, AssistanceRequest, Finding

FACTORS = "factors"
"""The questionnaire's group of risk fields that hold regional and national factors."""


def sign(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, kind: str | None
) -> Assessment:
    """Sign as the assessor. A self-assessment is signed by its government, and so completed.

    Raises NotFound, Conflict (completed, or signed already), Forbidden, Blocked.
    """
    row = choosing.chosen(session, request, kind)
    own = row.kind == "self"
    act = choosing.act_for(row.kind) if own else "assessment.sign"
    access.permit(session, shelf, actor, request, act)
    choosing.still_open(row, request)
    if row.signed_by is not None:
        raise Conflict("assessment.signed", "It is signed already.")
    row.signed_by, row.signed_at = actor.person_id, clock.now()
    row.revision += 1
    timeline.record(session, actor, request, "assessment_signed", {"assessment": row.kind})
    if own:
        _complete(session, shelf, actor, request, row)
    return row


def acknowledge(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    seen: tuple[str | None, AcknowledgeBody],
) -> Assessment:
    """Record that a government has seen the signed assessment of its country (F19).

    Raises NotFound, Conflict, Invalid for a country outside the request, Forbidden for another's,
    Blocked by the signer: nobody assures a government of one's own work (C7).
    """
    kind, body = seen
    row = choosing.chosen(session, request, kind)
    access.permit(session, shelf, actor, request, "assessment.acknowledge")
    choosing.still_open(row, request)
    if body.country not in countries_of(session, [request.id])[request.id]:
        raise Invalid("acknowledgement.country", f"{body.country} is not part of this request.")
    if body.country not in actor.countries("government"):
        raise Forbidden("acknowledgement.other_country", "You do not speak for that country.")
    _signed(row)
    duties.second_person(session, actor, request, {"assessment.signed_by": row.signed_by})
    if session.get(Acknowledgement, (row.id, body.country)) is not None:
        raise Conflict("acknowledgement.given", f"{body.country} has acknowledged it already.")
    session.add(
        Acknowledgement(
            assessment_id=row.id,
            country=body.country,
            by=actor.person_id,
            at=clock.now(),
            note=body.note,
        )
    )
    row.revision += 1
    told = {"assessment": row.kind, "country": body.country}
    timeline.record(session, actor, request, "assessment_acknowledged", told)
    return row


def countersign(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, kind: str | None
) -> Assessment:
    """Countersign as a second person; with nothing lacking this completes the assessment.

    Raises NotFound, Conflict, Forbidden, Blocked: by the signer, or with every lack at once.
    """
    row = choosing.chosen(session, request, kind)
    access.permit(session, shelf, actor, request, "assessment.countersign")
    choosing.still_open(row, request)
    if row.kind == "self":
        raise Conflict("assessment.one_signature", "A self-assessment has one signature.")
    _signed(row)
    if duties.same(session, actor, request, [row.signed_by]):
        same = Blocker("four_eyes.same_person", "C7", {"person": "assessment.signed_by"})
        raise Blocked("assessment.second_person", "Another person must countersign.", (same,))
    row.countersigned_by, row.countersigned_at = actor.person_id, clock.now()
    row.revision += 1
    timeline.record(session, actor, request, "assessment_countersigned", {"assessment": row.kind})
    _complete(session, shelf, actor, request, row)
    return row


def reopen(session: Session, request_id: int) -> None:
    """Take back what serves a request: its records, and the completion of its own assessment.

    One that serves other requests too stays complete for them; here a new one is planned. The
    database refuses this while help rests on it.
    """
    of_it = AssessmentRecord.request_id == request_id
    session.execute(sa.delete(AssessmentRecord).where(of_it))
    row = session.scalar(
        sa.select(Assessment)
        .where(
            Assessment.request_id == request_id,
            Assessment.kind.in_(GATE),
            Assessment.status != "void",
        )
        .order_by(Assessment.id.desc())
        .limit(1)
        .with_for_update()
    )
    if row is not None and row.status == "completed" and not _lent(session, row):
        row.status, row.completed_at, row.valid_until = "running", None, None
        row.revision += 1
        choosing.unsign(session, row)
    session.flush()


def _lent(session: Session, row: Assessment) -> bool:
    """Whether a request still rests on an assessment; the caller has taken its own record away."""
    of_it = AssessmentRecord.assessment_id == row.id
    others = sa.select(AssessmentRecord.request_id).where(of_it).limit(1)
    with as_house(session):
        return session.scalar(others) is not None


def _signed(row: Assessment) -> None:
    if row.signed_by is None:
        raise Conflict("assessment.unsigned", "The assessor has not signed it yet.")


def _complete(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, row: Assessment
) -> None:
    """Complete an assessment that lacks nothing. Raises Blocked with every lack at once."""
    session.flush()
    pack = shelf.get(request.workflow, request.workflow_version)
    reasons = lacks(session, pack, [row])[row.id]
    if reasons:
        raise Blocked("assessment.incomplete", "The assessment is not complete.", reasons)
    kind = cast("AssessmentKind", row.kind)
    row.status, row.completed_at = "completed", clock.now()
    row.valid_until = valid_until(kind, row.completed_at.date())
    session.flush()
    if opens_gate(kind):
        record = AssessmentRecord(
            request_id=request.id,
            assessment_id=row.id,
            kind=row.kind,
            completed_at=row.completed_at,
            valid_until=row.valid_until,
            reused=False,
        )
        sealed.put_summary(session, record, _summary(session, pack, row))
        session.add(record)
    told = {"assessment": row.kind, "valid_until": row.valid_until.isoformat(), "cite": "F32, F41"}
    timeline.record(session, actor, request, "assessment_completed", told)


def _summary(session: Session, pack: Pack, row: Assessment) -> dict[str, Any]:
    """Return what later stages may know of an assessment."""
    record = records_of(session, [row])[row.id]
    levels = topic_levels(pack.questionnaire, record.answers, clock.today())
    numbers = sa.select(Finding.number).where(
        Finding.assessment_id == row.id, Finding.request_id == row.request_id
    )
    rights = {
        question.code
        for section in pack.questionnaire.sections
        for question in section.rights_questions
    }
    return {
        "kind": row.kind,
        "questionnaire": row.questionnaire,
        "levels": {
            topic: {"claimed": level.claimed, "evidenced": level.evidenced}
            for topic, level in levels.items()
            if level.measured
        },
        "groups": sorted({one.group for one in record.consultations}),
        **_risk(pack, record),
        "waived_areas": dict(row.waived_areas),
        "rights": {one.question: one.value for one in record.answers if one.question in rights},
        "findings": sorted(session.scalars(numbers)),
    }


def _risk(pack: Pack, record: AssessmentFacts) -> dict[str, Any]:
    """Return whether threats were assessed, when, and the regional and national factors (F17)."""
    if record.risk is None:
        return {"risk_present": False, "risk_dated": None, "risk_factors": []}
    factors = [
        record.risk.fields.get(one.code, "")
        for section in pack.questionnaire.sections
        for one in section.risk_fields
        if one.one_of == FACTORS
    ]
    return {
        "risk_present": True,
        "risk_dated": record.risk.dated.isoformat() if record.risk.dated else None,
        "risk_factors": [
            word
            for words in factors
            for word in ([words] if isinstance(words, str) else words)
            if word
        ],
    }
