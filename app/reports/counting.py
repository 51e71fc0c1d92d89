"""What is counted over all requests that somebody sees; its cost grows with their number.

Each function takes the session, the actor and the moment, and returns counts by the code of what
they are of. A request that reaches a place or topic by several of its parts counts there once.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.delivery.tables import Activity, Component
from app.directory.actor import Actor
from app.kit.db import table_of
from app.reports.scope import ENDED, OPEN, C, I, R, compared, seen
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


def places(session: Session, actor: Actor, now: datetime) -> Counts:
    """Return by place ("region/Africa", "group/LDC"): requests, open ones, and late ones.

    Groups are those of today. Requests are counted by all of their countries, so that each is met
    once; in which places these lie is looked up afterwards.
    """
    own = sa.func.aggregate_strings(C.c.country, ",").label("countries")
    each = (
        sa.select(own, R.c.stage, R.c.due_at)
        .join_from(R, C, C.c.request_id == R.c.id)
        .where(*seen(actor))
        .group_by(R.c.id, R.c.stage, R.c.due_at)
        .subquery("each")
    )
    one = sa.func.count()
    query = sa.select(
        each.c.countries,
        *(one, one.filter(each.c.stage != ENDED), one.filter(each.c.due_at < now)),
    ).group_by(each.c.countries)
    known = _places(session)
    found: Counts = {}
    for countries, *counted in session.execute(query):
        for place in {place for country in countries.split(",") for place in known[country]}:
            _add(found, place, counted)
    return found


def _places(session: Session) -> dict[str, list[str]]:
    """Return by country its region and the groups in which it is today."""
    regions = session.execute(sa.select(P.c.alpha3, P.c.region))
    known = {country: [f"region{BETWEEN}{region}"] for country, region in regions}
    for country, group in session.execute(sa.select(G.c.country, G.c.group).where(in_force())):
        known[country].append(f"group{BETWEEN}{group}")
    return known


def needs(session: Session, actor: Actor, _now: datetime) -> Counts:
    """Return by area ("D") and topic of it ("D/D9"): needs, requests and open requests.

    A need that was dropped counts for none.
    """
    one, of_topic, of_area = sa.func.count(), _first(N.c.area, N.c.topic), _first(N.c.area)
    query = (
        sa.select(
            *(N.c.area, N.c.topic, one, one.filter(of_topic), one.filter(OPEN, of_topic)),
            *(one.filter(of_area), one.filter(OPEN, of_area)),
        )
        .join_from(R, N, N.c.request_id == R.c.id)
        .where(ASKED_FOR, *seen(actor))
        .group_by(N.c.area, N.c.topic)
    )
    found: Counts = {}
    for area, topic, many, *by_topic, every, still in session.execute(query):
        _add(found, f"{area}{BETWEEN}{topic}", [many, *by_topic])
        _add(found, area, [many, every, still])
    return found


def _first(*same: sa.Column[str]) -> sa.ColumnElement[bool]:
    """Return the condition that no earlier need of a request has the same; the first has none."""
    other = N.alias("other_needs")
    earlier = (other.c.request_id == N.c.request_id, other.c.number < N.c.number)
    alike = (other.c[column.name] == column for column in same)
    met = sa.exists().where(*earlier, *alike, other.c.dropped.is_(False)).correlate(N)
    return sa.or_(N.c.number == FIRST, sa.not_(met))


def _add(found: Counts, code: str, counted: Sequence[int]) -> None:
    """Add numbers to those of a code."""
    before = found.get(code, [0] * len(counted))
    found[code] = [int(a) + int(b) for a, b in zip(before, counted, strict=True)]


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
    "places": places,
    "needs": needs,
    "standings": standings,
    "activities": activities,
}
"""Every count by its name."""
