"""Reading dossiers: one request, lists of them, and their parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import COUNTRY_ROLES, Actor
from app.engine.definition import StateDef
from app.engine.packs import Shelf
from app.kit.pages import Page, cut, decode
from app.kit.text import Catalogue
from app.requests.access import visible
from app.requests.schemas import (
    AssignmentView,
    ElementView,
    NeedView,
    RequestLine,
    RequestView,
    StatusView,
)
from app.requests.tables import (
    Assignment,
    AssistanceRequest,
    Attachment,
    Clarification,
    Comment,
    Condition,
    Consent,
    Element,
    Finding,
    Involvement,
    Need,
    NeedFinding,
    RequestCountry,
    StandingWork,
    TextVersion,
)

R = AssistanceRequest
COUNT_CAP = 1001


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads and in which language: what every view of a request depends on."""

    actor: Actor
    language: str
    texts: Catalogue


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


def label(reader: Reader, state: StateDef) -> str:
    """Return what a state is called for this reader: staff label, or the country's."""
    text = state.public if public(reader.actor) else state.label
    return reader.texts.text(text, reader.language)


def public(actor: Actor) -> bool:
    """Whether the actor reads the country's labels: whoever acts for countries only."""
    return all(grant.role in COUNTRY_ROLES for grant in actor.grants)


def narrowed(actor: Actor, search: Search) -> sa.Select[AssistanceRequest]:
    """Return the query for what the actor may see and asked for; scope lives in the query."""
    query = sa.select(R).where(visible(actor))
    if search.state:
        query = query.where(R.state.in_(search.state))
    if search.stage:
        query = query.where(R.stage.in_(search.stage))
    if search.updated_since:
        query = query.where(R.updated_at >= search.updated_since)
    if search.mine:
        query = query.where(R.created_by == actor.person_id)
    return query.where(*_parts_with(search), *map(_mentions, (search.q or "").split()[:8]))


def _parts_with(search: Search) -> list[sa.ColumnElement[bool]]:
    """Return the conditions on what stands beside a request: country, area, entity."""
    asked = (
        (search.country, RequestCountry.request_id, RequestCountry.country),
        (search.area, Need.request_id, Need.area),
        (search.entity, Involvement.request_id, Involvement.entity),
    )
    return [
        R.id.in_(sa.select(owner).where(column == value)) for value, owner, column in asked if value
    ]


def _mentions(word: str) -> sa.ColumnElement[bool]:
    pattern = "%" + word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
    fields = (R.title, R.summary, R.reference)
    return sa.or_(*(field.ilike(pattern, escape="\\") for field in fields))


def search(
    session: Session, actor: Actor, wanted: Search, cursor: str | None, limit: int
) -> Page[AssistanceRequest]:
    """Return one page, newest filed first. Raises Malformed for a cursor that is not ours."""
    query = narrowed(actor, wanted)
    if cursor:
        query = query.where(R.id < decode(cursor, (int,))[0])
    rows = session.scalars(query.order_by(R.id.desc()).limit(limit + 1)).all()
    return cut(rows, limit, lambda row: [row.id])


def count(session: Session, actor: Actor, wanted: Search) -> tuple[int, bool]:
    """Return how many there are, and whether that is exact: counting stops at 1,000."""
    inner = narrowed(actor, wanted).with_only_columns(R.id).limit(COUNT_CAP).subquery()
    found = session.scalar(sa.select(sa.func.count()).select_from(inner)) or 0
    return min(found, COUNT_CAP - 1), found < COUNT_CAP


