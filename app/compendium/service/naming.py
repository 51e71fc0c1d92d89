"""Who answers for an entity: naming focal points and alternates, ending them, who is reached."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium.entries import moment_of
from app.compendium.schemas import FocalPointBody, FocalPointView
from app.compendium.succession import view_of
from app.compendium.tables import Entity, FocalPoint
from app.directory.actor import Actor
from app.directory.grants import in_force
from app.directory.tables import Person, RoleGrant
from app.kit import clock
from app.kit.errors import Conflict, Invalid, NotFound
from app.ledger import service as ledger
from app.policy import rights

F = FocalPoint


def _standing(as_of: date, known_at: datetime | None) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions for who was known to answer; an end not known yet does not count."""
    day, known = moment_of(as_of).date(), known_at or clock.now()
    open_still = sa.or_(F.valid_to.is_(None), F.valid_to > day, F.closed_at > known)
    return F.recorded_at <= known, F.valid_from <= day, open_still


def focal_points(
    session: Session, as_of: date, known_at: datetime | None = None
) -> list[FocalPointView]:
    """Return who answers for which entity on a day, as known at a moment."""
    query = (
        sa.select(F, Person.name)
        .join(Person, Person.id == F.person_id)
        .where(*_standing(as_of, known_at))
        .order_by(F.entity, F.id)
    )
    return [view_of(row, name, known_at) for row, name in session.execute(query)]


def reached(session: Session, as_of: date, known_at: datetime | None = None) -> dict[str, str]:
    """Return, by entity, who is reached on a day: the primary focal point, or else an alternate.

    Whoever is suspended by now is not reached. An entity that is not in the answer is reached by
    nobody (F53, fc).
    """
    query = (
        sa.select(F.entity, F.part)
        .join(Person, Person.id == F.person_id)
        .where(*_standing(as_of, known_at), Person.suspended_at.is_(None))
        .order_by(F.part)
    )
    return {row.entity: row.part for row in session.execute(query)}


def reachable(session: Session, day: date, known_at: datetime | None = None) -> frozenset[str]:
    """Return the entities for which a person who is not suspended answers on a day (F53, fc)."""
    return frozenset(reached(session, day, known_at))


def name_focal_point(session: Session, actor: Actor | None, body: FocalPointBody) -> FocalPointView:
    """Name the one person who answers for an entity from a day on; the one before ends that day.

    Raises Forbidden unless the actor keeps the compendium (None: the house itself does), NotFound
    for an unknown entity, Invalid for a person who is unknown or could not answer, Conflict when
    one is named from that day or a later one already.
    """
    rights.require_for(actor, "name_focal_point")
    if session.get(Entity, body.entity, with_for_update=True) is None:  # one after another
        raise NotFound("entity.unknown", f"There is no entity {body.entity}.")
    person = _able(session, body)
    now = clock.now()
    standing = sa.select(F).where(
        F.entity == body.entity,
        F.part == body.part,
        sa.or_(F.valid_to.is_(None), F.valid_to > body.valid_from),
    )
    for before in session.scalars(standing.with_for_update()):
        if before.valid_from >= body.valid_from:
            raise Conflict(
                "focal_point.named", f"One is named from {before.valid_from.isoformat()} already."
            )
        before.valid_to, before.closed_at = body.valid_from, now
    row = F(**body.model_dump(), valid_to=None, recorded_at=now)
    session.add(row)
    session.flush()
    told = body.model_dump(mode="json", exclude={"source"})
    ledger.append(session, "compendium", "focal_point_named", actor, told)
    return view_of(row, person.name)


def _able(session: Session, body: FocalPointBody) -> Person:
    """Return the person who is to be named. Raises Invalid unless the role is held now."""
    person = session.get(Person, body.person_id)
    granted = sa.select(RoleGrant.id).where(
        RoleGrant.person_id == body.person_id,
        RoleGrant.role == "focal_point",
        RoleGrant.entity == body.entity,
        in_force(clock.now()),
    )
    if person is None or session.scalar(granted.limit(1)) is None:
        raise Invalid(
            "focal_point.cannot_answer",
            f"Person {body.person_id} does not hold the role focal_point for {body.entity}.",
        )
    return person


def end_focal_point(
    session: Session, actor: Actor | None, focal_point: int, valid_to: date
) -> FocalPointView:
    """End a focal point on a day, with nobody named after it.

    Raises Forbidden, NotFound, Conflict when it has ended already, Invalid when it has not begun.
    """
    rights.require_for(actor, "end_focal_point")
    row = session.get(F, focal_point, with_for_update=True)
    if row is None:
        raise NotFound("focal_point.unknown", f"There is no focal point {focal_point}.")
    if row.valid_to is not None:
        raise Conflict("focal_point.ended", f"It ended on {row.valid_to.isoformat()} already.")
    if valid_to <= row.valid_from:
        raise Invalid("focal_point.dates", "It cannot end before it has begun.")
    row.valid_to, row.closed_at = valid_to, clock.now()
    session.flush()
    told = {"focal_point": row.id, "entity": row.entity, "valid_to": valid_to.isoformat()}
    ledger.append(session, "compendium", "focal_point_ended", actor, told)
    name = session.scalars(sa.select(Person.name).where(Person.id == row.person_id)).one()
    return view_of(row, name)
