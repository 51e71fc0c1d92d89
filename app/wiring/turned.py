"""A call that is turned back before it is routed: the problem it is answered, in its language."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Scope, Send

from app.kit.speech import Speech, speech
from app.kit.text import Catalogue, preferred

PAGE = "turned_page"
"""Where the application's state holds what puts a problem on a page, where pages are served."""
Show = Callable[[Request, Mapping[str, Any]], Awaitable[Response | None]]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a call is turned back; `params` stand in the English sentence of `detail`."""

    status: int
    code: str
    title: str
    detail: str
    params: Mapping[str, Any] = field(default_factory=dict)


def spoken(header: str, texts: Catalogue) -> Speech:
    """Return the language that an Accept-Language header asks for, English without one."""
    return speech(preferred(header), texts)


async def turn_back(
    call: tuple[Scope, Send],
    identity: str,
    fault: Fault,
    texts: Catalogue,
    headers: Sequence[tuple[bytes, bytes]] = (),
) -> None:
    """Answer a call with a problem (RFC 9457), and with these headers besides."""
    scope, send = call
    asked = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
    told = spoken(asked, texts)
    problem = {
        "type": f"/problems/{fault.code}",
        "title": told.text(fault.title),
        "status": fault.status,
        "detail": told.text(fault.detail).format(**fault.params),
        "code": fault.code,
        "request_id": identity,
        "blockers": [],
    }
    answer = await _on_page(scope, problem) or JSONResponse(
        problem, fault.status, {"content-language": told.language}, "application/problem+json"
    )
    given = {name for name, _ in answer.raw_headers}
    own = [*answer.raw_headers, *(one for one in headers if one[0] not in given)]
    await send({"type": "http.response.start", "status": fault.status, "headers": own})
    await send({"type": "http.response.body", "body": answer.body})


async def _on_page(scope: Scope, problem: Mapping[str, Any]) -> Response | None:
    """Return the page of a problem where one is read."""
    shows: Show | None = getattr(scope["app"].state, PAGE, None) if "app" in scope else None
    return await shows(Request(scope), problem) if shows else None
