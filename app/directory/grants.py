"""Which grants hold at a moment, until when that is so, and what ties a person has."""

from collections.abc import Collection
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Grant, Kind, Tie
from app.directory.tables import Delegation, Interest, RoleGrant

G = RoleGrant
PEOPLE: sa.BindParameter[Collection[int]] = sa.bindparam("people", expanding=True)
ANSWERING = sa.select(G.entity, G.starts_at, G.granted_at).where(
    G.person_id.in_(PEOPLE),
    G.role == "focal_point",
    G.entity.is_not(None),
    sa.or_(G.ended_at.is_(None), G.ended_at > sa.func.coalesce(G.starts_at, G.granted_at)),
)
LENT = (
    sa.select(G.entity, Delegation.valid_from)
    .join(G, G.id == Delegation.grant_id)
    .where(Delegation.delegate_id.in_(PEOPLE), G.role == "focal_point")
)
DECLARED = sa.select(Interest).where(Interest.person_id.in_(PEOPLE)).order_by(Interest.id)
HELD = (
    sa.select(G.role, G.country, G.entity, G.starts_at, G.ended_at)
    .where(
        G.person_id == sa.bindparam("person"),
        sa.or_(G.ended_at.is_(None), G.ended_at > sa.bindparam("now")),
    )
    .order_by(G.id)
)


def in_force(now: datetime) -> sa.ColumnElement[bool]:
    """Return the condition on `role_grants` that holds for those in force at a moment."""
    begun = sa.or_(G.starts_at.is_(None), G.starts_at <= now)
    return sa.and_(begun, sa.or_(G.ended_at.is_(None), G.ended_at > now))


def held(
    session: Session, person_id: int, now: datetime
) -> tuple[tuple[Grant, ...], datetime | None]:
    """Return the grants of a person at a moment, and when they next change by themselves."""
    rows = session.execute(HELD, {"person": person_id, "now": now}).all()
    to_come = [at for row in rows for at in (row.starts_at, row.ended_at) if at and at > now]
    grants = tuple(
        Grant(row.role, row.country, row.entity)
        for row in rows
        if row.starts_at is None or row.starts_at <= now
    )
    return grants, min(to_come, default=None)


def ties_of(session: Session, people: Collection[int]) -> tuple[Tie, ...]:
    """Return what binds these persons: entities they answer or ever answered for, and interests.

    To act for an entity by delegation binds as well (C7); a grant that ended before its moment does
    not.
    """
    meant = {"people": list(people)}
    ties = [
        Tie("entity", row.entity, row.starts_at or row.granted_at)
        for row in session.execute(ANSWERING, meant)
    ]
    ties += [Tie("entity", row.entity, row.valid_from) for row in session.execute(LENT, meant)]
    ties += [
        Tie(cast("Kind", row.kind), row.value, row.valid_from, row.valid_to)
        for row in session.scalars(DECLARED, meant)
    ]
    return tuple(ties)
