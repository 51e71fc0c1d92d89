"""Of which requests the figures tell: those that the reader sees, gathered the cheap way."""

import sqlalchemy as sa

from app.directory.actor import Actor
from app.kit.db import table_of
from app.policy.sight import sight_of
from app.requests import access, concerns
from app.requests.nearness import gathered, wide
from app.requests.tables import AssistanceRequest, Involvement, RequestCountry

R = table_of(AssistanceRequest)
I = table_of(Involvement)  # noqa: E741 - one letter a table, as elsewhere
C = table_of(RequestCountry)
ENDED = "ended"
OPEN = R.c.stage != ENDED


def seen(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """Return the conditions on `requests` under which a request counts for the reader.

    `access.visible` decides. For who is bound to countries, entities or names, what these have is
    gathered first: a figure looks at every request, and would ask each of the house whose it is.
    """
    sight = sight_of(actor.grants, actor.glass)
    near = [] if wide(sight) or sight.glass else [R.c.id.in_(gathered(sight))]
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
