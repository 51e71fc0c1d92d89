"""Lists of requests, the hot way: a pure ASGI layer, as `poll` is one for polls.

It serves only plain calls: a remembered token and filters by state and stage, whose pages are read
along an index and so are short. All else, any doubt and any error goes on to the application, whose
route answers the same (a test compares them); the statement and the lines are the same code.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, get_args

import orjson

from app.directory.credentials import Credential
from app.kit import clock
from app.kit.errors import Refusal
from app.kit.pages import DEFAULT, MOST, Page
from app.kit.text import preferred
from app.policy.rights import entitle
from app.policy.table import RULES
from app.requests import nets
from app.requests import service as dossier
from app.requests.service.filters import ANY_OF, R, Search, Sort
from app.requests.service.lists import page_of, plain
from app.requests.service.reading import Reader
from app.wiring.callers import bearer
from app.wiring.edge import HEADERS, App, Receive, Scope, Send, new_identity
from app.wiring.house import House
from app.wiring.paging import Pages
from app.wiring.poll import UNDER
from app.wiring.readers import open_pages
from app.wiring.tags import seen, tag_of

LIST = RULES["list_requests"]
PATH = "/api/v1/requests"
PART = re.compile(r"(state|stage|sort|limit|cursor)=([A-Za-z0-9_.-]{1,100})")
NUMBER = re.compile(r"[1-9][0-9]{0,2}")

Answer = tuple[dict[str, Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query string that was understood, and what of it the next page asks again."""

    search: Search
    cursor: str | None
    limit: int
    again: str


class Listing:
    """Answers plain lists before the application is asked."""

    def __init__(self, app: App, house: House) -> None:
        """Wrap `app`; nothing is connected before the first list."""
        self._app = app
        self._house = house
        self._pages: Pages = open_pages(house.settings.database_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a list, or pass the call on."""
        plain_call = scope["type"] == "http" and scope["path"] == PATH and scope["method"] == "GET"
        answer = await self._listed(scope) if plain_call else None
        if answer is not None:
            await send(answer[0])
            await send(answer[1])
            return
        try:
            await self._app(scope, receive, send)
        finally:
            if scope["type"] == "lifespan":
                await self._pages.close()

    async def _listed(self, scope: Scope) -> Answer | None:
        headers = dict(scope["headers"])
        asked = understood(scope["query_string"].decode("latin-1"))
        token = headers.get(b"authorization", b"").decode("latin-1")
        if asked is None or len(headers) != len(scope["headers"]):  # a header stands twice
            return None
        if not token.startswith("Bearer ent_") or not UNDER.isdisjoint(headers):
            return None
        credential = self._house.latest(bearer(token)) if len(token) < 200 else None
        if credential is None or credential.expires_at <= clock.now():
            return None
        page = await self._page(credential, asked)
        if page is None:
            return None
        self._house.used.add(credential.actor.credential)
        language = preferred(headers.get(b"accept-language", b"en").decode("latin-1"))
        reader = Reader(credential.actor, language, self._house.texts)
        items = dossier.lines(self._house.shelf, reader, page.rows)
        body = orjson.dumps({"items": items, "next": page.next})
        more = f"{asked.again}&cursor={page.next}" if asked.again else f"cursor={page.next}"
        link = f'<{PATH}?{more}>; rel="next"' if page.next else ""
        given = headers.get(b"if-none-match", b"").decode("latin-1")
        return _answer(body, language, link, given)

    async def _page(self, credential: Credential, asked: Asked) -> Page[Any] | None:
        """Return the page, or None where the credential is out of date, or the route shall tell."""
        actor, search = credential.actor, asked.search
        try:
            entitle(LIST, actor, clock.now())
            cursor = (asked.cursor, asked.limit)
            ready, values = plain(actor, search, cursor, sqlite=self._house.database.sqlite)
        except Refusal:
            return None
        found = await self._pages.read(ready, values, nets.words(actor))
        if found is None or found[0] != credential.epoch:
            return None
        rows = [row[:-1] for row in found[1]]
        return page_of(rows, search.sort, asked.limit)


@lru_cache(maxsize=1024)
def understood(query: str) -> Asked | None:
    """Return what a query string asks for, or None where the route shall read it."""
    found: dict[str, list[str]] = {}
    parts = query.split("&") if query else []
    for part in parts:
        match = PART.fullmatch(part)
        if match is None:
            return None
        found.setdefault(match[1], []).append(match[2])
    state, stage = tuple(found.pop("state", ())), tuple(found.pop("stage", ()))
    if len(state) > len(ANY_OF[R.c.state]) or len(stage) > len(ANY_OF[R.c.stage]):
        return None
    if any(len(values) > 1 for values in found.values()):
        return None
    once = {name: values[0] for name, values in found.items()}
    sort: Any = once.get("sort", "-filed")
    limit = once.get("limit", str(DEFAULT))
    if sort not in get_args(Sort) or not NUMBER.fullmatch(limit) or int(limit) > MOST:
        return None
    again = "&".join(part for part in parts if not part.startswith("cursor="))
    search = Search(state=state, stage=stage, sort=sort)
    return Asked(search, once.get("cursor"), int(limit), again)


def _answer(body: bytes, language: str, link: str, given: str) -> Answer:
    tag = tag_of(body)
    identity = (b"x-request-id", new_identity().encode())
    headers = [(b"etag", tag.encode()), (b"content-language", language.encode())]
    headers += [(b"link", link.encode())] if link else []
    headers += [*HEADERS, identity]
    status = 200
    if tag in seen(given):
        status, body = 304, b""
    else:
        length = (b"content-length", str(len(body)).encode())
        headers += [(b"content-type", b"application/json"), length]
    start = {"type": "http.response.start", "status": status, "headers": headers}
    return start, {"type": "http.response.body", "body": body}
