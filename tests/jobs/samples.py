"""Rows that the door of time works on: people with roles, and requests in a given state."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.tables import Person, RoleGrant
from app.engine.packs import Shelf
from app.kit import clock
from app.requests.service import sealed
from app.requests.tables import (
    AssistanceRequest,
    Clarification,
    RequestCountry,
    RequestEvent,
    StoredAnswer,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def enrol(session: Session, *grants: tuple[str, str | None, str | None]) -> int:
    """Enrol a person with these (role, country, entity) and return their id."""
    person = Person(name="someone", created_at=clock.now())
    session.add(person)
    session.flush()
    for role, country, entity in grants:
        scope = {"country": country, "entity": entity}
        session.add(RoleGrant(person_id=person.id, role=role, granted_at=clock.now(), **scope))
    session.flush()
    return person.id


def stand(
    session: Session, shelf: Shelf, state: str, due_at: datetime | None = None, **more: Any
) -> AssistanceRequest:
    """Return a filed request of Kenya that stands in `state`, with its opening event."""
    pack = shelf.latest("needs_assessment")
    author = enrol(session)
    at = more.pop("since", clock.now() - 40 * DAY)
    values: dict[str, Any] = {
        "workflow": pack.name,
        "workflow_version": pack.version,
        "workflow_hash": pack.sha256,
        "stage": pack.definition.states[state].stage,
        "created_by": author,
        "filed_at": at,
        "reference": f"TA-2026-{author:05}",
        "title": "Title",
    }
    request = AssistanceRequest(
        state=state,
        revision=1,
        summary="Summary",
        due_at=due_at,
        created_at=at,
        since=at,
        updated_at=at,
        **(values | more),
    )
    session.add(request)
    session.flush()
    session.add(RequestCountry(request_id=request.id, country="KEN"))
    session.add(
        RequestEvent(
            request_id=request.id, number=1, at=at, actor_id=author, kind="opened", data={}
        )
    )
    session.flush()
    return request


def question(session: Session, request: AssistanceRequest, asked_by: int, days: int) -> None:
    """Ask a question that is due in so many days."""
    row = Clarification(
        request_id=request.id,
        number=1,
        asked_by=asked_by,
        due_on=clock.today() + days * DAY,
        asked_at=clock.now() - 20 * DAY,
    )
    sealed.put(session, row, {"question": "Which ministry?"})
    session.add(row)
    session.flush()


def silent(session: Session, shelf: Shelf, hours: int = 1) -> AssistanceRequest:
    """Return a request whose question was not answered by yesterday."""
    due_at = clock.now() - hours * HOUR
    request = stand(session, shelf, "clarification", due_at, came_from="triage")
    question(session, request, request.created_by, days=-1)
    return request


def moved(
    session: Session,
    request: AssistanceRequest,
    trigger: str,
    source: str,
    target: str,
    actor_id: int | None = None,
) -> int:
    """Write the event of a move and return its id."""
    request.revision += 1
    told = {"trigger": trigger, "from": source, "to": target}
    event = RequestEvent(
        request_id=request.id,
        number=request.revision,
        at=clock.now(),
        actor_id=actor_id,
        kind="moved",
        data=told,
    )
    session.add(event)
    session.flush()
    return event.id


def last_event(session: Session, request: AssistanceRequest) -> RequestEvent:
    """Return what happened last to a request."""
    query = sa.select(RequestEvent).where(RequestEvent.request_id == request.id)
    return session.scalars(query.order_by(RequestEvent.number.desc()).limit(1)).one()


def state_of(session: Session, request: AssistanceRequest) -> str:
    """Return the state as the database has it."""
    return session.scalars(
        sa.select(AssistanceRequest.state).where(AssistanceRequest.id == request.id)
    ).one()


def answered(session: Session, person_id: int, key: str, at: datetime) -> None:
    """Keep an answer under a key."""
    session.add(
        StoredAnswer(
            person_id=person_id,
            key=key,
            fingerprint="",
            status=200,
            etag="",
            location="",
            body="",
            at=at,
        )
    )
    session.flush()
