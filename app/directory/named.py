"""Named grants to see one request: how they join the grants of the person who holds them."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import READER, Actor, Grant
from app.directory.grants import held, ties_of
from app.directory.same import numbers_in, others_of
from app.directory.tables import Person
from app.kit import clock
from app.kit.errors import NotFound
from app.kit.rows import as_house

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
    running = sa.select(N.c.id).where(
        N.c.person_id == person_id,
        N.c.part == "request",
        N.c.agreed_at.is_not(None),
        N.c.revoked_at.is_(None),
    )
    with as_house(session):  # who somebody is comes before what he or she sees
        found = session.scalars(running.order_by(N.c.id)).all()
    return tuple(Grant(READER, named=number) for number in found)


def as_actor(session: Session, person_id: int) -> Actor:
    """Return a person with all grants, as a credential would bear them.

    Raises NotFound when there is no such person, or none that is not suspended.
    """
    person = session.get(Person, person_id)
    if person is None or person.suspended_at is not None:
        raise NotFound("person.unknown", "There is no such person.")
    own, _ = held(session, person_id, clock.now())
    ties = ties_of(session, [person_id])
    grants = own + named(session, person_id)
    others = numbers_in(session.scalar(sa.select(others_of(sa.literal(person_id)))))
    return Actor(person_id, person.name, grants, person.language, ties=ties, others=others)
