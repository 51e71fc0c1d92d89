"""Anchoring: where every stream that grew stands is signed and written outside the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app.kit.db import Database, keyring_of, table_of
from app.kit.errors import Unavailable
from app.kit.rows import as_house
from app.ledger import anchors
from app.ledger.anchors import Anchor, Leaf
from app.ledger.places import AnchorPlace
from app.ledger.tables import LedgerAnchor, LedgerMark
from app.requests.service.proof.chains import REQUEST, E, H, R, V

A = table_of(LedgerAnchor)
M = table_of(LedgerMark)
MOST_LEAVES = 20_000
MOST_WAITING = 1_000
LATEST = timedelta(minutes=60)
MOST_AT_A_DOOR = 200_000
"""How many rows a log may have to be verified whole while somebody waits for the answer."""

ONE_AT_A_TIME = 0x656E74656E7465
"""The advisory lock under which anchors are written; a table's lock takes rights to change it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many entries no anchor holds yet, and since when the oldest of them waits."""

    entries: int
    since: datetime | None

    @property
    def many(self) -> bool:
        """Whether there are so many that they are not left until the next full half hour."""
        return self.entries >= MOST_WAITING

    def seconds(self, now: datetime) -> float:
        """For how long the oldest of them waits."""
        return (now - self.since).total_seconds() if self.since else 0.0

    def late(self, now: datetime) -> bool:
        """Whether an entry waits for longer than it may."""
        return self.since is not None and now - self.since > LATEST


def waiting(session: Session) -> Waiting:
    """Return what waits for an anchor, by the numbers of rows: cheap however long the log is."""
    last = session.execute(
        sa.select(A.c.event_id, A.c.entry_id).order_by(A.c.number.desc()).limit(1)
    ).one_or_none()
    event_id, entry_id = last or (0, 0)
    counted = 0
    oldest: list[datetime] = []
    for table, after in ((V, event_id), (E, entry_id)):
        highest = session.scalar(sa.select(sa.func.max(table.c.id))) or 0
        first = sa.select(table.c.at).where(table.c.id > after).order_by(table.c.id).limit(1)
        counted += max(highest - after, 0)
        oldest += session.scalars(first).all()
    return Waiting(counted if oldest else 0, min(oldest, default=None))


def hold_short(session: Session) -> None:
    """Raise Unavailable when the log is too long to be verified at a door."""
    with as_house(session):
        highest = [session.scalar(sa.select(sa.func.max(table.c.id))) or 0 for table in (V, E)]
    if sum(highest) > MOST_AT_A_DOOR:
        raise Unavailable("verification.long", "The log is long: use `entente verify`.")


def anchor_all(database: Database, place: AnchorPlace, now: datetime) -> int:
    """Anchor every stream that grew; return how many anchors were written."""
    written = 0
    while True:
        with database.writing() as session:
            if _anchor(session, place, now) is None:
                return written
        written += 1


def _anchor(session: Session, place: AnchorPlace, now: datetime) -> Anchor | None:
    """Write one anchor over at most so many streams; None when nothing has grown.

    The place comes first: should the transaction fail after it, the streams are anchored again by
    the next one. What the database remembers of anchors only spares it work.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
    event_id = session.scalar(sa.select(sa.func.max(V.c.id))) or 0
    entry_id = session.scalar(sa.select(sa.func.max(E.c.id))) or 0
    leaves = _grown(session)
    if not leaves:
        return None
    numbers = place.numbers()
    last = anchors.read(place.read(numbers[-1])) if numbers else None
    made = anchors.made(keyring_of(session), last, now, leaves)
    number = made.record.number
    place.write(number, made.text())
    row = {
        "number": number,
        "at": now,
        "digest": bytes.fromhex(made.digest),
        "count": len(leaves),
        "event_id": event_id,
        "entry_id": entry_id,
    }
    session.execute(sa.insert(A), row)
    _mark(session, number, leaves)
    return made


def _grown(session: Session) -> list[Leaf]:
    """Return streams that have more entries than were anchored, sorted by name."""
    name = sa.literal(REQUEST, sa.String) + sa.cast(R.c.id, sa.String)
    grown = (
        sa.select(name.label("stream"), R.c.revision.label("seq"), R.c.head)
        .outerjoin(M, M.c.stream == name)
        .where(R.c.head.is_not(None), sa.func.coalesce(M.c.seq, 0) < R.c.revision)
        .limit(MOST_LEAVES)
    )
    others = (
        sa.select(H.c.stream, H.c.seq, H.c.hash)
        .outerjoin(M, M.c.stream == H.c.stream)
        .where(sa.func.coalesce(M.c.seq, 0) < H.c.seq)
        .limit(MOST_LEAVES)
    )
    found = [*session.execute(grown), *session.execute(others)]
    return sorted((str(s), int(n), bytes(h).hex()) for s, n, h in found)


def _mark(session: Session, number: int, leaves: list[Leaf]) -> None:
    insert: Any = sqlite_insert if session.get_bind().dialect.name == "sqlite" else pg_insert
    statement = insert(M)
    excluded = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=["stream"], set_={"seq": excluded.seq, "anchor": excluded.anchor}
    )
    rows = [{"stream": s, "seq": n, "anchor": number} for s, n, _ in leaves]
    session.connection().execute(statement, rows)
