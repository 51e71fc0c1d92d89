"""What has happened, as a list and as a stream, and what a person is told of it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from fastapi import Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from app.api.deps import AtDesk, Cursor, Items, Limit, Number, page, router
from app.api.problems import ADDS, READS
from app.kit import clock
from app.kit.errors import Refusal
from app.kit.pages import decode, encode
from app.outbox import service as outbox
from app.outbox.schemas import NoticeView
from app.outbox.tables import Notice
from app.policy.rights import entitle
from app.policy.table import RULES
from app.requests.nets import enter
from app.requests.service import watch
from app.requests.service.watch import Happening, Place
from app.wiring.callers import credential_of
from app.wiring.desk import Desk
from app.wiring.house import House, present

api = router("events")
LONGEST = 60
"""Seconds that a stream lasts at most; the client comes back with the last id."""
POLL = 1.0
"""Seconds between two looks at the log."""
SILENCE = 15.0
"""Seconds after which a stream says that it still lives."""
BATCH = 100


class FeedView(BaseModel):
    """One thing that happened; `id` is the cursor that leads on from it."""

    id: str
    reference: str
    number: int
    at: datetime
    actor: str
    kind: str
    data: dict[str, Any]


def feed_view(event: Happening) -> FeedView:
    """Return an event as clients see it."""
    return FeedView(
        id=encode(list(event.place)),
        reference=event.reference,
        number=event.number,
        at=event.at,
        actor=event.actor,
        kind=event.kind,
        data=event.content,
    )


def place_of(cursor: str) -> Place:
    """Return the place in the log that a cursor names. Raises Malformed."""
    if not cursor:
        return watch.START
    tx, event_id = decode(cursor, (int, int))
    return tx, event_id


@api.get("/events", response_model=Items[FeedView], responses=READS)
def list_events(desk: AtDesk, cursor: Cursor = "", limit: Limit = 50) -> Response:
    """Everything visible that has happened, in order; any event's id serves as cursor."""
    found = watch.happenings(desk.session, place_of(cursor), limit + 1, desk.actor)
    shown = [feed_view(event) for event in found[:limit]]
    return page(desk, shown, shown[-1].id if len(found) > limit else None)


@dataclass(slots=True)
class Listener:
    """Someone who follows the log: whose token, from which place, and until when."""

    house: House
    token: str
    place: Place
    until: float
    more: bool = False
    spoke: float = field(default_factory=time.monotonic)

    def read(self) -> str:
        """Return what is new as frames; rights are looked at anew.

        No connection to the database is held between two calls. Raises Unauthenticated, Forbidden.
        """
        with self.house.database.reading() as session:
            actor = present(self.house, session, self.token)
            entitle(RULES["stream_events"], actor, clock.now())
            enter(session, actor)
            found = watch.happenings(session, self.place, BATCH, actor)
        self.more = len(found) == BATCH
        if found:
            self.place = found[-1].place
        elif time.monotonic() - self.spoke < SILENCE:
            return ""
        self.spoke = time.monotonic()
        return "".join(frame(feed_view(event)) for event in found) or ": still here\n\n"

    def pause(self) -> float | None:
        """Return for how many seconds to wait before the next look; None when the time is over."""
        pause = 0.0 if self.more else POLL
        return pause if time.monotonic() + pause <= self.until else None


def frame(event: FeedView) -> str:
    """Return one server-sent event; it bears no name, so that every client takes it."""
    content = json.dumps(event.model_dump(mode="json"), ensure_ascii=False)
    return f"id: {event.id}\ndata: {content}\n\n"


@api.get(
    "/events/stream",
    response_class=StreamingResponse,
    responses=READS | {200: {"content": {"text/event-stream": {}}}},
)
async def stream_events(
    http: Request,
    cursor: Cursor = "",
    last_event_id: Annotated[str, Header(max_length=300)] = "",
    seconds: Annotated[int, Query(ge=0, le=LONGEST)] = LONGEST,
) -> StreamingResponse:
    """The same as server-sent events, from `Last-Event-ID` or a cursor on, for some seconds."""
    listener = Listener(
        house=http.app.state.house,
        token=credential_of(http.headers),
        place=place_of(last_event_id or cursor),
        until=time.monotonic() + seconds,
    )
    first = await asyncio.to_thread(listener.read)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(
        _told(listener, first), headers=headers, media_type="text/event-stream"
    )


async def _told(listener: Listener, first: str) -> AsyncIterator[str]:
    """Yield frames until the time is over or the token is."""
    yield "retry: 2000\n\n" + first
    while (pause := listener.pause()) is not None:
        await asyncio.sleep(pause)
        try:
            text = await asyncio.to_thread(listener.read)
        except Refusal:  # the next call will be told so
            return
        if text:
            yield text


@api.get("/me/notices", response_model=Items[NoticeView], responses=READS)
def list_notices(desk: AtDesk, cursor: Cursor = "", limit: Limit = 50) -> Response:
    """What this person is told, newest first."""
    found = outbox.notices(desk.session, _person(desk), cursor or None, limit)
    return page(desk, _notice_views(desk, found.rows), found.next)


@api.post("/me/notices/{number}/read", response_model=NoticeView, responses=ADDS)
def read_notice(desk: AtDesk, number: Number) -> Response:
    """Note that a notice has been read; saying so twice changes nothing."""
    notice = outbox.mark_read(desk.session, _person(desk), number)
    return desk.show(_notice_views(desk, [notice])[0])


def _person(desk: Desk) -> int:
    """Return the id of the person who calls; only people and programs have tokens."""
    return desk.actor.person_id or 0


def _notice_views(desk: Desk, rows: Sequence[Notice]) -> list[NoticeView]:
    """Return notices with what they are about, as far as the person may still know of it."""
    about = watch.events_named(desk.session, desk.actor, [row.event_id for row in rows])
    return [_notice_view(row, about.get(row.event_id, ("", 0))) for row in rows]


def _notice_view(row: Notice, about: tuple[str, int]) -> NoticeView:
    reference, number = about
    return NoticeView(
        id=row.id,
        code=row.code,
        reference=reference,
        number=number,
        at=row.at,
        read_at=row.read_at,
    )
