"""The second net: how a transaction tells the database whose sight it has."""

from contextlib import AbstractContextManager
from functools import lru_cache

from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.kit.rows import see, seeing
from app.policy.sight import sight_of


@lru_cache(maxsize=2048)
def words(actor: Actor) -> str:
    """Return what `access.visible` says as the policies of the database read it (`kit.rows`)."""
    return sight_of(actor.grants, actor.glass).words()


def enter(session: Session, actor: Actor) -> None:
    """Let the database itself hold the transaction at hand to what the actor may know of."""
    see(session, words(actor))


def looking_back(session: Session, actor: Actor) -> AbstractContextManager[None]:
    """Let the database show, too, what `access.witnessed` leaves to entities that are out."""
    more = " back" if sight_of(actor.grants, actor.glass).entities else ""
    return seeing(session, f"{words(actor)}{more}")


def only(session: Session, number: int) -> None:
    """Let the database hold the transaction at hand to one request, for work of the house on it."""
    see(session, f"at:{number}")
