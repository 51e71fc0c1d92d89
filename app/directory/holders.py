"""Who holds a role: the people behind the names that definitions use."""

from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor, Grant
from app.directory.grants import in_force
from app.directory.tables import Person, RoleGrant
from app.kit import clock


def holders(session: Session, roles: Collection[str]) -> Iterable[Actor]:
    """Return everyone who holds one of `roles` and is not suspended, with these grants alone."""
    rows = session.execute(
        sa.select(
            Person.id,
            Person.name,
            Person.language,
            RoleGrant.role,
            RoleGrant.country,
            RoleGrant.entity,
        )
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            RoleGrant.role.in_(sorted(roles)), Person.suspended_at.is_(None), in_force(clock.now())
        )
        .order_by(Person.id, RoleGrant.id)
    )
    people: dict[int, tuple[str, str, list[Grant]]] = {}
    for person_id, name, language, role, country, entity in rows:
        grants = people.setdefault(person_id, (name, language, []))[2]
        grants.append(Grant(role, country, entity))
    return [
        Actor(person_id, name, tuple(grants), language)
        for person_id, (name, language, grants) in people.items()
    ]


def names(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Return what the people with these numbers are called."""
    query = sa.select(Person.id, Person.name).where(Person.id.in_(sorted(ids)))
    return dict(session.execute(query).all())
