"""What its time ends: rows past their term, requests that ended long ago, drafts left alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.engine.packs import Shelf
from app.kit.db import table_of
from app.requests.tables import AssistanceRequest
from app.retention.classes import Term
from app.retention.service.erasing import final
from app.retention.tables import Erasure, LegalHold

R = table_of(AssistanceRequest)
H = table_of(LegalHold)


@dataclass(frozen=True, slots=True)
class Over:
    """A request whose time is over: since when it counts, and whether a hold keeps it."""

    reference: str
    since: datetime
    draft: bool
    held: bool


def due(session: Session, term: Term, now: datetime) -> tuple[int, datetime | None]:
    """Return how many rows are past their term, and the oldest moment among them."""
    since = table_of(term.rows).c[term.since]
    count, oldest = session.execute(
        sa.select(sa.func.count(since), sa.func.min(since)).where(since < now - term.after)
    ).one()
    return count, oldest


def drop(session: Session, term: Term, now: datetime, batch: int) -> int:
    """Drop up to `batch` rows that are past their term; return how many."""
    table = table_of(term.rows)
    keys = list(table.primary_key.columns)
    old = sa.select(*keys).where(table.c[term.since] < now - term.after).limit(batch)
    query = sa.delete(table).where(sa.tuple_(*keys).in_(old))
    return len(session.execute(query.returning(*keys)).all())


def over(
    session: Session, shelf: Shelf, now: datetime, kept: tuple[timedelta | None, timedelta | None]
) -> Sequence[Over]:
    """Return the requests past their time, oldest first, without those erased since.

    `kept` is how long ended requests stay, and drafts that were never filed; None is for ever.
    """
    ended, left = kept
    found: list[Over] = []
    if ended is not None:
        past = sa.and_(final(shelf), R.c.since < now - ended)
        found += _past(session, past, R.c.since, draft=False)
    if left is not None:
        past = sa.and_(R.c.filed_at.is_(None), sa.not_(final(shelf)), R.c.updated_at < now - left)
        found += _past(session, past, R.c.updated_at, draft=True)
    return sorted(found, key=lambda one: one.since)


def _past(
    session: Session,
    which: sa.ColumnElement[bool],
    since: sa.ColumnElement[datetime],
    *,
    draft: bool,
) -> list[Over]:
    gone = sa.exists().where(Erasure.request_id == R.c.id, Erasure.erased_at >= since).correlate(R)
    held = sa.exists().where(H.c.request_id == R.c.id, H.c.lifted_at.is_(None)).correlate(R)
    query = sa.select(R.c.reference, since, held).where(which, ~gone)
    return [
        Over(reference, at, draft=draft, held=kept)
        for reference, at, kept in session.execute(query)
    ]
