"""What is counted over all requests that somebody sees; its cost grows with their number.

Each function takes the session, the actor and the moment, and returns counts by the code of what
they are of. A request that reaches a place or topic by several of its parts counts there once: with
the first of them, which a look at its neighbours tells; counting distinct ones takes three times as
long.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.delivery.tables import Activity, Component
from app.directory.actor import Actor
from app.kit.db import table_of
from app.reports.scope import OPEN, C, I, R, compared, seen
from app.requests.service.filters import ASKED_FOR, G, N, P, in_force

A = table_of(Activity)
K = table_of(Component)
AT_WORK = ("planned", "running", "suspended")
BETWEEN = "/"
FIRST = 1
"""The number of a request's first need."""
Counts = dict[str, list[int]]
Query = sa.Select[*tuple[Any, ...]]


def states(session: Session, actor: Actor, now: datetime) -> Counts:
    """Return by state: requests, and those past their date."""
    late = sa.func.count().filter(R.c.due_at < now)
    query = sa.select(R.c.state, sa.func.count(), late).where(*seen(actor)).group_by(R.c.state)
    return _told(session, query, 1)


def regions(session: Session, actor: Actor, now: datetime) -> Counts:
    """Return by region of M49: requests, open ones, and those past their date."""
    other = P.alias("other_places")
    same = (other.c.alpha3 == OTHER.c.country, other.c.region == P.c.region)
    query = _places(P.c.region, _first(*same), now)
    query = query.join(P, P.c.alpha3 == C.c.country).where(*seen(actor))
    return _told(session, query.group_by(P.c.region), 1)


def groups(session: Session, actor: Actor, now: datetime) -> Counts:
    """Return the same by group of countries, as of today."""
    other = G.alias("other_groups")
    same = (other.c.country == OTHER.c.country, other.c.group == G.c.group, in_force(other))
    query = _places(G.c.group, _first(*same), now)
    query = query.join(G, G.c.country == C.c.country).where(in_force(), *seen(actor))
    return _told(session, query.group_by(G.c.group), 1)


OTHER = C.alias("other_countries")


def _first(*same: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Return the condition that a request has no earlier country in the same place."""
    earlier = (OTHER.c.request_id == C.c.request_id, OTHER.c.country < C.c.country)
    return sa.not_(sa.exists().where(*earlier, *same).correlate(C, P, G))


def _places(code: sa.Column[str], first: sa.ColumnElement[bool], now: datetime) -> Query:
    one = sa.func.count()
    counted = (one, one.filter(OPEN), one.filter(R.c.due_at < now))
    query = sa.select(code, *counted).select_from(R).join(C, C.c.request_id == R.c.id)
    return query.where(first)


def topics(session: Session, actor: Actor, _now: datetime) -> Counts:
    """Return by topic of an area ("D/D9"): needs, requests and open requests.

    A need that was dropped counts for none.
    """
    return _needs(session, actor, (N.c.area, N.c.topic))


def areas(session: Session, actor: Actor, _now: datetime) -> Counts:
    """Return the same by area ("D")."""
    return _needs(session, actor, (N.c.area,))


def _needs(session: Session, actor: Actor, by: tuple[sa.Column[str], ...]) -> Counts:
    other = N.alias("other_needs")
    earlier = (other.c.request_id == N.c.request_id, other.c.number < N.c.number)
    same = (other.c[column.name] == column for column in by)
    none = sa.not_(sa.exists().where(*earlier, *same, other.c.dropped.is_(False)).correlate(N))
    first = sa.or_(N.c.number == FIRST, none)  # whose neighbours need no look
    one = sa.func.count()
    query = (
        sa.select(*by, one, one.filter(first), one.filter(OPEN, first))
        .join_from(R, N, N.c.request_id == R.c.id)
        .where(ASKED_FOR, *seen(actor))
        .group_by(*by)
    )
    return _told(session, query, len(by))


def standings(session: Session, actor: Actor, _now: datetime) -> Counts:
    """Return by entity and standing ("itu/asked"): requests, open ones, and led among these."""
    one = sa.func.count()
    query = (
        sa.select(I.c.entity, I.c.standing, one, one.filter(OPEN), one.filter(OPEN, LEADS))
        .join_from(I, R, R.c.id == I.c.request_id)
        .where(*compared(actor))
        .group_by(I.c.entity, I.c.standing)
    )
    return _told(session, query, 2)


LEADS = I.c.part == "lead"


def activities(session: Session, actor: Actor, _now: datetime) -> Counts:
    """Return by entity: activities at hand, of requests that it was asked about."""
    query = (
        sa.select(K.c.entity, sa.func.count())
        .join_from(A, K, K.c.id == A.c.component_id)
        .join(R, R.c.id == A.c.request_id)
        .join(I, sa.and_(I.c.request_id == R.c.id, I.c.entity == K.c.entity))
        .where(A.c.status.in_(AT_WORK), *compared(actor))
        .group_by(K.c.entity)
    )
    return _told(session, query, 1)


def _told(session: Session, query: Query, codes: int) -> Counts:
    """Return the rows of a query by their codes, which stand first."""
    return {
        BETWEEN.join(row[:codes]): [int(one) for one in row[codes:]]
        for row in session.execute(query)
    }


COUNTED: Mapping[str, Callable[[Session, Actor, datetime], Counts]] = {
    "states": states,
    "regions": regions,
    "groups": groups,
    "topics": topics,
    "areas": areas,
    "standings": standings,
    "activities": activities,
}
"""Every count by its name."""
