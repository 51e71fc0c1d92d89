"""What the desk settles about a new request: whose matter it is, and whether it is urgent."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.engine.packs import Shelf
from app.kit import clock
from app.kit.errors import Blocked, Blocker, Conflict
from app.requests import access, duties, timeline
from app.requests.schemas import MatterBody, UrgencyBody, UrgencySettled
from app.requests.tables import AssistanceRequest, Deadline


def decide_matter(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, body: MatterBody
) -> None:
    """Record whether the request is an internal matter of the organizations (F2).

    With the reason.
    """
    access.permit(session, shelf, actor, request, "triage.write")
    request.internal = body.internal
    request.internal_reason = body.reason
    timeline.record(
        session,
        actor,
        request,
        "matter_decided",
        {"internal": body.internal, "reason": body.reason, "cite": "F2"},
    )


def ask_urgency(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, body: UrgencyBody
) -> None:
    """Ask that a request be treated as urgent (F38), or give another reason for it.

    A confirmation rests on its reason: with another one it lapses, and a second person looks again;
    the deadline stays as it was hastened. Raises Conflict if it is refused, or the reason the same.
    """
    access.permit(session, shelf, actor, request, "urgency.ask")
    changed = request.urgency in ("asked", "confirmed") and body.reason != request.urgency_reason
    if request.urgency != "ordinary" and not changed:
        raise Conflict("urgency.settled", f"The urgent mark is already '{request.urgency}'.")
    if request.urgency == "confirmed":
        told = {"reason": request.urgency_reason}
        timeline.record(session, actor, request, "urgency_confirmation_lapsed", told)
    request.urgency_settled_by = None
    request.urgency = "asked"
    request.urgency_reason = body.reason
    request.urgency_asked_by = actor.person_id
    timeline.record(session, actor, request, "urgency_asked", {"reason": body.reason})


def settle_urgency(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, body: UrgencySettled
) -> None:
    """Confirm or refuse an urgent mark, as a second person; confirmed, it hastens the deadline.

    Raises Conflict when none is asked for, Blocked when it is the same person who asked.
    """
    access.permit(session, shelf, actor, request, "urgency.settle")
    if request.urgency != "asked":
        raise Conflict("urgency.not_asked", "Nobody has asked for urgency.")
    if duties.same(session, actor, request, [request.urgency_asked_by]):
        reason = Blocker("four_eyes.same_person", "C7", {"person": "urgency.asked_by"})
        raise Blocked("urgency.second_person", "Another person must settle it.", (reason,))
    request.urgency = "confirmed" if body.confirmed else "refused"
    request.urgency_settled_by = actor.person_id
    told = {"reason": body.reason}
    if body.confirmed:
        told |= _hasten(session, shelf, request)
    timeline.record(session, actor, request, f"urgency_{request.urgency}", told)


def _hasten(session: Session, shelf: Shelf, request: AssistanceRequest) -> dict[str, str]:
    """Bring the running deadline forward to the urgent one, and return it to be told (F38).

    The ordinary deadline ends and stays in the history.
    """
    definition = shelf.get(request.workflow, request.workflow_version).definition
    days, now = definition.states[request.state].urgent_due_days, clock.now()
    due = now + timedelta(days=days) if days else None
    if due is None or (request.due_at is not None and request.due_at <= due):
        return {}
    running = (Deadline.request_id == request.id, Deadline.ended_at.is_(None))
    session.execute(sa.update(Deadline).where(*running).values(ended_at=now))
    session.add(Deadline(request_id=request.id, state=request.state, started_at=now, due_at=due))
    request.due_at = due
    return {"due": due.isoformat()}
