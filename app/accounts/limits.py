"""Limits of tries, kept in the database, so that all workers count together.

A try is counted, and the count committed, before what is tried: parallel guesses do not slip
through. Past the limit each further try has to wait twice as long as the one before, up to a
ceiling: guessing becomes hopeless, and no account is ever locked for good.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.accounts.tables import Attempt
from app.kit import clock, keys
from app.kit.db import keyring_of
from app.kit.errors import TooMany

LONGEST_WAIT = timedelta(hours=1)
FORGOTTEN = timedelta(days=1)
"""After so long without a try a bucket begins anew."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries within so long; `growing` waits double from there on."""

    name: str
    tries: int
    within: timedelta
    growing: bool = False


MINUTES_5 = timedelta(minutes=5)
SIGN_IN = Limit("sign_in", 10, MINUTES_5, growing=True)
SIGN_IN_ALL = Limit("sign_in_all", 1000, MINUTES_5)
SECOND_FACTOR = (
    Limit("factor_5_minutes", 5, MINUTES_5),
    Limit("factor_hour", 20, timedelta(hours=1)),
    Limit("factor_day", 50, timedelta(days=1)),
)
CHANGE = Limit("change", 10, MINUTES_5, growing=True)
RESET = Limit("reset", 5, timedelta(days=1))
RESET_PLACE = Limit("reset_place", 30, timedelta(hours=1))
LINK_PLACE = Limit("link_place", 60, timedelta(hours=1))


def take(session: Session, limits: Sequence[Limit], subject: str, now: datetime) -> None:
    """Count one try at each limit for a subject. Raises TooMany when one of them is reached.

    A refused try is not counted, so that waiting as told always helps.
    """
    waits = [_take(session, limit, _bucket(session, limit, subject), now) for limit in limits]
    longest = max(waits)
    if longest > timedelta(0):
        raise TooMany("attempts.too_many", "Too many tries; wait.", longest)


def hold_exports(session: Session, most: int, person: int | None) -> None:
    """Count one export of a person, at a door or on the command line; `most` 0 is no limit.

    Raises TooMany.
    """
    if most:
        take(session, [Limit("exports", most, timedelta(hours=1))], str(person), clock.now())


def forget(session: Session, limits: Sequence[Limit], subject: str) -> None:
    """Forget the tries of a subject: one of them was right."""
    buckets = [_bucket(session, limit, subject) for limit in limits]
    session.execute(sa.delete(Attempt).where(Attempt.bucket.in_(buckets)))


def digest_of(session: Session, purpose: str, text: str) -> str:
    """Return a keyed digest, by which equal texts are known and no text is read."""
    _, key = keyring_of(session).current(keys.INDEX)
    return hmac.new(key, f"{purpose}\n{text}".encode(), hashlib.sha256).hexdigest()


def _bucket(session: Session, limit: Limit, subject: str) -> str:
    return digest_of(session, f"attempts {limit.name}", subject)


def _take(session: Session, limit: Limit, bucket: str, now: datetime) -> timedelta:
    """Count one try and return how long it has to wait; nothing means that it is open."""
    row = _locked(session, bucket, now)
    if now >= _begins_anew(limit, row):
        row.tries, row.since = 0, now
    wait = _wait(limit, row, now)
    if wait <= timedelta(0):
        row.tries, row.last_at = row.tries + 1, now
    session.flush()
    return wait


def _begins_anew(limit: Limit, row: Attempt) -> datetime:
    """Return when the count of a row is over: a growing one, once reached, only after a day."""
    if limit.growing and row.tries >= limit.tries:
        return row.last_at + FORGOTTEN
    return row.since + limit.within


def _wait(limit: Limit, row: Attempt, now: datetime) -> timedelta:
    if row.tries < limit.tries:
        return timedelta(0)
    if not limit.growing:
        return row.since + limit.within - now
    doubled: timedelta = limit.within * 2 ** min(row.tries - limit.tries, 16)
    return row.last_at + min(doubled, LONGEST_WAIT) - now


def _locked(session: Session, bucket: str, now: datetime) -> Attempt:
    """Return the row of a bucket, locked until the transaction ends; the first try makes it."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    first = insert(Attempt).values(bucket=bucket, tries=0, since=now, last_at=now)
    session.execute(first.on_conflict_do_nothing())
    query = sa.select(Attempt).where(Attempt.bucket == bucket).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()
