"""What happened: the only writer of events, and how they are read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.directory.tables import Person
from app.kit import clock
from app.requests.schemas import EventView
from app.requests.tables import AssistanceRequest, RequestEvent


def record(
    session: Session,
    actor: Actor,
    request: AssistanceRequest,
    kind: str,
    data: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> int:
    """Write that something happened to a request and return the event's number.

    The number is the request's next revision: one number orders, tags and locks.
    """
    moment = at or clock.now()
    request.revision += 1
    request.updated_at = moment
    session.add(
        RequestEvent(
            request_id=request.id,
            number=request.revision,
            at=moment,
            actor_id=actor.person_id,
            kind=kind,
            data=dict(data or {}),
        )
    )
    session.flush()
    return request.revision


def read(
    session: Session, request: AssistanceRequest, after: int, limit: int
) -> Sequence[RequestEvent]:
    """Return up to `limit` events of one request with a number above `after`, oldest first."""
    query = sa.select(RequestEvent).where(
        RequestEvent.request_id == request.id, RequestEvent.number > after
    )
    return session.scalars(query.order_by(RequestEvent.number).limit(limit)).all()


def views(session: Session, events: Sequence[RequestEvent]) -> list[EventView]:
    """Return events with the names of those who caused them."""
    wanted = {event.actor_id for event in events if event.actor_id}
    people = session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(wanted)))
    names = dict(people.all())
    return [
        EventView(
            number=event.number,
            at=event.at,
            actor=names.get(event.actor_id or 0, "system"),
            kind=event.kind,
            data=event.data,
        )
        for event in events
    ]


SETTLED = "request_events.tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
"""Holds for events whose transaction can no longer be overtaken by an older one."""
