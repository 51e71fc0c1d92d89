"""Named grants to see one request: how they join the grants of the person who holds them."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import READER, Actor, Grant
from app.directory.tables import Person, RoleGrant
from app.kit.errors import NotFound

N = sa.table(
    "named_grants",
    sa.column("id", sa.Integer),
    sa.column("person_id", sa.Integer),
    sa.column("part", sa.String),
    sa.column("agreed_at"),
    sa.column("revoked_at"),
)


def named(session: Session, person_id: int) -> tuple[Grant, ...]:
    """Return the named grants of a person; whether one still runs is asked where it is used."""
    held = sa.select(N.c.id).where(
        N.c.person_id == person_id,
        N.c.part == "request",
        N.c.agreed_at.is_not(None),
        N.c.revoked_at.is_(None),
    )
    return tuple(Grant(READER, named=number) for number in session.scalars(held.order_by(N.c.id)))


def as_actor(session: Session, person_id: int) -> Actor:
    """Return a person with all grants, as a credential would bear them.

    Raises NotFound when there is no such person, or none that is not suspended.
    """
    person = session.get(Person, person_id)
    if person is None or person.suspended_at is not None:
        raise NotFound("person.unknown", "There is no such person.")
    rows = sa.select(RoleGrant.role, RoleGrant.country, RoleGrant.entity)
    held = session.execute(rows.where(RoleGrant.person_id == person_id).order_by(RoleGrant.id))
    grants = tuple(Grant(role, country, entity) for role, country, entity in held)
    return Actor(person_id, person.name, grants + named(session, person_id), person.language)
