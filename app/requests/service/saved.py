"""Searches of the list of requests that a person keeps: a name and the filters, nothing found."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.kit import clock
from app.kit.errors import Conflict, NotFound
from app.requests.schemas.saved import SavedSearchBody
from app.requests.tables import SavedSearch

MOST = 50


@dataclass(frozen=True, slots=True)
class Kept:
    """A search that is kept: its number, its name, and the end of an address."""

    id: int
    name: str
    query: str


def _own(actor: Actor) -> sa.ColumnElement[bool]:
    return SavedSearch.person_id.in_(sorted(actor.persons))


def listed(session: Session, actor: Actor) -> list[Kept]:
    """Return the searches that a person keeps, by name."""
    rows = session.scalars(sa.select(SavedSearch).where(_own(actor)).order_by(SavedSearch.name))
    return [Kept(row.id, row.name, row.query) for row in rows]


def keep(session: Session, actor: Actor, body: SavedSearchBody) -> None:
    """Keep a search; one of the same name gives way. Raises Conflict past `MOST`."""
    same = (_own(actor), SavedSearch.name == body.name)
    session.execute(sa.delete(SavedSearch).where(*same))
    held = session.scalar(sa.select(sa.func.count()).select_from(SavedSearch).where(_own(actor)))
    if (held or 0) >= MOST:
        raise Conflict("search.too_many", f"One keeps at most {MOST} searches: drop one first.")
    session.add(SavedSearch(person_id=actor.person_id, at=clock.now(), **body.model_dump()))
    session.flush()


def drop(session: Session, actor: Actor, number: int) -> None:
    """Drop a search that the person keeps. Raises NotFound."""
    row = session.scalar(sa.select(SavedSearch).where(_own(actor), SavedSearch.id == number))
    if row is None:
        raise NotFound("search.unknown", "You keep no such search.")
    session.delete(row)
    session.flush()