def countries_of(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the countries of each request, in alphabetical order of their codes."""
    found: dict[int, list[str]] = {owner: [] for owner in ids}
    rows = sa.select(RequestCountry.request_id, RequestCountry.country)
    for owner, country in session.execute(
        rows.where(RequestCountry.request_id.in_(ids)).order_by(RequestCountry.country)
    ):
        found[owner].append(country)
    return found


def line_of(
    session: Session, shelf: Shelf, reader: Reader, rows: Sequence[AssistanceRequest]
) -> list[RequestLine]:
    """Return rows as the lines of a list."""
    countries = countries_of(session, [row.id for row in rows])
    return [
        RequestLine(
            reference=row.reference,
            title=row.title,
            countries=countries[row.id],
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


def state_of(shelf: Shelf, row: AssistanceRequest) -> StateDef:
    """Return the definition of the state that a request stands in."""
    return shelf.get(row.workflow, row.workflow_version).definition.states[row.state]


def status_of(shelf: Shelf, reader: Reader, row: AssistanceRequest) -> StatusView:
    """Return the small document for pollers."""
    state = state_of(shelf, row)
    return StatusView(
        reference=row.reference,
        state=row.state,
        stage=row.stage,
        label=label(reader, state),
        turn=list(state.turn),
        revision=row.revision,
        since=row.since,
        due=row.due_at,
    )


def view_of(session: Session, shelf: Shelf, reader: Reader, row: AssistanceRequest) -> RequestView:
    """Return a request whole, with its needs."""
    follows = session.get(AssistanceRequest, row.follows) if row.follows else None
    status = status_of(shelf, reader, row)
    own = {name: getattr(row, name) for name in OWN_FIELDS}
    return RequestView(
        **status.model_dump(),
        **own,
        countries=countries_of(session, [row.id])[row.id],
        follows=follows.reference if follows else None,
        needs=needs(session, row),
    )


OWN_FIELDS = (
    *("workflow", "workflow_version", "title", "summary", "language", "authority", "sector"),
    *("regional", "cyber_labelled", "internal", "urgency", "cross_border", "framework_outcome"),
    *("created_at", "filed_at", "updated_at"),
)


def needs(session: Session, request: AssistanceRequest) -> list[NeedView]:
    """Return the needs with the numbers of the findings that each rests on."""
    behind: dict[int, list[int]] = {}
    for need_id, number in session.execute(
        sa.select(NeedFinding.need_id, Finding.number)
        .join(Finding, Finding.id == NeedFinding.finding_id)
        .where(Finding.request_id == request.id)
        .order_by(Finding.number)
    ):
        behind.setdefault(need_id, []).append(number)
    rows = session.scalars(
        sa.select(Need).where(Need.request_id == request.id).order_by(Need.number)
    )
    return [
        NeedView.model_validate(row).model_copy(update={"findings": behind.get(row.id, [])})
        for row in rows
    ]


def _of(session: Session, table: Any, request: AssistanceRequest, order: Any) -> Sequence[Any]:
    query = sa.select(table).where(table.request_id == request.id).order_by(order)
    return session.scalars(query).all()


def clarifications(session: Session, request: AssistanceRequest) -> Sequence[Clarification]:
    """Return the questions, in the order they were asked."""
    return _of(session, Clarification, request, Clarification.number)


def standing_work(session: Session, request: AssistanceRequest) -> Sequence[StandingWork]:
    """Return the recorded work of others."""
    return _of(session, StandingWork, request, StandingWork.number)


def attachments(session: Session, request: AssistanceRequest) -> Sequence[Attachment]:
    """Return the documents, oldest first."""
    return _of(session, Attachment, request, Attachment.id)


def comments(session: Session, request: AssistanceRequest) -> Sequence[Comment]:
    """Return the remarks, oldest first."""
    return _of(session, Comment, request, Comment.id)


def conditions(session: Session, request: AssistanceRequest) -> Sequence[Condition]:
    """Return the conditions of the screening."""
    return _of(session, Condition, request, Condition.number)


def consents(session: Session, request: AssistanceRequest) -> Sequence[Consent]:
    """Return what the countries decided, oldest first."""
    return _of(session, Consent, request, Consent.id)


def versions(session: Session, request: AssistanceRequest) -> Sequence[TextVersion]:
    """Return the earlier wordings, oldest first."""
    return _of(session, TextVersion, request, TextVersion.id)


def assignments(session: Session, request: AssistanceRequest) -> list[AssignmentView]:
    """Return which entity answers for which need, by an accepted match."""
    rows = session.execute(
        sa.select(Need.number, Assignment)
        .join(Need, Need.id == Assignment.need_id)
        .where(Assignment.request_id == request.id)
        .order_by(Need.number, Assignment.part, Assignment.entity)
    )
    return [
        AssignmentView(
            need=number, entity=row.entity, part=row.part, mandate=row.mandate, cite=row.cite
        )
        for number, row in rows
    ]


def elements(session: Session, shelf: Shelf, request: AssistanceRequest) -> list[ElementView]:
    """Return every cyber element to look for, with its verdict where there is one (F15)."""
    judged = {row.element: row for row in _of(session, Element, request, Element.element)}
    pack = shelf.get(request.workflow, request.workflow_version)
    return [
        ElementView(
            element=one.code,
            label=one.label,
            cite=list(one.cite),
            verdict=judged[one.code].verdict if one.code in judged else None,
            reason=judged[one.code].reason if one.code in judged else "",
        )
        for one in pack.areas.elements
    ]
