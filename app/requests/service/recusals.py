"""Recusal: a person takes himself or herself out of one request, and others go on (C7)."""

from sqlalchemy.orm import Session

from app.directory import interests
from app.directory.actor import Actor
from app.directory.schemas import InterestView
from app.directory.tables import Interest
from app.policy import rights
from app.requests import timeline
from app.requests.tables import AssistanceRequest


def recuse(session: Session, actor: Actor, request: AssistanceRequest, reason: str) -> Interest:
    """Recuse oneself from a request, for good: nobody lifts a recusal. Raises Conflict, Invalid."""
    row = interests.recuse(session, actor, request.reference, reason)
    timeline.record(session, actor, request, "recused", {"cite": "C7"})
    return row


def recusals(session: Session, actor: Actor, request: AssistanceRequest) -> list[InterestView]:
    """Return the recusals of a request: all of them for desk and auditor, else one's own.

    The timeline tells everyone only that it happened.
    """
    found = interests.recusals(session, request.reference)
    if rights.reaches_beyond(actor, "list_recusals"):
        return found
    return [one for one in found if one.person_id == actor.person_id]
