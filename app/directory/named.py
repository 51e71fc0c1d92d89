"""Named grants to see one request: how they join the grants of the person who holds them."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import READER, Grant

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
