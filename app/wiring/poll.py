"""The status poll, the hot way: a pure ASGI layer in front of the application.

It serves only the plain happy case: a remembered token, a visible request, no waiting. Everything
else, any doubt and any error goes on to the application, whose route answers the same (a test
compares them). No state is cached: every poll reads the database, together with the access epoch,
so a revoked token is dead at once.
"""

import asyncio
import json
import re
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
SPOKEN = {language: (b"content-language", language.encode()) for language in LANGUAGES}


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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a poll, or pass the call on."""
        if scope["type"] == "http" and scope["method"] == "GET" and not scope["query_string"]:
            path: str = scope["path"]
            if path.startswith(HEAD) and path.endswith(TAIL):
                headers = dict(scope["headers"])
                plain = len(headers) == len(scope["headers"])  # no header stands twice
                answer = await self._poll(path[len(HEAD) : -len(TAIL)], headers) if plain else None
                if answer is not None:
                    await send(answer[0])
                    await send(answer[1])
                    return
        try:
            await self._app(scope, receive, send)
        finally:
            if scope["type"] == "lifespan":
                await self._reader.close()

    async def _poll(
        self, reference: str, headers: dict[bytes, bytes]
    ) -> tuple[dict[str, Any], dict[str, Any]] | None:
        token = headers.get(b"authorization", b"")
        known = self._known.get(token) or self._recognise(token)
        seen = headers.get(b"if-none-match")
        if known is None or not UNDER.isdisjoint(headers):
            return None
        if seen is not None and not ONE_TAG.fullmatch(seen):
            return None
        if self._turns.under_way:
            await self._turns.come()
        found = self._reader.read(known.query, reference)
        row = await found if isinstance(found, asyncio.Future) else found
        if row is None or row[7] != known.credential.epoch:
            self._known.pop(token, None)
            return None
        if known.credential.expires_at <= clock.now():
            self._known.pop(token, None)
            return None
        self._house.used.add(known.credential.actor.credential)
        spoken = headers.get(b"accept-language")
        language = "en" if spoken is None else preferred(spoken.decode("latin-1"))
        return self._answer(row, known, language, seen)

    def _answer(
        self, row: tuple[Any, ...], known: Known, language: str, seen: bytes | None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        tag = b'"%d"' % row[4]
        identity = (b"x-request-id", new_identity().encode())
        common = [(b"etag", tag), SPOKEN[language], *HEADERS, identity]
        if seen == tag:
            start = {"type": "http.response.start", "status": 304, "headers": common}
            return start, {"type": "http.response.body", "body": b""}
        key = (row[1], row[2], row[3], known.public, language)
        part = self._parts.get(key) or self._part(key)
        body = (
            f'{{"reference":"{row[0]}",{part},"revision":{row[4]},'
            f'"since":{_moment(row[5])},"due":{_moment(row[6])}}}'
        ).encode()
        headers = [JSON, (b"content-length", b"%d" % len(body)), *common]
        start = {"type": "http.response.start", "status": 200, "headers": headers}
        return start, {"type": "http.response.body", "body": body}

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
