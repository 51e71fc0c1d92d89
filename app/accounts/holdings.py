"""What a person's record holds, and how it passes to the record that it is joined to.

Of a suspended record nothing comes to life again: its ways in stay closed and its roles end.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts import factors, links, sessions
from app.accounts.tables import Account
from app.directory.actor import Actor
from app.directory.tables import ApiToken, Delegation, Interest, Person, RoleGrant
from app.kit.db import UtcDateTime
from app.kit.rows import as_house
from app.outbox.tables import Notice

ID = sa.Integer
D = Delegation
NAMED = sa.table(
    "named_grants",
    *(sa.column(name, ID) for name in ("person_id", "given_by", "agreed_by", "revoked_by")),
    sa.column("revoked_at", UtcDateTime()),
)
HOOKS = sa.table("webhooks", sa.column("person_id", ID), sa.column("status", sa.String))
EVENTS = sa.table(
    "request_events", *(sa.column(name, ID) for name in ("request_id", "actor_id", "on_behalf"))
)
REQUESTS = sa.table("requests", sa.column("id", ID), sa.column("reference", sa.String))
"""Tables of rooms above, by name alone: what stands there about a person is the person's."""


def acted_on_by_both(session: Session, first: int, second: int) -> list[str]:
    """Return the references of the requests in which both numbers have acted, for the auditor."""
    acted = [
        sa.select(EVENTS.c.request_id).where(
            sa.or_(EVENTS.c.actor_id == one, EVENTS.c.on_behalf == one)
        )
        for one in (first, second)
    ]
    mine = REQUESTS.c.id.in_(acted[0]) & REQUESTS.c.id.in_(acted[1])
    query = sa.select(REQUESTS.c.reference).where(mine).order_by(REQUESTS.c.reference)
    with as_house(session):
        return list(session.scalars(query))


def hand_over(session: Session, actor: Actor, pair: tuple[Person, Person], now: datetime) -> None:
    """Let all that the second record holds be the first's; every session of both ends."""
    kept, joined = pair
    closed = now if joined.suspended_at is not None else None
    links.drop(session, joined.id)
    _ways_in(session, kept.id, joined.id, closed)
    if closed is None:
        factors.hand_over(session, kept.id, joined.id)
    factors.remove(session, joined.id)
    for person in pair:
        sessions.end_all(session, person.id)
    _roles(session, (kept.id, joined.id), now, passes=closed is None)
    _lent(session, kept.id, joined.id, now)
    _hooks(session, (kept.id, joined.id), passes=closed is None)
    for rows in (Interest, Notice):
        _rename(session, rows, kept.id, joined.id)
    with as_house(session):
        _named(session, actor, (kept.id, joined.id), now)


def _ways_in(session: Session, kept: int, joined: int, closed: datetime | None) -> None:
    mine = sa.update(Account).where(Account.person_id == joined)
    disabled = sa.func.coalesce(Account.disabled_at, closed)
    session.execute(mine.values(person_id=kept, disabled_at=disabled))
    tokens = sa.update(ApiToken).where(ApiToken.person_id == joined)
    revoked = sa.func.coalesce(ApiToken.revoked_at, closed)
    session.execute(tokens.values(person_id=kept, assured_at=None, revoked_at=revoked))


def _roles(session: Session, pair: tuple[int, int], now: datetime, *, passes: bool) -> None:
    """Let the roles of the second be the first's, those that ended too: their ties stay."""
    kept, joined = pair
    held = {
        (row.role, row.country, row.entity): row
        for row in session.scalars(sa.select(RoleGrant).where(RoleGrant.person_id == kept))
    }
    for row in session.scalars(sa.select(RoleGrant).where(RoleGrant.person_id == joined)):
        running = _in_force(row, now)
        if not passes and (row.ended_at is None or row.ended_at > now):
            row.ended_at = now
        twin = held.get((row.role, row.country, row.entity))
        if twin is None:
            row.person_id = kept
            continue
        if passes and running:
            twin.starts_at = None if _in_force(twin, now) else now
            twin.ended_at = row.ended_at
        session.execute(sa.update(D).where(D.grant_id == row.id).values(grant_id=twin.id))
        row.ended_at = min(row.ended_at or now, now)
    session.flush()


def _hooks(session: Session, pair: tuple[int, int], *, passes: bool) -> None:
    """Let the webhooks of the second be the first's; of one that was suspended they are at rest."""
    kept, joined = pair
    mine = sa.update(HOOKS).where(HOOKS.c.person_id == joined)
    if not passes:
        running = HOOKS.c.status.in_(("active", "paused"))
        session.execute(mine.where(running).values(status="disabled"))
    session.execute(mine.values(person_id=kept))


def _in_force(row: RoleGrant, now: datetime) -> bool:
    begun = row.starts_at is None or row.starts_at <= now
    return begun and (row.ended_at is None or row.ended_at > now)


def _lent(session: Session, kept: int, joined: int, now: datetime) -> None:
    """Pass on delegations; one between the two lends nothing to anybody, and is revoked."""
    pair = (kept, joined)
    between = D.person_id.in_(pair) & D.delegate_id.in_(pair)
    session.execute(sa.update(D).where(between, D.revoked_at.is_(None)).values(revoked_at=now))
    for column in (D.person_id, D.delegate_id):
        session.execute(sa.update(D).where(column == joined, ~between).values({column: kept}))


def _rename(session: Session, rows: type[Interest | Notice], kept: int, joined: int) -> None:
    mine = sa.update(rows).where(rows.person_id == joined)
    if rows is Notice:
        told = sa.select(Notice.event_id).where(Notice.person_id == kept)
        mine = mine.where(Notice.event_id.not_in(told))
    session.execute(mine.values(person_id=kept))


def _named(session: Session, actor: Actor, pair: tuple[int, int], now: datetime) -> None:
    """Pass on named grants; what one of the two gave or agreed to for the other is revoked."""
    kept, joined = pair
    n = NAMED.c
    by_oneself = n.person_id.in_(pair) & (n.given_by.in_(pair) | n.agreed_by.in_(pair))
    running = sa.update(NAMED).where(by_oneself, n.revoked_at.is_(None))
    session.execute(running.values(revoked_at=now, revoked_by=actor.person_id))
    session.execute(
        sa.update(NAMED).where(n.person_id == joined, ~by_oneself).values(person_id=kept)
    )
