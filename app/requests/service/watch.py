"""What time asks of the dossier: what is due, what has happened, what may be forgotten."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.directory.tables import Person
from app.requests import concerns
from app.requests.access import (
    CONCERNED,
    Standing,
    standing_in,
    standing_of,
    within,
    witnessed,
)
from app.requests.nets import looking_back
from app.requests.tables import AssistanceRequest, RequestEvent, StoredAnswer
from app.requests.timeline import SETTLED, Ear, told

R = AssistanceRequest
E = RequestEvent
S = StoredAnswer

Place = tuple[int, int]
"""A place in the log of events: the writing transaction, then the id within it."""
START: Place = (0, 0)


@dataclass(frozen=True, slots=True)
class Due:
    """A request whose time has come; `at` and `id` order the queue."""

    at: datetime
    id: int
    workflow: str
    version: int


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of the log with the request it belongs to and the name of who acted."""

    place: Place
    request_id: int
    reference: str
    workflow: str
    version: int
    number: int
    at: datetime
    actor_id: int | None
    actor: str
    kind: str
    content: dict[str, Any]


def due(
    session: Session, states: Sequence[str], now: datetime, after: Due | None, limit: int
) -> list[Due]:
    """Return up to `limit` requests in `states` whose time is over, longest first, past `after`."""
    query = sa.select(R.due_at, R.id, R.workflow, R.workflow_version)
    query = query.where(R.state.in_(states), R.due_at < now)
    if after is not None:
        query = query.where(sa.tuple_(R.due_at, R.id) > (after.at, after.id))
    rows = session.execute(query.order_by(R.due_at, R.id).limit(limit))
    return [Due(at, owner, name, version) for at, owner, name, version in rows if at is not None]


def take_due(session: Session, one: Due, states: Sequence[str], now: datetime) -> Standing | None:
    """Lock a request that is still due and return where it stands.

    None when it has moved on meanwhile, or someone else has it in hand just now.
    """
    query = sa.select(R).where(R.id == one.id, R.state.in_(states), R.due_at < now)
    request = session.scalars(query.with_for_update(skip_locked=True)).one_or_none()
    return standing_of(session, request) if request is not None else None


def happenings(
    session: Session, after: Place, limit: int, actor: Actor | None = None
) -> list[Happening]:
    """Return up to `limit` events past a place in the log, in order, as far as `actor` sees them.

    The order is that of transactions, then of ids. On PostgreSQL ids are given before the commit,
    so that by id alone an older transaction could still put an event behind a reader's back; here
    only transactions are shown that none still under way can precede.
    """
    inner = within(actor) if actor else sa.false()  # the house reads how requests move
    own = concerns.own_entities(actor) if actor else frozenset()
    free = concerns.beyond(actor) if actor and own else sa.true()
    query = (
        sa.select(E, R.reference, R.workflow, R.workflow_version, Person.name, inner, free)
        .join(R, R.id == E.request_id)
        .outerjoin(Person, Person.id == E.actor_id)
        .where(sa.tuple_(E.tx, E.id) > after)
        .order_by(E.tx, E.id)
        .limit(limit)
    )
    if actor is not None:
        query = query.where(witnessed(actor), concerns.heard(actor))
    if session.get_bind().dialect.name == "postgresql":
        query = query.where(sa.text(SETTLED))
    with _as(session, actor):
        return [_happening(session, own, row) for row in session.execute(query).all()]


def _as(session: Session, actor: Actor | None) -> AbstractContextManager[None]:
    """Let the database show what an actor has witnessed; without one the house looks."""
    return looking_back(session, actor) if actor else nullcontext()


def _happening(session: Session, own: frozenset[str], row: Sequence[Any]) -> Happening:
    event, reference, workflow, version, name, inner, free = row
    return Happening(
        place=(event.tx, event.id),
        request_id=event.request_id,
        reference=reference,
        workflow=workflow,
        version=version,
        number=event.number,
        at=event.at,
        actor_id=event.actor_id,
        actor=name or "system",
        kind=event.kind,
        content=told(session, event, Ear(bool(inner), None if free else own)),
    )


def standings(session: Session, ids: Sequence[int]) -> dict[int, Standing]:
    """Return by id where requests stand, for the house itself and not for any person's eyes."""
    rows = session.execute(CONCERNED.where(R.id.in_(ids)))
    return {row.id: standing_in(row) for row in rows}


def seen(session: Session, actor: Actor, ids: Sequence[int]) -> frozenset[int]:
    """Return those of the events that an actor may know of."""
    query = sa.select(E.id).join(R, R.id == E.request_id)
    with _as(session, actor):
        known = query.where(E.id.in_(ids), witnessed(actor), concerns.heard(actor))
        return frozenset(session.scalars(known))


def events_named(session: Session, actor: Actor, ids: Sequence[int]) -> dict[int, tuple[str, int]]:
    """Return reference and number of events by id, as far as the actor may still know of them."""
    query = sa.select(E.id, R.reference, E.number).join(R, R.id == E.request_id)
    with _as(session, actor):
        known = query.where(E.id.in_(ids), witnessed(actor), concerns.heard(actor))
        rows = session.execute(known).all()
    return {event_id: (reference, number) for event_id, reference, number in rows}


def forget_answers(session: Session, before: datetime, limit: int) -> int:
    """Delete up to `limit` stored answers older than `before`; return how many there were."""
    old = sa.select(S.person_id, S.key).where(S.at < before).order_by(S.at).limit(limit)
    query = sa.delete(S).where(sa.tuple_(S.person_id, S.key).in_(old))
    return len(session.execute(query.returning(S.key)).all())
