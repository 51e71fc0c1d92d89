"""Succession of focal points: at a stated moment one stops and the next begins, never none or both.

The right to act is the grant: the old one ends and the new one begins at the same moment, whatever
a worker remembers. What is open belongs to the entity, so that it passes with its deadlines; what
somebody had not sent by then is no act any more (F53, fc).
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium.schemas import FocalPointView, SuccessionBody
from app.compendium.tables import FocalPoint
from app.directory.actor import Actor
from app.directory.credentials import advance_epoch
from app.directory.grants import in_force
from app.directory.tables import Person, RoleGrant
from app.kit import clock
from app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from app.ledger import service as ledger

F = FocalPoint
ROLE = "focal_point"


def succeed(session: Session, actor: Actor, number: int, body: SuccessionBody) -> FocalPointView:
    """Let a person succeed a focal point at a moment, with the role from then on.

    Raises NotFound, Forbidden to oneself, Conflict for one that has ended or does not act, or a
    successor who acts already, Invalid for a moment or a person that cannot be.
    """
    row = session.get(F, number, with_for_update=True)
    if row is None:
        raise NotFound("focal_point.unknown", f"There is no focal point {number}.")
    if row.valid_to is not None:
        raise Conflict("focal_point.ended", f"It ended on {row.valid_to.isoformat()} already.")
    if body.person_id in actor.persons:
        raise Forbidden("grant.oneself", "Nobody grants a role to himself or herself.")
    now = clock.now()
    if body.at < now or body.at.date() <= row.valid_from:
        raise Invalid("succession.moment", "Name a moment to come, on a later day than it began.")
    person = _successor(session, row, body.person_id)
    _hand_over(session, actor, row, (body, now))
    new = FocalPoint(
        entity=row.entity,
        person_id=person.id,
        part=row.part,
        valid_from=body.at.date(),
        begins_at=body.at,
        recorded_at=now,
    )
    row.valid_to, row.closed_at = body.at.date(), now
    session.add(new)
    advance_epoch(session)
    session.flush()
    told = {"entity": row.entity, "from": row.person_id, "to": person.id}
    ledger.append(
        session, "grants", "focal_point_succeeded", actor, told | {"at": clock.stamp(body.at)}
    )
    return view_of(new, person.name)


def _successor(session: Session, row: FocalPoint, person_id: int) -> Person:
    person = session.get(Person, person_id)
    if person is None or person.program or person.suspended_at or person_id == row.person_id:
        raise Invalid("succession.person", "Name another person who is active here.")
    holds = sa.select(RoleGrant.id).where(
        RoleGrant.person_id == person_id, *_for(row.entity), _not_over(clock.now())
    )
    if session.scalar(holds.limit(1)) is not None:
        raise Conflict("succession.holds_already", "That person acts for the entity already.")
    return person


def _hand_over(
    session: Session, actor: Actor, row: FocalPoint, wish: tuple[SuccessionBody, datetime]
) -> None:
    """End the grants of the one and begin that of the other at the same moment."""
    body, now = wish
    held = sa.select(RoleGrant).where(
        RoleGrant.person_id == row.person_id, *_for(row.entity), in_force(now)
    )
    before = session.scalars(held.with_for_update()).all()
    if not before:
        raise Conflict("succession.not_acting", "The present focal point does not hold the role.")
    for grant in before:
        grant.ended_at = body.at
    session.add(
        RoleGrant(
            person_id=body.person_id,
            role=ROLE,
            entity=row.entity,
            granted_by=actor.person_id,
            granted_at=now,
            starts_at=body.at,
        )
    )


def _for(entity: str) -> tuple[sa.ColumnElement[bool], ...]:
    return RoleGrant.role == ROLE, RoleGrant.entity == entity


def _not_over(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(RoleGrant.ended_at.is_(None), RoleGrant.ended_at > now)


def view_of(row: FocalPoint, name: str, known_at: datetime | None = None) -> FocalPointView:
    """Return a focal point as it is shown, with its end as far as that was known at a moment."""
    unknown = row.closed_at is not None and known_at is not None and row.closed_at > known_at
    return FocalPointView(
        id=row.id,
        entity=row.entity,
        person_id=row.person_id,
        name=name,
        part=row.part,
        source=row.source,
        valid_from=row.valid_from,
        valid_to=None if unknown else row.valid_to,
        begins_at=row.begins_at,
        review_by=row.review_by,
        recorded_at=row.recorded_at,
    )
