"""What is still to be told: notices, how far the relays are, and who is at work."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.kit import clock
from app.kit.db import Base, table_of
from app.kit.errors import NotFound
from app.kit.pages import Page, cut, decode
from app.outbox.tables import Executor, Notice, RelayMark

LEASE = timedelta(seconds=60)
"""How long an executor that says nothing keeps its place."""
MOST_EXECUTORS = 64


@dataclass(frozen=True, slots=True)
class Telling:
    """What is to be told to one person of one event."""

    person_id: int
    event_id: int
    code: str
    at: datetime


def notices(session: Session, person_id: int, cursor: str | None, limit: int) -> Page[Notice]:
    """Return one page of a person's notices, newest first. Raises Malformed for a bad cursor."""
    query = sa.select(Notice).where(Notice.person_id == person_id)
    if cursor:
        query = query.where(Notice.id < decode(cursor, (int,))[0])
    rows = session.scalars(query.order_by(Notice.id.desc()).limit(limit + 1)).all()
    return cut(rows, limit, lambda row: [row.id])


def mark_read(session: Session, person_id: int, number: int) -> Notice:
    """Note that a person has read a notice; the first time counts. Raises NotFound."""
    query = sa.select(Notice).where(Notice.id == number, Notice.person_id == person_id)
    notice = session.scalars(query.with_for_update()).one_or_none()
    if notice is None:
        raise NotFound("notice.unknown", "There is no such notice.")
    notice.read_at = notice.read_at or clock.now()
    session.flush()
    return notice


def tell(session: Session, tellings: Iterable[Telling]) -> int:
    """Write notices, each once per person and event however often it is asked for.

    Returns how many are new.
    """
    rows = [
        {"person_id": t.person_id, "event_id": t.event_id, "code": t.code, "at": t.at}
        for t in tellings
    ]
    return add_once(session, Notice, rows)


def add_once(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> int:
    """Add rows of a table but those that are there by its constraints; return how many are new."""
    if not rows:
        return 0
    query = _insert(session, table).values(rows).on_conflict_do_nothing()
    return len(session.scalars(query.returning(table_of(table).c.id)).all())


def take_mark(session: Session, name: str) -> RelayMark:
    """Return how far a relay is, locked: a second relay of the name waits for its turn."""
    first = _insert(session, RelayMark).values(name=name, tx=0, event_id=0)
    session.execute(first.on_conflict_do_nothing())
    query = sa.select(RelayMark).where(RelayMark.name == name).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def move_mark(session: Session, mark: RelayMark, tx: int, event_id: int) -> None:
    """Note that everything up to this event has been told."""
    mark.tx, mark.event_id = tx, event_id
    session.flush()


def take_place(session: Session, holder: str) -> str:
    """Give a process the first place that is free or abandoned, and return its name.

    The lowest name is taken again and again, so that what a dead process left is found by the next
    one to stand in its place. Raises NotFound when every place is held.
    """
    now = moment(session)
    for number in range(1, MOST_EXECUTORS + 1):
        row = {"name": f"executor-{number}", "holder": holder, "seen_at": now}
        taken = (
            _insert(session, Executor)
            .values(row)
            .on_conflict_do_update(
                index_elements=["name"],
                set_={"holder": holder, "seen_at": now},
                where=Executor.seen_at < now - LEASE,
            )
            .returning(Executor.name)
        )
        name: str | None = session.scalars(taken).one_or_none()
        if name is not None:
            return name
    raise NotFound("executor.no_place", f"All {MOST_EXECUTORS} places for executors are held.")


def keep_place(session: Session, name: str, holder: str) -> bool:
    """Say that the process still lives; False when another has taken its place meanwhile."""
    kept = sa.update(Executor).where(Executor.name == name, Executor.holder == holder)
    query = kept.values(seen_at=moment(session)).returning(Executor.name)
    return session.scalars(query).one_or_none() is not None


def leave_place(session: Session, name: str, holder: str) -> None:
    """Give a place back at an orderly end."""
    mine = sa.and_(Executor.name == name, Executor.holder == holder)
    session.execute(sa.delete(Executor).where(mine))


def abandoned(session: Session) -> Sequence[str]:
    """Return the places whose process is dead, locked, so that nobody takes one meanwhile."""
    query = sa.select(Executor.name).where(Executor.seen_at < moment(session) - LEASE)
    return session.scalars(query.with_for_update(skip_locked=True)).all()


def clear_places(session: Session, names: Sequence[str]) -> None:
    """Free the places whose work has been taken over."""
    session.execute(sa.delete(Executor).where(Executor.name.in_(names)))


def moment(session: Session) -> datetime:
    """Return the present moment by the clock that all processes share: the database's."""
    if session.get_bind().dialect.name == "postgresql":
        found: datetime = session.scalars(sa.select(sa.func.clock_timestamp())).one()
        return found.astimezone(UTC)
    return clock.now()


def _insert(session: Session, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT that knows ON CONFLICT, which each dialect spells for itself."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
