"""Interests that people declare, and recusals: what ties them beyond their roles (C7)."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory import credentials
from app.directory.actor import Actor
from app.directory.schemas import InterestBody, InterestView
from app.directory.tables import CountryRow, Interest, Person
from app.kit import clock
from app.kit.errors import Conflict, Invalid, NotFound
from app.ledger import service as ledger


def declare(session: Session, actor: Actor, body: InterestBody) -> Interest:
    """Declare one's own interest in an entity or a country, from a moment on (default: now).

    Raises Invalid for an unknown country or an end before the beginning.
    """
    now = clock.now()
    begins = body.valid_from or now
    if body.valid_to is not None and body.valid_to <= begins:
        raise Invalid("interest.dates", "It cannot end before it has begun.")
    if body.kind == "country" and session.get(CountryRow, body.value) is None:
        raise Invalid("country.unknown", f"Not a Member or observer State: {body.value}.")
    row = Interest(
        person_id=_oneself(actor),
        kind=body.kind,
        value=body.value,
        reason=body.reason,
        declared_at=now,
        valid_from=begins,
        valid_to=body.valid_to,
    )
    return _keep(session, actor, row)


def end(session: Session, actor: Actor, number: int) -> Interest:
    """End one's own declared interest from this moment on; a recusal is never taken back.

    Raises NotFound, Conflict.
    """
    row = session.get(Interest, number, with_for_update=True)
    if row is None or row.person_id != actor.person_id:
        raise NotFound("interest.unknown", "You have declared no such interest.")
    now = clock.now()
    if row.kind == "request":
        raise Conflict("interest.recusal", "A recusal is not taken back.")
    if row.valid_to is not None and row.valid_to <= now:
        raise Conflict("interest.ended", "This interest has ended already.")
    row.valid_to = now
    credentials.advance_epoch(session)
    ledger.append(session, ledger.DIRECTORY, "interest_ended", actor, {"id": row.id})
    return row


def recuse(session: Session, actor: Actor, reference: str, reason: str) -> Interest:
    """Tie oneself to one request for good: one acts in it no more. Raises Conflict if it is so."""
    if any(tie.kind == "request" and tie.value == reference for tie in actor.ties):
        raise Conflict("recusal.known", "You have recused yourself from this request already.")
    now = clock.now()
    row = Interest(
        person_id=_oneself(actor),
        kind="request",
        value=reference,
        reason=reason,
        declared_at=now,
        valid_from=now,
    )
    return _keep(session, actor, row)


def _oneself(actor: Actor) -> int:
    if actor.person_id is None or actor.on_behalf is not None:
        raise Invalid("interest.oneself", "Interests are declared for oneself, in one's own name.")
    return actor.person_id


def _keep(session: Session, actor: Actor, row: Interest) -> Interest:
    session.add(row)
    credentials.advance_epoch(session)
    session.flush()
    told = {"id": row.id, "kind": row.kind, "value": row.value}
    ledger.append(session, ledger.DIRECTORY, "interest_declared", actor, told)
    return row


def interests(session: Session, person_id: int) -> Sequence[Interest]:
    """Return what a person has declared, oldest first, recusals included."""
    query = sa.select(Interest).where(Interest.person_id == person_id)
    return session.scalars(query.order_by(Interest.id)).all()


def recusals(session: Session, reference: str) -> list[InterestView]:
    """Return who has recused himself or herself from a request, oldest first."""
    query = (
        sa.select(Interest, Person.name)
        .join(Person, Person.id == Interest.person_id)
        .where(Interest.kind == "request", Interest.value == reference)
        .order_by(Interest.id)
    )
    return [
        InterestView.model_validate(row).model_copy(update={"name": name})
        for row, name in session.execute(query)
    ]


def recused(
    session: Session, references: Sequence[str], now: datetime
) -> dict[int, frozenset[str]]:
    """Return, by person, from which of these requests each has recused himself or herself."""
    query = sa.select(Interest.person_id, Interest.value).where(
        Interest.kind == "request", Interest.value.in_(references), Interest.valid_from <= now
    )
    found: dict[int, frozenset[str]] = {}
    for person, reference in session.execute(query):
        found[person] = found.get(person, frozenset()) | {reference}
    return found
