"""What a page answers when something stands against it: the same refusals as everywhere, to read.

The other door's answer decides number, headers and log; here it is put on a page, with what was
typed when it came from a form.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from inspect import isawaitable
from typing import Any
from urllib.parse import quote

from anyio import to_thread
from fastapi import FastAPI, Request, Response
from starlette.responses import JSONResponse

from app.accounts import sessions
from app.kit.errors import Refusal, Unauthenticated
from app.web.keeping import STEP_UP, given_back
from app.web.pages import Face, Seat, go, language_of, render
from app.web.places import places_of
from app.web.tell import told
from app.wiring.callers import API, cookie_of
from app.wiring.entitlement import recognised
from app.wiring.house import House
from app.wiring.porch import without_cookie
from app.wiring.turned import PAGE

Answer = Callable[[Request, Any], Response | Awaitable[Response]]
AGAIN = "entente.again"
"""Where a form leaves, in the scope of its call, how it is shown again with what was typed."""
Again = Callable[[Refusal, int], Response]
TOO_OFTEN = 429


def install(app: FastAPI) -> None:
    """Have every answer to a fault that is in place be given as a page where pages are read."""
    for kind, answer in list(app.exception_handlers.items()):
        app.add_exception_handler(kind, on_page(answer))
    setattr(app.state, PAGE, turned)


def on_page(answer: Answer) -> Callable[[Request, Any], Awaitable[Response]]:
    """Return an answer that is a page where a page was asked for."""

    async def answering(http: Request, fault: Any) -> Response:
        given = answer(http, fault)
        plain = await given if isawaitable(given) else given
        if not reads_pages(http) or not isinstance(plain, JSONResponse):
            return plain
        return await to_thread.run_sync(shown, http, fault, plain)

    return answering


async def turned(http: Request, problem: Mapping[str, Any]) -> Response | None:
    """Return the page of a call that was turned back before it was routed; None for a program.

    Who calls too often is not looked up for it.
    """
    if not reads_pages(http):
        return None
    often = problem["status"] == TOO_OFTEN
    face = Face(language_of(http)) if often else await to_thread.run_sync(face_of, http)
    shown = {"problem": problem, "fault": None}
    return render(http, "fault.html", problem["status"], face=face, shown=shown)


def reads_pages(http: Request) -> bool:
    """Whether who calls reads pages: a browser, at an address that is not the interface's."""
    asks = "text/html" in http.headers.get("accept", "")
    return asks and not http.url.path.startswith(API)


def shown(http: Request, fault: Exception, plain: JSONResponse) -> Response:
    """Return the page of a fault."""
    words = given_back(http, fault, face_of(http))
    if words is not None:
        return words
    if isinstance(fault, Unauthenticated):
        return without_cookie(go(f"/sign-in?next={quote(_back(http))}"), gone='"cache"')
    if isinstance(fault, Refusal) and fault.code == STEP_UP:
        return go(f"/account/step-up?next={quote(_back(http))}")
    back = _again(http, fault, plain.status_code)
    if back is not None:
        return back
    problem: dict[str, Any] = json.loads(bytes(plain.body))
    page = render(
        http,
        "fault.html",
        plain.status_code,
        face=face_of(http),
        shown={"problem": problem, "fault": told(fault) if isinstance(fault, Refusal) else None},
    )
    page.headers.update({k: v for k, v in plain.headers.items() if k in ("retry-after", "allow")})
    return page


def _again(http: Request, fault: Exception, status: int) -> Response | None:
    """Return the form with what was typed; None where it cannot be shown any more."""
    again: Again | None = http.scope.get(AGAIN)
    if again is None or not isinstance(fault, Refusal):
        return None
    try:
        return again(fault, status)
    except Refusal:
        return None


def face_of(http: Request) -> Face:
    """Return to whom a page speaks that no desk has: in which language, and whose it is."""
    return Face(language_of(http), _seat(http))


def _seat(http: Request) -> Seat | None:
    house: House = http.app.state.house
    secret = cookie_of(http.headers)
    actor = recognised(house, http.headers) if secret else None
    if actor is None or secret is None:
        return None
    csrf = sessions.csrf_of(house.ring, secret)
    return Seat(actor.name, csrf, places_of(actor), number=actor.person_id or 0)


def _back(http: Request) -> str:
    """Return where to come back to: a form is opened anew, for its content is not sent twice."""
    query = f"?{http.url.query}" if http.url.query else ""
    return http.url.path + query
