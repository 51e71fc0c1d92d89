"""Moving a request, the hot way: a thin layer in front of the application's own route.

It takes only the plain happy call: JSON whole in one piece, content that validates, a key or none.
Any doubt goes on to the route, untouched; a refusal goes on too, with its reason, so that it is put
into words in one place. What the wish is and how it is carried out is the same code for both.
"""

import re
from typing import Any

from fastapi import Request, Response
from pydantic import Field, ValidationError

from app.kit.errors import Malformed, Refusal, Unconditional
from app.kit.text import Name, Prose, preferred
from app.lifecycle.moves import Move, Moved
from app.requests.schemas import Body, StatusView
from app.requests.service.reading import Reader, label
from app.wiring import answers
from app.wiring.callers import credential_of
from app.wiring.commits import Commits, Wish
from app.wiring.edge import App, Message, Receive, Scope, Send
from app.wiring.house import House
from app.wiring.strict import parsed

PATH = re.compile(r"/api/v1/requests/(TA-[0-9]{4}-[0-9]{5,9})/transitions")
FAULT = "entente.fault"
"""Where the layer leaves, for the route, what stood against a move that it has tried."""


class MoveBody(Body):
    """A wish to move a request: which transition, what its form asks, and a remark."""

    trigger: Name
    form: dict[Name, Any] = Field(default_factory=dict, max_length=20)
    comment: Prose = ""


class Moving:
    """Carries out transitions before the application's routing is asked."""

    def __init__(self, app: App, house: House, commits: Commits) -> None:
        """Wrap `app`."""
        self._app = app
        self._house = house
        self._commits = commits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Carry out a transition, or pass the call on."""
        found = None
        if scope["type"] == "http" and scope["method"] == "POST" and not scope["query_string"]:
            found = PATH.fullmatch(scope["path"])
        if found is None:
            await self._app(scope, receive, send)
            return
        first = await receive()
        response = await self._moved(scope, found[1], first)
        if response is not None:
            await response(scope, receive, send)
            return
        await self._app(scope, _again(first, receive), send)

    async def _moved(self, scope: Scope, reference: str, first: Message) -> Response | None:
        """Return the answer, or None where the route shall give it."""
        http = Request(scope)
        content: bytes = first.get("body", b"")
        whole = first["type"] == "http.request" and not first.get("more_body")
        if not whole or http.headers.get("content-type") != "application/json":
            return None
        try:
            body = MoveBody.model_validate(parsed(content))
            wish = wish_of(http, self._house, reference, (body, content))
        except (Refusal, ValidationError, ValueError, RecursionError):
            return None
        try:
            return await self._commits.submit(wish)
        except Exception as fault:  # noqa: BLE001 - the route raises it again
            scope[FAULT] = fault
            return None


def _again(first: Message, receive: Receive) -> Receive:
    """Return a `receive` that gives the message that was already taken, then the rest."""
    taken = [first]

    async def receiving() -> Message:
        return taken.pop() if taken else await receive()

    return receiving


def wish_of(http: Request, house: House, reference: str, sent: tuple[MoveBody, bytes]) -> Wish:
    """Return what a call asks for. Raises Unconditional, Malformed, Unauthenticated."""
    body, content = sent
    revision = seen_revision(http.headers.get("if-match"))
    language = preferred(http.headers.get("accept-language", "en"))
    key = answers.key_of(http.headers.get("idempotency-key"))
    return Wish(
        token=credential_of(http.headers),
        move=lambda actor: Move(actor, reference, body.trigger, revision, body.form, body.comment),
        show=lambda actor, moved: _shown(house, Reader(actor, language, house.texts), moved),
        key=key,
        fingerprint=answers.fingerprint(http, content) if key else "",
        about=reference,
        delegation=http.headers.get("delegation"),
    )


def seen_revision(header: str | None) -> int | None:
    """Return the revision that If-Match names; None for `*`. Raises Unconditional, Malformed."""
    if header is None:
        raise Unconditional("if_match.missing", 'Say what you saw last: If-Match: "<revision>".')
    tag = header.strip()
    if tag == "*":
        return None
    number = tag[1:-1]
    if tag[:1] != '"' or tag[-1:] != '"' or not number.isdecimal() or len(number) > 18:
        raise Malformed("if_match.malformed", 'If-Match takes one entity tag such as "7", or *.')
    return int(number)


def _shown(house: House, reader: Reader, moved: Moved) -> Response:
    standing = moved.standing
    state = house.shelf.get(standing.workflow, standing.version).definition.states[standing.state]
    view = StatusView(
        reference=standing.reference,
        state=standing.state,
        stage=state.stage,
        label=label(reader, state),
        turn=list(state.turn),
        revision=standing.revision,
        since=standing.since,
        due=standing.due_at,
    )
    headers = {"ETag": f'"{standing.revision}"', "Content-Language": reader.language}
    return Response(view.model_dump_json(), 200, headers, "application/json")
