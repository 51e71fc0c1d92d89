"""What happened: the only writer of events, and how they are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from app.directory.actor import Actor
from app.directory.tables import Person
from app.kit import clock
from app.kit.db import keyring_of, table_of
from app.kit.keys import Keyring
from app.kit.sealing import Place
from app.ledger import chain
from app.ledger import service as ledger
from app.ledger.chain import Entry
from app.requests import access, concerns, vault
from app.requests.schemas import EventView
from app.requests.tables import AssistanceRequest, RequestEvent

V = table_of(RequestEvent)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What happened to a request; `standing` is where it stands afterwards, `prev` its head."""

    request_id: int
    number: int
    at: datetime
    actor: Actor
    kind: str
    told: Mapping[str, Any]
    version: str
    standing: str
    prev: bytes | None


def stream(request_id: int) -> str:
    """Return the stream of the decision log that a request's events are."""
    return f"request:{request_id}"


def label(workflow: str, version: int) -> str:
    """Return a definition and its version as the decision log names them."""
    return f"{workflow}@{version}"


def place(reference: str, stage: str, state: str) -> str:
    """Return where a request stands as the decision log says it."""
    return f"{reference} {stage}/{state}"


def row_of(keyring: Keyring, happened: Occurrence) -> dict[str, Any]:
    """Return the row of an event, bound to the one before it; `hash` is the request's new head."""
    told = dict(happened.told)
    salt, digest = chain.salted(told)
    entry = Entry(
        stream=stream(happened.request_id),
        seq=happened.number,
        at=happened.at,
        actor=happened.actor.person_id,
        on_behalf=happened.actor.on_behalf,
        action=happened.kind,
        version=happened.version,
        standing=happened.standing,
        digest=digest,
    )
    link = chain.seal(keyring, entry, happened.prev or b"")
    return {
        "request_id": happened.request_id,
        "number": happened.number,
        "at": happened.at,
        "actor_id": entry.actor,
        "kind": happened.kind,
        "data": told,
        "on_behalf": entry.on_behalf,
        "version": entry.version,
        "standing": entry.standing,
        "salt": salt,
        "digest": digest,
        "prev": link.prev,
        "key": link.key,
        "mac": link.mac,
        "hash": link.hash,
    }


def begin(
    session: Session, actor: Actor, request: AssistanceRequest, told: Mapping[str, Any]
) -> None:
    """Write the first event of a request, which holds the version and hash it is pinned to."""
    _write(session, actor, request, ("request_opened", told), request.created_at)


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
    _write(session, actor, request, (kind, data or {}), moment)
    return request.revision


def _write(
    session: Session,
    actor: Actor,
    request: AssistanceRequest,
    what: tuple[str, Mapping[str, Any]],
    moment: datetime,
) -> None:
    kind, told = what
    row = row_of(
        keyring_of(session),
        Occurrence(
            request_id=request.id,
            number=request.revision,
            at=moment,
            actor=actor,
            kind=kind,
            told=told,
            version=label(request.workflow, request.workflow_version),
            standing=place(request.reference, request.stage, request.state),
            prev=request.head,
        ),
    )
    request.head = row["hash"]
    session.add(RequestEvent(**row))
    session.flush()


def erase(
    session: Session, actor: Actor, request: AssistanceRequest, number: int, reason: str
) -> None:
    """Empty for good what an event says of its matter; who, when and what kind stay, and the chain.

    That it was done is an entry of the decision log itself.
    """
    event = (V.c.request_id == request.id, V.c.number == number)
    session.execute(sa.update(V).where(*event).values(data=chain.ERASED, salt=None))
    ledger.announce_erasure(session, actor, stream(request.id), number, reason)


def read(
    session: Session,
    actor: Actor,
    request: AssistanceRequest,
    after: int,
    limit: int,
    kinds: Sequence[str] = (),
) -> Sequence[RequestEvent]:
    """Return up to `limit` events of one request with a number above `after`, oldest first.

    Of `kinds` alone where some are named. What other candidates answered is left out for who sees
    it for an entity's sake alone.
    """
    query = sa.select(RequestEvent).join(AssistanceRequest).where(concerns.heard(actor))
    query = query.where(RequestEvent.request_id == request.id, RequestEvent.number > after)
    query = query.options(undefer(RequestEvent.on_behalf))
    if kinds:
        query = query.where(RequestEvent.kind.in_(kinds))
    return session.scalars(query.order_by(RequestEvent.number).limit(limit)).all()


def kinds(session: Session, actor: Actor, request: AssistanceRequest) -> Sequence[str]:
    """Return the kinds of events of one request that somebody may hear of, in the alphabet."""
    query = sa.select(RequestEvent.kind).distinct().join(AssistanceRequest)
    query = query.where(concerns.heard(actor), RequestEvent.request_id == request.id)
    return session.scalars(query.order_by(RequestEvent.kind)).all()


def sealed(
    session: Session, request: AssistanceRequest, said: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Return texts sealed for the event that is recorded next.

    So what people said stands behind the salted digest of the event, and never in the clear.
    """
    number = request.revision + 1
    return {
        name: {vault.WHOLE: vault.seal(session, request.id, text, _place(request.id, number, name))}
        for name, text in said.items()
    }


def opened(session: Session, event: RequestEvent, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return content of an event with its texts opened; those whose key is gone are left out.

    Raises Invalid when one was changed.
    """
    found = {}
    for name, value in content.items():
        if not vault.is_sealed(value):
            found[name] = value
        elif vault.held(session, event.request_id) is not None:
            place = _place(event.request_id, event.number, name)
            found[name] = vault.unseal(session, event.request_id, value[vault.WHOLE], place)
    return found


def _place(request_id: int, number: int, name: str) -> Place:
    return Place("request_events", f"{request_id}/{number}", name)


OUTER = frozenset(
    {"trigger", "from", "to", "cite", "cause", "need", "proposal", "entities", "entity"}
    | {"country", "subject", "given", "activity", "level", "workflow", "version"}
)
"""What an event says to those who may know of a request and not read within it."""


@dataclass(frozen=True, slots=True)
class Ear:
    """How somebody hears of a request: within or not, and bound to some entities or not (None)."""

    inner: bool
    own: frozenset[str] | None = None


def ear_of(session: Session, actor: Actor, request: AssistanceRequest) -> Ear:
    """Return how an actor hears of one request."""
    inner = access.reads_within(session, actor, request)
    return Ear(inner, concerns.bounds(session, actor, request))


def told(session: Session, event: RequestEvent, ear: Ear) -> dict[str, Any]:
    """Return what an event says to a reader: all of it within, else how the request moves.

    Of what compares candidates an entity hears its own part.
    """
    content = concerns.told(event.kind, event.data, ear.own)
    if ear.inner:
        return opened(session, event, content)
    return {name: value for name, value in content.items() if name in OUTER}


def views(session: Session, events: Sequence[RequestEvent], ear: Ear) -> list[EventView]:
    """Return events with the names of those who caused them, as `told`."""
    wanted = {one for event in events for one in (event.actor_id, event.on_behalf) if one}
    people = session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(wanted)))
    names = dict(people.all())
    return [
        EventView(
            number=event.number,
            at=event.at,
            actor=names.get(event.actor_id or 0, "system"),
            on_behalf=names.get(event.on_behalf or 0),
            kind=event.kind,
            data=told(session, event, ear),
        )
        for event in events
    ]


SETTLED = "request_events.tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
"""Holds for events whose transaction can no longer be overtaken by an older one."""
