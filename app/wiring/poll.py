"""The status poll, the hot way: a pure ASGI layer in front of the application.

It serves only the plain happy case: a remembered token, a visible request, no waiting. Everything
else, any doubt and any error goes on to the application, whose route answers the same (a test
compares them). No state is cached: every poll reads the database, together with the access epoch,
so a revoked token is dead at once.
"""

import asyncio
import json
import re
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.directory.credentials import Credential
from app.directory.tables import AccessEpoch
from app.kit import clock
from app.kit.db import table_of
from app.kit.text import LANGUAGES, preferred
from app.policy.rights import within
from app.policy.table import RULES
from app.requests.access import visible
from app.requests.nets import words
from app.requests.service import reading
from app.requests.service.lists import moment_text
from app.requests.tables import AssistanceRequest
from app.wiring.edge import HEADERS, App, Receive, Scope, Send, new_identity
from app.wiring.house import House
from app.wiring.polling import Query, Reader
from app.wiring.readers import open_reader
from app.wiring.tempo import Turns

R = table_of(AssistanceRequest)
POLL = RULES["read_status"]
HEAD, TAIL = "/api/v1/requests/", "/status"
ONE_TAG = re.compile(rb'"[^",]*"')
UNDER = frozenset({b"delegation", b"break-glass"})
"""Headers that change in whose name, or how, a call is made."""
JSON = (b"content-type", b"application/json")
COMMON = {language: [(b"content-language", language.encode()), *HEADERS] for language in LANGUAGES}
START, BODY = "http.response.start", "http.response.body"


def columns(*, sqlite: bool) -> list[sa.ColumnElement[Any]]:
    """Return what a poll reads: moments as text already, and the access epoch last."""
    own = ("reference", "workflow", "workflow_version", "state", "revision")
    moments = (moment_text(R.c[name], sqlite=sqlite) for name in ("since", "due_at"))
    epoch = sa.select(AccessEpoch.number).scalar_subquery().label("epoch")
    return [*(R.c[name] for name in own), *moments, epoch]


@dataclass(frozen=True, slots=True)
class Known:
    """A recognised poller and the statement that reads what it may see."""

    credential: Credential
    query: Query
    public: bool


Asked = tuple[str, bytes, Known, bytes | None, str]
"""What a poll asks for: reference, header of its token, who polls, tag seen, language."""


class Poll:
    """Answers status polls before the application is asked."""

    def __init__(self, app: App, house: House, turns: Turns) -> None:
        """Wrap `app`; the reader connects at the first poll."""
        self._app = app
        self._house = house
        self._turns = turns
        self._known: dict[bytes, Known] = {}
        self._parts: dict[tuple[str, int, str, bool, str], str] = {}
        self._reader: Reader = open_reader(house.settings.database_url)
        self._columns = columns(sqlite=house.database.sqlite)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Answer a poll, or pass the call on; what is to be awaited for it is given back."""
        if scope["type"] != "http":
            return self._live(scope, receive, send)
        if scope["method"] == "GET" and not scope["query_string"]:
            path: str = scope["path"]
            if path.startswith(HEAD) and path.endswith(TAIL):
                asked = self._understood(path[len(HEAD) : -len(TAIL)], scope["headers"])
                if asked is not None:
                    return self._poll(asked, (scope, receive, send))
        return self._app(scope, receive, send)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is no call, and close the reader when the service ends."""
        try:
            await self._app(scope, receive, send)
        finally:
            if scope["type"] == "lifespan":
                await self._reader.close()

    def _understood(self, reference: str, sent: list[tuple[bytes, bytes]]) -> Asked | None:
        """Return what a poll asks for, or None where the application shall tell."""
        headers = dict(sent)
        token = headers.get(b"authorization", b"")
        known = self._known.get(token) or self._recognise(token)
        seen = headers.get(b"if-none-match")
        if known is None or len(headers) != len(sent) or not UNDER.isdisjoint(headers):
            return None  # not recognised yet, or a header stands twice
        if seen is not None and not ONE_TAG.fullmatch(seen):
            return None
        spoken = headers.get(b"accept-language")
        language = "en" if spoken is None else preferred(spoken.decode("latin-1"))
        return reference, token, known, seen, language

    async def _poll(self, asked: Asked, call: tuple[Scope, Receive, Send]) -> None:
        """Read and answer; pass the call on where nothing is to be seen or the token is old."""
        reference, token, known, seen, language = asked
        if self._turns.under_way:
            await self._turns.come()
        found = self._reader.read(known.query, reference)
        row = await found if isinstance(found, asyncio.Future) else found
        credential = known.credential
        if row is None or row[7] != credential.epoch or credential.expires_at <= clock.now():
            self._known.pop(token, None)
            await self._app(*call)
            return
        self._house.used.add(credential.actor.credential)
        start, body = self._answer(row, known, language, seen)
        await call[2](start)
        await call[2](body)

    def _answer(
        self, row: tuple[Any, ...], known: Known, language: str, seen: bytes | None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        tag = b'"%d"' % row[4]
        own = [(b"etag", tag), (b"x-request-id", new_identity().encode()), *COMMON[language]]
        if seen == tag:
            return {"type": START, "status": 304, "headers": own}, {"type": BODY, "body": b""}
        key = (row[1], row[2], row[3], known.public, language)
        part = self._parts.get(key) or self._part(key)
        body = (
            f'{{"reference":"{row[0]}",{part},"revision":{row[4]},'
            f'"since":{_moment(row[5])},"due":{_moment(row[6])}}}'
        ).encode()
        headers = [JSON, (b"content-length", b"%d" % len(body)), *own]
        return {"type": START, "status": 200, "headers": headers}, {"type": BODY, "body": body}

    def _part(self, key: tuple[str, int, str, bool, str]) -> str:
        """Return the piece of the document that depends on state, reader and language alone."""
        workflow, version, name, public, language = key
        state = self._house.shelf.get(workflow, version).definition.states[name]
        text = state.public if public else state.label
        content = {
            "state": name,
            "stage": state.stage,
            "label": self._house.texts.text(text, language),
            "turn": list(state.turn),
        }
        part = json.dumps(content, ensure_ascii=False, separators=(",", ":"))[1:-1]
        self._parts[key] = part
        return part

    def _recognise(self, header: bytes) -> Known | None:
        """Take over a token that the application has recognised.

        With its statement compiled once.
        """
        scheme, _, token = header.decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        credential = self._house.latest(token.strip())
        if credential is None or not within(credential.actor, POLL):
            return None
        actor = credential.actor
        if isinstance(sight := visible(actor), sa.False_):  # there is nothing to be read
            return None
        query = self._reader.compile(self._columns, R.c.reference, sight, words(actor))
        known = Known(credential, query, reading.public(actor))
        if len(self._known) > 4096:
            self._known.clear()
        self._known[header] = known
        return known


def _moment(value: str | None) -> str:
    """Return a moment as the application's JSON writes it."""
    return "null" if value is None else '"' + value.replace(".000000Z", "Z") + '"'
