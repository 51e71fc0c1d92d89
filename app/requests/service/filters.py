"""What a list of requests may be narrowed to, and in which order it may stand.

Every filter must stay flat as requests grow to a million: bench/ holds the lists to that.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from app.directory.actor import Actor
from app.directory.same import numbers_of
from app.directory.tables import CountryGroup, CountryRow
from app.kit import clock
from app.kit.db import table_of
from app.requests.service import words
from app.requests.tables import AssistanceRequest, Involvement, Need, RequestCountry

R = table_of(AssistanceRequest)
C = table_of(RequestCountry)
I = table_of(Involvement)  # noqa: E741 - one letter a table, as elsewhere
N = table_of(Need)
P = table_of(CountryRow)
G = table_of(CountryGroup)
ENDED = "ended"
"""The stage of what is over."""

Standing = Literal["asked", "accepted", "declined", "released", "left"]
"""How an entity stands to a request it was asked about."""
Part = Literal["lead", "support"]
"""As what an entity was asked."""
Sort = Literal["-filed", "filed", "-updated", "updated", "due"]
ORDERS: dict[Sort, tuple[sa.Column[datetime] | None, bool]] = {
    "-filed": (None, True),
    "filed": (None, False),
    "-updated": (R.c.updated_at, True),
    "updated": (R.c.updated_at, False),
    "due": (R.c.due_at, False),
}
"""By which moment a list is ordered (ids are given out in the order of filing), and if downward."""


def in_force(held: sa.FromClause = G) -> sa.ColumnElement[bool]:
    """Return the condition that a country's membership in a group holds today."""
    today = sa.func.current_date()
    begun = sa.or_(held.c.valid_from.is_(None), held.c.valid_from <= today)
    return sa.and_(begun, sa.or_(held.c.valid_to.is_(None), held.c.valid_to > today))


def _of(owner: sa.Column[int], *which: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(owner == R.c.id, *which).correlate(R)


def _is(column: sa.Column[str], name: str) -> sa.ColumnElement[bool]:
    return column == sa.bindparam(name)


ANY_OF = {
    R.c.state: tuple(f"state_{n}" for n in range(30)),
    R.c.stage: tuple(f"stage_{n}" for n in range(10)),
}
"""Filters of which several may be given: a value each, so that the statement stays the same."""
ASKED_FOR = N.c.dropped.is_(False)
CONDITIONS: dict[str, sa.ColumnElement[bool]] = {
    "updated_since": R.c.updated_at >= sa.bindparam("updated_since"),
    "mine": R.c.created_by.in_(numbers_of(sa.bindparam("mine"))),
    "open": R.c.stage != sa.bindparam("open"),
    "overdue": R.c.due_at < sa.bindparam("overdue"),
    "country": _of(C.c.request_id, _is(C.c.country, "country")),
    "region": _of(C.c.request_id, P.c.alpha3 == C.c.country, _is(P.c.region, "region")),
    "group": _of(C.c.request_id, G.c.country == C.c.country, _is(G.c.group, "group"), in_force()),
    "area": _of(N.c.request_id, _is(N.c.area, "area"), ASKED_FOR),
    "topic": _of(N.c.request_id, _is(N.c.topic, "topic"), ASKED_FOR),
    "entity": _of(I.c.request_id, _is(I.c.entity, "entity")),
    "standing": _of(I.c.request_id, _is(I.c.entity, "entity"), _is(I.c.standing, "standing")),
    "part": _of(I.c.request_id, _is(I.c.entity, "entity"), _is(I.c.part, "part")),
    **words.CONDITIONS,
}
"""What a filter asks of a request, by its name, which is also the name of its value."""


@dataclass(frozen=True, slots=True)
class Search:
    """What a list is narrowed to, all of which must hold, and its order.

    `region` is a region of M49 by its English name, `group` one of countries (LDC, ECA), as of
    today; a need that was dropped counts for no area or topic; `standing` and `part` are those of
    `entity`, which must be given with them. `begun`: words of `q` may be the beginnings of words.
    """

    state: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    country: str | None = None
    region: str | None = None
    group: str | None = None
    area: str | None = None
    topic: str | None = None
    entity: str | None = None
    standing: str | None = None
    part: str | None = None
    q: str | None = None
    begun: bool = False
    updated_since: datetime | None = None
    open: bool = False
    overdue: bool = False
    mine: bool = False
    sort: Sort = "-filed"


PLAIN = (
    "country",
    "region",
    "group",
    "area",
    "topic",
    "entity",
    "standing",
    "part",
    "updated_since",
)


def values_of(actor: Actor, search: Search, *, sqlite: bool) -> dict[str, Any]:
    """Return the values of the conditions that a search names, and of no other."""
    own: dict[str, Any] = {
        **dict(zip(ANY_OF[R.c.state], search.state, strict=False)),
        **dict(zip(ANY_OF[R.c.stage], search.stage, strict=False)),
        **{name: getattr(search, name) for name in PLAIN},
        "open": ENDED if search.open else None,
        "overdue": clock.now() if search.overdue else None,
        "mine": (actor.person_id or 0) if search.mine else None,
    }
    given = {name: value for name, value in own.items() if value not in (None, "")}
    return given | words.asked(search.q, sqlite=sqlite, begun=search.begun)
