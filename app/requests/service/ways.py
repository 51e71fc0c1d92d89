"""Along what a list of requests is read: the way on which the fewest rows are looked at.

Building a statement costs more than running it, so each shape is built once and only its values
change.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.directory.actor import Actor, Grant
from app.policy.sight import sight_of
from app.requests import concerns
from app.requests.access import AT_WORK, only_country, only_entity, visible
from app.requests.nearness import gathered, wide
from app.requests.service import words
from app.requests.service.filters import ANY_OF, ASKED_FOR, CONDITIONS, ORDERS, C, I, N, R, Sort

OF_ENTITY = {"standing": I.c.standing, "part": I.c.part}
"""What may be asked of the entity that is asked for."""
Way = tuple[sa.Select[Any], sa.ColumnElement[int]]
"""The query of a list, and the id that it is read by."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a statement depends on: all but the values; `given` names those.

    `rare`: its words stand in few requests, or it is not known that they stand in many.
    """

    grants: tuple[Grant, ...]
    given: frozenset[str]
    sort: Sort
    sqlite: bool
    rare: bool = False

    @property
    def near(self) -> bool:
        """Whether the reader sees requests of some countries, entities or names alone."""
        return not wide(sight_of(self.grants))


def conditions(grants: tuple[Grant, ...], given: frozenset[str]) -> sa.Select[Any]:
    """Return the query for what one may see, with every condition but the words of the index."""
    once = given - {"entity"} if given & OF_ENTITY.keys() else given  # these are the entity's
    asked = [condition for name, condition in CONDITIONS.items() if name in once]
    for column, names in ANY_OF.items():
        some: list[Any] = [sa.bindparam(name) for name in names if name in given]
        asked += [column.in_(some)] if some else []
    if "entity" in given:
        asked += concerns.askable(grants)
    return sa.select(R).where(visible(Actor(None, "", grants)), *asked)


def way_of(shape: Shape) -> Way:
    """Return along what a list of this shape is read.

    Where words, one country, one entity or one topic are asked for, it is that index: filtering all
    requests by it would look at more of them the rarer it is. Common words are asked of each row
    where another order is wanted, or the reader's own requests are few.
    """
    if "words" not in shape.given:
        return _along(shape)
    if not shape.rare and _by_row(shape):
        query, key = _along(shape)
        return query.where(_holding(shape)), key
    holds, owner = words.holding(sqlite=shape.sqlite)
    query = conditions(shape.grants, shape.given)
    if shape.rare and not shape.sqlite:
        found = words.gathered()
        return query.join(found, found.c.request_id == R.c.id), found.c.request_id
    return query.join(words.W, owner == R.c.id).where(holds), owner


def _by_row(shape: Shape) -> bool:
    """Whether common words are asked of the rows on another way than theirs.

    SQLite is slow to ask it of one row: it does so only where it would sort all that it found.
    """
    return ORDERS[shape.sort][0] is not None if shape.sqlite else shape.near


def _holding(shape: Shape) -> sa.ColumnElement[bool]:
    """Return the condition on `requests` that they hold the words, not to be read along.

    Asked of one row at a time; but for who sees few requests SQLite gathers all that hold them.
    """
    holds, owner = words.holding(sqlite=shape.sqlite)
    if shape.sqlite and shape.near:
        return (R.c.id + 0).in_(sa.select(owner).where(holds))
    one = sa.select(sa.true()).where(owner == R.c.id, holds).select_from(words.W)
    return one.correlate(R).scalar_subquery().is_(sa.true())


def _along(shape: Shape) -> Way:
    """Return the way without words; what a list is read along is not asked once more of a row."""
    actor = Actor(None, "", shape.grants)
    only = only_country(actor)
    if only or "country" in shape.given:
        one = sa.bindparam("country") if "country" in shape.given else sa.literal(only)
        query = conditions(shape.grants, shape.given - {"country"})
        return query.join(C, C.c.request_id == R.c.id).where(C.c.country == one), C.c.request_id
    if "entity" in shape.given and (concerns.own_entities(actor) or not shape.near):
        return _along_entity(shape)
    if own := only_entity(actor):
        query = conditions(shape.grants, shape.given)
        query = query.join(I, I.c.request_id == R.c.id)
        return query.where(I.c.entity == own, I.c.standing.in_(AT_WORK)), I.c.request_id
    if shape.near:
        return _along_near(shape)
    if "topic" in shape.given:
        query = conditions(shape.grants, shape.given - {"topic"})
        return query.join(N, N.c.request_id == R.c.id).where(*_first_named()), N.c.request_id
    return conditions(shape.grants, shape.given), R.c.id


def _along_near(shape: Shape) -> Way:
    """Return the way along all that is near, in order already: the rest is then looked up in it."""
    ids = gathered(sight_of(shape.grants)).subquery("gathered")
    key = ids.c.request_id
    near = sa.select(key).order_by(key.asc() if shape.sort == "filed" else key.desc())
    own = near.subquery("near")
    query = conditions(shape.grants, shape.given)
    return query.join(own, own.c.request_id == R.c.id), own.c.request_id


def _along_entity(shape: Shape) -> Way:
    asked = concerns.askable(shape.grants)
    asked += [c == sa.bindparam(name) for name, c in OF_ENTITY.items() if name in shape.given]
    query = conditions(shape.grants, shape.given - {"entity", *OF_ENTITY})
    query = query.join(I, I.c.request_id == R.c.id)
    return query.where(I.c.entity == sa.bindparam("entity"), *asked), I.c.request_id


def _first_named() -> list[sa.ColumnElement[bool]]:
    """Return the conditions on `needs` for the first of a request's that names the topic."""
    other = N.alias("other_needs")
    same = (other.c.request_id == N.c.request_id, other.c.topic == N.c.topic)
    earlier = sa.exists().where(*same, other.c.number < N.c.number, other.c.dropped.is_(False))
    return [N.c.topic == sa.bindparam("topic"), ASKED_FOR, sa.not_(earlier.correlate(N))]


def moment_of(shape: Shape) -> sa.ColumnElement[Any] | None:
    """Return the moment that a list is ordered by, no index of it for who sees few requests.

    Along such an index a database looks at the requests of the whole house for the few that fit:
    what an entity is asked stands in few states, which it cannot know.
    """
    column, _ = ORDERS[shape.sort]
    if column is None or not shape.near or only_country(Actor(None, "", shape.grants)):
        return column
    return sa.func.coalesce(column, column)
