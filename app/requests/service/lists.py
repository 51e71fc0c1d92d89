"""Lists of requests: searched, narrowed, by cursor, and as the lines that clients see.

Every query here must stay flat as requests grow to a million: bench/ holds it to that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.engine.packs import Shelf
from app.kit.db import table_of
from app.kit.pages import Page, cut, decode
from app.requests.access import only_country, visible
from app.requests.schemas import RequestLine
from app.requests.service.reading import Reader, label, state_of
from app.requests.tables import AssistanceRequest, Involvement, Need, RequestCountry

COUNT_CAP = 1001
R = table_of(AssistanceRequest)
C = table_of(RequestCountry)
I = table_of(Involvement)  # noqa: E741 - one letter a table, as elsewhere
N = table_of(Need)
LINE = (
    *(R.c.id, R.c.reference, R.c.workflow, R.c.workflow_version, R.c.title, R.c.state),
    *(R.c.stage, R.c.urgency, R.c.revision, R.c.since, R.c.updated_at, R.c.due_at),
    sa.select(sa.func.aggregate_strings(C.c.country, ","))
    .where(C.c.request_id == R.c.id)
    .correlate(R)
    .scalar_subquery()
    .label("countries"),
)


@dataclass(frozen=True, slots=True)
class Search:
    """What a list is narrowed to; every field is optional, and all given must hold."""

    state: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    country: str | None = None
    area: str | None = None
    entity: str | None = None
    q: str | None = None
    updated_since: datetime | None = None
    mine: bool = False


def narrowed(actor: Actor, search: Search) -> sa.Select[Any]:
    """Return the query for what the actor may see and asked for; scope lives in the query."""
    query = sa.select(R).where(visible(actor), *_own(actor, search))
    asked = (
        (search.country, C.c.request_id, C.c.country),
        (search.area, N.c.request_id, N.c.area),
        (search.entity, I.c.request_id, I.c.entity),
    )
    for value, owner, column in asked:
        if value:
            query = query.where(sa.exists().where(owner == R.c.id, column == value).correlate(R))
    return query


def _own(actor: Actor, search: Search) -> list[sa.ColumnElement[bool]]:
    """Return the conditions on the request's own row."""
    found: list[sa.ColumnElement[bool]] = [_mentions(w) for w in (search.q or "").split()[:8]]
    if search.state:
        found.append(R.c.state.in_(search.state))
    if search.stage:
        found.append(R.c.stage.in_(search.stage))
    if search.updated_since:
        found.append(R.c.updated_at >= search.updated_since)
    if search.mine:
        found.append(R.c.created_by == actor.person_id)
    return found


def _mentions(word: str) -> sa.ColumnElement[bool]:
    pattern = "%" + word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
    fields = (R.c.title, R.c.summary, R.c.reference)
    return sa.or_(*(field.ilike(pattern, escape="\\") for field in fields))


def _driven(actor: Actor, search: Search) -> tuple[sa.Select[Any], sa.ColumnElement[int]]:
    """Return the query of a list and the key it is read by.

    Where one country or one entity is asked for, the list is read along that index: filtering all
    requests by it would look at more of them the rarer it is.
    """
    query = narrowed(actor, search).with_only_columns(*LINE)
    country = search.country or only_country(actor)
    if country:
        along = query.join(C, C.c.request_id == R.c.id).where(C.c.country == country)
        return along, C.c.request_id
    if search.entity:
        along = query.join(I, I.c.request_id == R.c.id).where(I.c.entity == search.entity)
        return along, I.c.request_id
    return query, R.c.id


def search(
    session: Session, actor: Actor, wanted: Search, cursor: str | None, limit: int
) -> Page[sa.Row[Any]]:
    """Return one page, newest filed first. Raises Malformed for a cursor that is not ours."""
    query, key = _driven(actor, wanted)
    if cursor:
        query = query.where(key < decode(cursor, (int,))[0])
    rows = session.execute(query.order_by(key.desc()).limit(limit + 1)).all()
    return cut(rows, limit, lambda row: [row.id])


def count(session: Session, actor: Actor, wanted: Search) -> tuple[int, bool]:
    """Return how many there are, and whether that is exact: counting stops at 1,000."""
    query, key = _driven(actor, wanted)
    inner = query.with_only_columns(key).limit(COUNT_CAP).subquery()
    found = session.scalar(sa.select(sa.func.count()).select_from(inner)) or 0
    return min(found, COUNT_CAP - 1), found < COUNT_CAP


def line_of(
    _session: Session, shelf: Shelf, reader: Reader, rows: Sequence[sa.Row[Any]]
) -> list[RequestLine]:
    """Return rows of `search` as the lines of a list; what the database holds is not checked."""
    return [
        RequestLine.model_construct(
            reference=row.reference,
            title=row.title,
            countries=sorted(row.countries.split(",")) if row.countries else [],
            state=row.state,
            stage=row.stage,
            label=label(reader, state_of(shelf, row)),
            urgency=row.urgency,
            revision=row.revision,
            since=row.since,
            updated_at=row.updated_at,
            due=row.due_at,
        )
        for row in rows
    ]
