"""Lists of requests: searched, narrowed, ordered, and by cursor.

Every query here must stay flat as requests grow to a million: bench/ holds it to that.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.directory.tables import AccessEpoch
from app.kit.errors import Malformed
from app.kit.pages import Page, cut, decode
from app.kit.ready import Ready
from app.requests.access import visible
from app.requests.service import words
from app.requests.service.filters import ORDERS, C, R, Search, Sort, values_of
from app.requests.service.ways import Shape, conditions, moment_of, way_of

COUNT_CAP = 1001
Values = dict[str, Any]


def _sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def narrowed(session: Session, actor: Actor, search: Search) -> sa.Select[Any]:
    """Return the query for what the actor may see and asked for; scope lives in the query."""
    sqlite = _sqlite(session)
    values = values_of(actor, search, sqlite=sqlite)
    query = conditions(actor.grants, frozenset(values))
    if "words" in values:
        holds, owner = words.holding(sqlite=sqlite)
        query = query.where(R.c.id.in_(sa.select(owner).where(holds)))
    return query.params(values)


def moment_text(column: sa.Column[Any], *, sqlite: bool) -> sa.ColumnElement[str]:
    """Return a moment as text in UTC with six decimals: no datetime is made only to be written."""
    if sqlite:
        return sa.type_coerce(column, sa.String).label(column.name)
    utc = sa.func.timezone("UTC", column)
    form = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'
    return sa.func.to_char(utc, form, type_=sa.String).label(column.name)


MOMENTS = ("since", "updated_at", "due_at")
"""The moments of a line, which stand before its last column."""


def _line(*, sqlite: bool) -> list[sa.ColumnElement[Any]]:
    own = ("id", "workflow", "workflow_version", "state", "reference", "title", "language", "stage")
    countries = (
        sa.select(sa.func.aggregate_strings(C.c.country, ","))
        .where(C.c.request_id == R.c.id)
        .correlate(R)
        .scalar_subquery()
    )
    moments = (moment_text(R.c[name], sqlite=sqlite) for name in MOMENTS)
    columns = [R.c[name] for name in (*own, "urgency", "revision")]
    return [*columns, *moments, countries.label("countries")]


@lru_cache(maxsize=512)
def _page(shape: Shape) -> sa.Select[Any]:
    """Return the statement of one page."""
    query, key = way_of(shape)
    query = query.with_only_columns(*_line(sqlite=shape.sqlite))
    _, downward = ORDERS[shape.sort]
    moment = moment_of(shape)
    keys: list[sa.ColumnElement[Any]] = [key] if moment is None else [moment, R.c.id]
    if moment is not None:
        query = query.where(moment.is_not(None))
    if "after" in shape.given:
        names = ("after",) if moment is None else ("after_moment", "after")
        ends = [sa.bindparam(n, type_=k.type) for n, k in zip(names, keys, strict=True)]
        here, there = (keys[0], ends[0]) if moment is None else (sa.tuple_(*keys), sa.tuple_(*ends))
        query = query.where(here < there if downward else here > there)
    order = [one.desc() if downward else one.asc() for one in keys]
    return query.order_by(*order).limit(sa.bindparam("most"))


@lru_cache(maxsize=512)
def _ready(shape: Shape) -> Ready:
    """Return the statement of one page, made ready."""
    return Ready(_page(shape))


@lru_cache(maxsize=512)
def _counting(shape: Shape) -> sa.Select[Any]:
    """Return the statement that counts, up to `COUNT_CAP`: what a list of this order shows."""
    query, key = way_of(replace(shape, sort="-filed"))
    moment, _ = ORDERS[shape.sort]
    if moment is not None and moment.nullable:
        query = query.where(moment.is_not(None))
    inner = query.with_only_columns(key).limit(COUNT_CAP).subquery()
    return sa.select(sa.func.count()).select_from(inner)


def _asked(
    session: Session, actor: Actor, search: Search, more: dict[str, Any]
) -> tuple[Shape, dict[str, Any]]:
    """Return the shape of a search with its values."""
    sqlite = _sqlite(session)
    values = values_of(actor, search, sqlite=sqlite) | more
    asks = not sqlite or ORDERS[search.sort][0] is not None  # where it makes a difference
    rare = asks and "words" in values and words.rare(session, values["words"], sqlite=sqlite)
    return Shape(actor.grants, frozenset(values), search.sort, sqlite, rare), values


def _after(cursor: str, sort: Sort) -> dict[str, Any]:
    """Return where a page begins. Raises Malformed for a cursor of another list or order."""
    if ORDERS[sort][0] is None:
        told, last = decode(cursor, (str, int))
        after: dict[str, Any] = {"after": last}
    else:
        told, moment, last = decode(cursor, (str, str, int))
        after = {"after": last, "after_moment": _instant(moment)}
    if told != sort:
        raise Malformed("cursor.other_sort", "Use a cursor with the sort it was given for.")
    return after


def _instant(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    except ValueError:
        unread = "Use the `next` of an earlier answer as it was given."
        raise Malformed("cursor.invalid", unread) from None


def search(
    session: Session, actor: Actor, wanted: Search, cursor: str | None, limit: int
) -> Page[sa.Row[Any]]:
    """Return one page. Raises Malformed for a cursor that is not ours, or of another order."""
    after = _after(cursor, wanted.sort) if cursor else {}
    shape, values = _asked(session, actor, wanted, after)
    values["most"] = limit + 1
    if "words" in values and not shape.sqlite:  # written into the statement: each has its own
        rows: Sequence[Any] = session.connection().execute(_page(shape), values).all()
    else:
        rows = _ready(shape).rows(session, values)
    return page_of(rows, wanted.sort, limit)


@lru_cache(maxsize=512)
def _with_epoch(shape: Shape) -> Ready:
    """Return the statement of one page with the access epoch as the last column, made ready."""
    epoch = sa.select(AccessEpoch.number).scalar_subquery().label("epoch")
    return Ready(_page(shape).add_columns(epoch))


def plain(
    actor: Actor, wanted: Search, part: tuple[str | None, int], *, sqlite: bool
) -> tuple[Ready, Values]:
    """Return the statement and the values of one page (cursor and limit), for the hot way.

    The last column is the access epoch. Raises Malformed as `search`.
    """
    cursor, limit = part
    values = values_of(actor, wanted, sqlite=sqlite) | {"most": limit + 1}
    values |= _after(cursor, wanted.sort) if cursor else {}
    given = frozenset(values) - {"most"}
    return _with_epoch(Shape(actor.grants, given, wanted.sort, sqlite)), values


def page_of(rows: Sequence[Any], sort: Sort, limit: int) -> Page[Any]:
    """Return the page that `limit + 1` rows make, in the columns of `_line`."""
    moment, _ = ORDERS[sort]
    by = () if moment is None else (MOMENTS.index(moment.name) - len(MOMENTS) - 1,)
    return cut(rows, limit, lambda row: [sort, *(row[n] for n in by), row[0]])


def count(
    session: Session, actor: Actor, wanted: Search, first: Page[Any] | None = None
) -> tuple[int, bool]:
    """Return how many there are, and whether that is exact: counting stops at 1,000.

    A first page that is the last as well has told it: nothing is counted then.
    """
    if first is not None and first.next is None:
        return len(first.rows), True
    shape, values = _asked(session, actor, wanted, {})
    found = session.connection().execute(_counting(shape), values).scalar() or 0
    return min(found, COUNT_CAP - 1), found < COUNT_CAP


def beginnings(
    session: Session, actor: Actor, wanted: Sequence[Search], most: int
) -> list[list[Any]]:
    """Return the first rows of several lists, narrowed by states and the last change alone.

    In any order but that of filing, all that somebody sees of a few is looked at: here it is once
    for all of the lists.
    """
    shape = Shape(actor.grants, frozenset(), "-filed", _sqlite(session))
    if not shape.near:
        return [list(search(session, actor, one, None, most).rows) for one in wanted]
    ids: list[list[int]] = [[] for _ in wanted]
    for place, number in session.execute(_first_ids(shape, wanted, most)):
        ids[place].append(number)
    every = {number for some in ids for number in some}
    query = sa.select(*_line(sqlite=shape.sqlite)).where(R.c.id.in_(every), visible(actor))
    rows = {row[0]: row for row in session.execute(query)}
    return [[rows[number] for number in some] for some in ids]


def _first_ids(shape: Shape, wanted: Sequence[Search], most: int) -> sa.CompoundSelect[Any]:
    """Return the query for the ids with which some lists begin, with the place of each list."""
    query, _ = way_of(shape)
    seen = query.with_only_columns(R.c.id, R.c.state, R.c.due_at, R.c.updated_at).cte("seen")
    seen = seen.prefix_with("MATERIALIZED")
    parts = []
    for place, one in enumerate(wanted):
        column, downward = ORDERS[one.sort]
        moment = seen.c[column.name] if column is not None else seen.c.id
        asked: list[sa.ColumnElement[bool]] = [moment.is_not(None)]
        asked += [seen.c.state.in_(one.state)] if one.state else []
        asked += [seen.c.updated_at >= one.updated_since] if one.updated_since else []
        keys = [key.desc() if downward else key.asc() for key in (moment, seen.c.id)]
        begun = sa.select(sa.literal(place).label("place"), seen.c.id).where(*asked)
        part = begun.order_by(*keys).limit(most).subquery(f"list_{place}")
        parts.append(sa.select(part.c.place, part.c.id))
    return sa.union_all(*parts)
