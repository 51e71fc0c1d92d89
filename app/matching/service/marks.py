"""The desk's word that a need is for no entity to answer, taken back or given need by need."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.engine.packs import Shelf
from app.kit.errors import Blocked, Blocker, NotFound
from app.matching.schemas import NeedMark
from app.matching.service.proposals import content_of
from app.matching.tables import ProposalRow
from app.requests import access, timeline
from app.requests.tables import AssistanceRequest, Need

TRIAGE, MATCHING = "triage.write", "matching.write"


def mark_need(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    change: tuple[int, NeedMark],
) -> Need:
    """Say of one need, by number, whether an entity is to answer for it (F2, F15); with the reason.

    A proposal that was prepared before is out of date then. Raises Conflict, Forbidden, NotFound,
    Blocked when it is to be left unserved and the latest proposal does not say that nobody may be
    asked for it.
    """
    state = shelf.get(request.workflow, request.workflow_version).definition.states[request.state]
    access.permit(session, shelf, actor, request, TRIAGE if TRIAGE in state.acts else MATCHING)
    number, body = change
    standing = sa.select(Need).where(
        Need.request_id == request.id, Need.number == number, Need.dropped.is_(False)
    )
    need = session.scalar(standing)
    if need is None:
        raise NotFound("need.unknown", f"No need {number} stands in this request.")
    if body.apart == "unserved" and number not in _unheld(session, request):
        reason = Blocker("need.somebody_eligible", "F15", {"need": number})
        raise Blocked(reason.code, "The latest proposal must show that nobody is left.", (reason,))
    told = {"need": number, "from": need.apart, "to": body.apart, "reason": body.reason}
    need.apart = body.apart
    timeline.record(session, actor, request, "need_marked", told)
    return need


def _unheld(session: Session, request: AssistanceRequest) -> set[int]:
    """Return the needs for which the proposal that is prepared now found nobody to ask."""
    query = (
        sa.select(ProposalRow)
        .where(ProposalRow.request_id == request.id, ProposalRow.status == "prepared")
        .order_by(ProposalRow.number.desc())
    )
    row = session.scalars(query.limit(1)).one_or_none()
    return {one.need for one in content_of(row).uncovered} if row else set()
