"""The desk's word that a need is for no entity to answer, taken back or given need by need."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.engine.packs import Shelf
from app.kit.errors import Blocked, Blocker, Conflict, NotFound
from app.matching.optimiser import propose
from app.matching.schemas import NeedMark
from app.matching.service.gathering import gather
from app.matching.service.replacing import held, reopened
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
    Blocked when it is to be left unserved and somebody may still be asked for it.
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
    if number in {one.need for one in held(session, request.id)}:
        raise Conflict("need.answered", f"Need {number} has its responsible entity.")
    if body.apart == "unserved" and number not in _unheld(session, shelf, request):
        reason = Blocker("need.somebody_eligible", "F15", {"need": number})
        raise Blocked(reason.code, "A need is left unserved when nobody is left.", (reason,))
    told = {"need": number, "from": need.apart, "to": body.apart, "reason": body.reason}
    need.apart = body.apart
    timeline.record(session, actor, request, "need_marked", told)
    return need


def _unheld(session: Session, shelf: Shelf, request: AssistanceRequest) -> set[int]:
    """Return the needs for which nobody may be asked now."""
    pack = shelf.get(request.workflow, request.workflow_version)
    inputs = reopened(session, request.id, gather(session, pack, request))
    return {one.need for one in propose(inputs).uncovered}
