"""Entries of the decision log as they are stored: the events of requests and the other streams."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.kit.db import table_of
from app.ledger.chain import Entry, Link
from app.ledger.tables import LedgerEntry, LedgerHead
from app.requests.access import visible
from app.requests.tables import AssistanceRequest, RequestEvent
from app.requests.timeline import label, place, stream

R = table_of(AssistanceRequest)
V = table_of(RequestEvent)
E = table_of(LedgerEntry)
H = table_of(LedgerHead)
AT_ONCE = 2000
REQUEST = "request:"


@dataclass(frozen=True, slots=True)
class Stored:
    """One entry with its link (None: it was never chained), its content, and its salt if any."""

    entry: Entry
    link: Link | None
    content: Mapping[str, Any]
    salt: bytes | None


@dataclass(frozen=True, slots=True)
class Head:
    """Where a stream stands by what is kept apart from its entries.

    `version`, `standing` and `pinned` are what the row of a request says; empty elsewhere.
    """

    stream: str
    seq: int
    hash: bytes | None
    version: str = ""
    standing: str = ""
    pinned: str = ""


def stored(session: Session, streams: Sequence[str] | None = None) -> Iterator[Stored]:
    """Yield the entries of some streams, or of all, stream by stream and in order of number."""
    events = sa.select(V).order_by(V.c.request_id, V.c.number)
    others = sa.select(E).order_by(E.c.stream, E.c.seq)
    if streams is not None:
        events = events.where(V.c.request_id.in_(_requests(streams)))
        others = others.where(E.c.stream.in_(streams))
    for row in session.execute(events.execution_options(yield_per=AT_ONCE)):
        yield _event(row)
    for row in session.execute(others.execution_options(yield_per=AT_ONCE)):
        yield _entry(row)


def heads(session: Session, streams: Sequence[str] | None = None) -> dict[str, Head]:
    """Return where streams stand, by stream."""
    columns = (R.c.id, R.c.reference, R.c.workflow, R.c.workflow_version, R.c.workflow_hash)
    requests = sa.select(*columns, R.c.state, R.c.stage, R.c.revision, R.c.head)
    others = sa.select(H.c.stream, H.c.seq, H.c.hash)
    if streams is not None:
        requests = requests.where(R.c.id.in_(_requests(streams)))
        others = others.where(H.c.stream.in_(streams))
    found = {
        stream(row.id): Head(
            stream=stream(row.id),
            seq=row.revision,
            hash=row.head,
            version=label(row.workflow, row.workflow_version),
            standing=place(row.reference, row.stage, row.state),
            pinned=row.workflow_hash,
        )
        for row in session.execute(requests.execution_options(yield_per=AT_ONCE))
    }
    return found | {row.stream: Head(*row) for row in session.execute(others)}


def references(session: Session, actor: Actor, streams: Sequence[str]) -> dict[str, str]:
    """Return which requests some streams belong to, of those that the actor may know of."""
    known = sa.select(R.c.id, R.c.reference).where(R.c.id.in_(_requests(streams)), visible(actor))
    return {stream(row.id): row.reference for row in session.execute(known)}


def _requests(streams: Sequence[str]) -> list[int]:
    numbers = (one.removeprefix(REQUEST) for one in streams if one.startswith(REQUEST))
    return [int(number) for number in numbers if number.isdecimal()]


def _event(row: Any) -> Stored:
    entry = Entry(
        stream(row.request_id),
        row.number,
        row.at,
        row.actor_id,
        row.on_behalf,
        row.kind,
        row.version or "",
        row.standing or "",
        row.digest or b"",
    )
    link = None
    if row.hash is not None:
        link = Link(row.prev or b"", row.key or "", row.mac or b"", row.hash)
    return Stored(entry, link, row.data, row.salt)


def _entry(row: Any) -> Stored:
    entry = Entry(
        *(row.stream, row.seq, row.at, row.actor_id, row.on_behalf, row.action, "", ""),
        row.digest,
    )
    return Stored(entry, Link(row.prev, row.key, row.mac, row.hash), row.content, row.salt)
