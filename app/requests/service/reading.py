"""Reading dossiers: one request whole, and its parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.directory.actor import COUNTRY_ROLES, READER, Actor
from app.engine.definition import StateDef
from app.engine.packs import Shelf
from app.kit.text import Catalogue
from app.requests.access import visible
from app.requests.schemas import (
    AssignmentView,
    ClarificationView,
    ElementView,
    NeedView,
    RequestView,
    StatusView,
)
from app.requests.service import sealed
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
    Need,
    NeedFinding,
    RequestCountry,
    StandingWork,
    TextVersion,
)

R = AssistanceRequest


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads and in which language: what every view of a request depends on."""

    actor: Actor
    language: str
    texts: Catalogue


def label(reader: Reader, state: StateDef) -> str:
    """Return what a state is called for this reader: staff label, or the country's."""
    text = state.public if public(reader.actor) else state.label
    return reader.texts.text(text, reader.language)


def public(actor: Actor) -> bool:
    """Whether the actor reads the country's labels: whoever acts for countries only."""
    return all(grant.role in {*COUNTRY_ROLES, READER} for grant in actor.grants)


def countries_of(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the countries of each request, in alphabetical order of their codes."""
    found: dict[int, list[str]] = {owner: [] for owner in ids}
    rows = sa.select(RequestCountry.request_id, RequestCountry.country)
    for owner, country in session.execute(
        rows.where(RequestCountry.request_id.in_(ids)).order_by(RequestCountry.country)
    ):
        found[owner].append(country)
    return found


def state_of(shelf: Shelf, row: AssistanceRequest | sa.Row[Any]) -> StateDef:
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
    follows = sa.select(R.reference).where(R.id == row.follows, visible(reader.actor))
    status = status_of(shelf, reader, row)
    own = {name: getattr(row, name) for name in OWN_FIELDS}
    return RequestView(
        **status.model_dump(),
        **own,
        countries=countries_of(session, [row.id])[row.id],
        follows=session.scalar(follows) if row.follows else None,
        needs=needs(session, row),
    )


OWN_FIELDS = (
    *("workflow", "workflow_version", "title", "summary", "language", "authority", "sector"),
    *("regional", "cyber_labelled", "internal", "urgency", "level", "cross_border"),
    *("framework_outcome", "created_at", "filed_at", "updated_at"),
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


def clarifications(session: Session, request: AssistanceRequest) -> list[ClarificationView]:
    """Return the questions, in the order they were asked."""
    rows = _of(session, Clarification, request, Clarification.number)
    return [sealed.view_of(session, row, ClarificationView) for row in rows]


def standing_work(session: Session, request: AssistanceRequest) -> Sequence[StandingWork]:
    """Return the recorded work of others."""
    return _of(session, StandingWork, request, StandingWork.number)


def attachments(session: Session, request: AssistanceRequest) -> Sequence[Attachment]:
    """Return the documents, oldest first."""
    query = sa.select(Attachment).options(joinedload(Attachment.file))
    query = query.where(Attachment.request_id == request.id).order_by(Attachment.id)
    return session.scalars(query).all()


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


def assignments(
    session: Session, request: AssistanceRequest, own: frozenset[str] | None = None
) -> list[AssignmentView]:
    """Return which entity answers for which need, by an accepted match; `own` entities alone."""
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
        if own is None or row.entity in own
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
