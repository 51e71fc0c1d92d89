"""Of which requests the figures tell: those that the reader sees, gathered the cheap way."""

from typing import Any

import sqlalchemy as sa

from app.directory.actor import Actor
from app.kit.db import table_of
from app.policy.sight import Sight, sight_of
from app.requests import access, concerns
from app.requests.tables import AssistanceRequest, Involvement, NamedGrant, RequestCountry

R = table_of(AssistanceRequest)
I = table_of(Involvement)  # noqa: E741 - one letter a table, as elsewhere
C = table_of(RequestCountry)
ENDED = "ended"
OPEN = R.c.stage != ENDED


def wide(sight: Sight) -> bool:
    """Whether somebody sees requests of all countries: there is nothing to gather beforehand."""
    house = sight.everything or sight.desk or sight.screening or sight.program
    return house and sight.glass is None


def seen(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """Return the conditions on `requests` under which a request counts for the reader.

    `access.visible` decides. For who is bound to countries, entities or names, what these have is
    gathered first: a figure looks at every request, and would ask each of the house whose it is.
    """
    sight = sight_of(actor.grants, actor.glass)
    near = [] if wide(sight) or sight.glass else [R.c.id.in_(_gathered(sight))]
    return [*near, access.visible(actor)]


def within(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """Return the same for figures that rest on what lays a country's weaknesses open."""
    return [*seen(actor), access.within(actor)]


def compared(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """Return the same, joined to involvements, for figures that tell what entities answered.

    An entity learns of its own answers, and of no other's (`requests.concerns`).
    """
    own = concerns.own_entities(actor)
    mine = [sa.or_(I.c.entity.in_(sorted(own)), concerns.beyond(actor))] if own else []
    return [*seen(actor), *mine]


def newest(actor: Actor, key: sa.Column[int]) -> sa.ColumnElement[int]:
    """Return by what the newest rows are found: along the key, or among what was gathered.

    Whoever sees little would have the whole log read backwards for it.
    """
    return key if wide(sight_of(actor.grants, actor.glass)) else key + 0


def recent(actor: Actor, key: sa.Column[int], most: int) -> list[sa.ColumnElement[bool]]:
    """Return the condition that a row is among the last so many, for who sees all the house.

    Whoever sees little has all of theirs looked through: the last of the house may hold none.
    """
    if not wide(sight_of(actor.grants, actor.glass)):
        return []
    last = sa.select(sa.func.max(key)).correlate(None).scalar_subquery()
    return [key > last - most]


def _gathered(sight: Sight) -> sa.CompoundSelect[Any] | sa.Select[Any]:
    """Return the ids among which is all that a narrow sight shows, and some more."""
    named = table_of(NamedGrant)
    ways: list[sa.Select[Any]] = []
    if countries := sight.drafts | sight.countries | sight.programs:
        ways.append(sa.select(C.c.request_id).where(C.c.country.in_(sorted(countries))))
    if entities := sight.entities | sight.clients:
        ways.append(sa.select(I.c.request_id).where(I.c.entity.in_(sorted(entities))))
    if sight.named:
        ways.append(sa.select(named.c.request_id).where(named.c.id.in_(sorted(sight.named))))
    return sa.union(*ways) if ways else sa.select(R.c.id).where(sa.false())
