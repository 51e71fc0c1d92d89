"""One assessment may serve several requests of the same country (F49, F53, C49)."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.assessment.schemas import ReuseBody
from app.assessment.service import choosing
from app.assessment.service.facts import GATE
from app.assessment.service.plans import OPEN
from app.assessment.tables import Assessment
from app.directory.actor import Actor
from app.engine.packs import Shelf
from app.kit import clock
from app.kit.errors import Blocked, Blocker, Conflict, Invalid
from app.requests import access, timeline
from app.requests.service import sealed
from app.requests.service.drafts import next_number
from app.requests.service.reading import countries_of
from app.requests.tables import AssessmentRecord, AssistanceRequest, Finding


def reuse(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, body: ReuseBody
) -> AssessmentRecord:
    """Let the completed comprehensive assessment of another visible request serve this one too.

    Its findings are copied under new numbers, so that needs can rest on them; an own assessment
    that was under way is given up. Raises NotFound, Invalid, Conflict, Blocked (expired, other
    countries).
    """
    access.permit(session, shelf, actor, request, "assessment.write")
    if request.stage != "assessment":
        raise Conflict("assessment.reuse_too_late", "Reuse belongs to the assessment stage.")
    other = access.find(session, actor, body.assessment_of)
    if other.id == request.id:
        raise Invalid("assessment.reuse_itself", "Name another request.")
    if session.scalar(_serving(request).limit(1)) is not None:
        raise Conflict("assessment.valid_one_serves", "A valid assessment serves it already.")
    source = _source(session, request, other)
    numbers = _copy_findings(session, request, other, source)
    record = AssessmentRecord(
        request_id=request.id,
        assessment_id=source.assessment_id,
        kind=source.kind,
        completed_at=source.completed_at,
        valid_until=source.valid_until,
        reused=True,
    )
    said = sealed.summary_of(session, source)
    sealed.put_summary(session, record, {**said, "findings": numbers})
    session.add(record)
    for row in choosing.listed(session, request):
        if row.request_id == request.id and row.kind in GATE and row.status in OPEN:
            choosing.give_up(session, row)
            row.revision += 1
    told = {"of": other.reference, "valid_until": source.valid_until.isoformat(), "cite": "F49"}
    timeline.record(session, actor, request, "assessment_reused", {**told, "findings": numbers})
    return record


def _serving(request: AssistanceRequest) -> sa.Select[AssessmentRecord]:
    return sa.select(AssessmentRecord).where(
        AssessmentRecord.request_id == request.id, AssessmentRecord.valid_until >= clock.today()
    )


def _source(
    session: Session, request: AssistanceRequest, other: AssistanceRequest
) -> AssessmentRecord:
    """Return the record to reuse. Raises Blocked with every reason against."""
    query = sa.select(AssessmentRecord).where(
        AssessmentRecord.request_id == other.id, AssessmentRecord.kind == "comprehensive"
    )
    found = session.scalar(query.order_by(AssessmentRecord.valid_until.desc()).limit(1))
    if found is not None and not _stands(session, found.assessment_id):
        found = None
    countries = countries_of(session, [request.id, other.id])
    reasons = []
    if found is None:
        reasons.append(Blocker("assessment.none", "F32"))
    elif found.valid_until < clock.today():
        until = {"on": found.valid_until.isoformat()}
        reasons.append(Blocker("assessment.expired", "F32", until))
    if countries[request.id] != countries[other.id]:
        there = {"countries": ", ".join(countries[other.id])}
        reasons.append(Blocker("assessment.other_countries", "F32", there))
    if found is None or reasons:
        raise Blocked("assessment.not_reusable", "It cannot serve this request.", reasons)
    return found


def _stands(session: Session, assessment: int) -> bool:
    """Whether an assessment is complete; it is locked, so that nobody reopens it meanwhile."""
    query = sa.select(Assessment.status).where(Assessment.id == assessment).with_for_update()
    return session.scalar(query) == "completed"


def _copy_findings(
    session: Session,
    request: AssistanceRequest,
    other: AssistanceRequest,
    source: AssessmentRecord,
) -> list[int]:
    """Copy the findings that an earlier reuse has not brought; return the numbers of them all."""
    query = sa.select(Finding).where(Finding.assessment_id == source.assessment_id)
    query = query.order_by(Finding.number)
    here = session.scalars(query.where(Finding.request_id == request.id)).all()
    known = {_said(session, row) for row in here}
    there = session.scalars(query.where(Finding.request_id == other.id)).all()
    rows = [row for row in there if _said(session, row) not in known]
    first = next_number(session, Finding, request)
    copies = [
        Finding(
            request_id=request.id,
            assessment_id=row.assessment_id,
            number=number,
            topic=row.topic,
        )
        for number, row in enumerate(rows, first)
    ]
    for copy, row in zip(copies, rows, strict=True):
        sealed.put(session, copy, sealed.texts(session, row))
    session.add_all(copies)
    return [row.number for row in (*here, *copies)]


def _said(session: Session, row: Finding) -> tuple[str, ...]:
    return row.topic, *sealed.texts(session, row).values()
