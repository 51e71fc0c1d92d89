"""What comes out of an assessment: findings, and the needs that rest on them (F32)."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.assessment.schemas import FindingBody, FindingView, NeedOnFindings
from app.assessment.service import choosing
from app.directory.actor import Actor
from app.engine.packs import Shelf
from app.kit.errors import Conflict, Invalid, NotFound
from app.requests import access, timeline
from app.requests.schemas import NeedBody, NeedView
from app.requests.service import sealed
from app.requests.service.drafts import check_need, next_number
from app.requests.service.reading import needs
from app.requests.tables import AssistanceRequest, Finding, Need, NeedFinding


def add_finding(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    made: tuple[str | None, FindingBody],
) -> FindingView:
    """Record what was found on a topic. Raises Invalid for an unknown topic; and as `to_write`."""
    kind, body = made
    assessment = choosing.to_write(session, shelf, actor, request, kind)
    pack = shelf.get(request.workflow, request.workflow_version)
    if body.topic not in pack.areas.topic_by_code:
        raise Invalid("finding.topic_unknown", f"{body.topic} is no topic of the five areas.")
    number = next_number(session, Finding, request)
    row = Finding(
        request_id=request.id, assessment_id=assessment.id, number=number, topic=body.topic
    )
    sealed.put(session, row, body.model_dump(include=set(sealed.FIELDS[Finding])))
    session.add(row)
    told = {"finding": number, "topic": body.topic}
    choosing.changed(session, actor, request, assessment, ("finding_recorded", told))
    return FindingView(number=number, **body.model_dump())


def findings(session: Session, request: AssistanceRequest) -> list[FindingView]:
    """Return every finding of the request, those of a reused assessment too, by number."""
    return [sealed.view_of(session, row, FindingView) for row in _rows(session, request)]


def _rows(session: Session, request: AssistanceRequest) -> Sequence[Finding]:
    query = sa.select(Finding).where(Finding.request_id == request.id)
    return session.scalars(query.order_by(Finding.number)).all()


def rest_need(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    body: NeedOnFindings,
) -> NeedView:
    """Add a need found by the assessment, or let one of the request's rest on findings.

    Raises NotFound for an unknown need or finding, Invalid, Conflict for a new need once help is
    under way; and as `access.permit`.
    """
    access.permit(session, shelf, actor, request, "assessment.write")
    behind = [row for row in _rows(session, request) if row.number in body.findings]
    if unknown := sorted(set(body.findings) - {row.number for row in behind}):
        told = ", ".join(map(str, unknown))
        raise NotFound("finding.unknown", f"This request has no finding {told}.")
    if body.need is not None:
        row = _found(session, shelf, request, body.need)
    else:
        row = _asked(session, request, body.number or 0)
    known = sa.select(NeedFinding.finding_id).where(NeedFinding.need_id == row.id)
    linked = set(session.scalars(known))
    session.add_all(
        NeedFinding(need_id=row.id, finding_id=one.id) for one in behind if one.id not in linked
    )
    kind = "need_found" if body.need is not None else "need_rested"
    numbers = {"need": row.number, "findings": sorted(set(body.findings))}
    timeline.record(session, actor, request, kind, numbers)
    return next(view for view in needs(session, request) if view.number == row.number)


def _found(session: Session, shelf: Shelf, request: AssistanceRequest, body: NeedBody) -> Need:
    if request.stage != "assessment":
        raise Conflict("need.too_late", "New needs are found before entities are asked.")
    if not body.text:
        raise Invalid("need.text_missing", "Say what is needed.")
    check_need(shelf.get(request.workflow, request.workflow_version), body)
    content = body.model_dump() | {"sensitivities": list(body.sensitivities)}
    number = next_number(session, Need, request)
    row = Need(request_id=request.id, number=number, origin="assessment", **content)
    session.add(row)
    session.flush()
    return row


def _asked(session: Session, request: AssistanceRequest, number: int) -> Need:
    row = session.scalar(
        sa.select(Need).where(Need.request_id == request.id, Need.number == number)
    )
    if row is None:
        raise NotFound("need.unknown", f"This request has no need {number}.")
    return row
