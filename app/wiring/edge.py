"""The outermost layer of the service, pure ASGI: an id for every call, a cap on bodies.

Safe headers.
"""

import itertools
import json
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]
UPLOADS = "/attachments"
PROCESS, NUMBERS = secrets.token_hex(4), itertools.count(1)


def new_identity() -> str:
    """Return an id for a call; it need not be secret, so the kernel is not asked for chance."""
    return f"{PROCESS}{next(NUMBERS):08x}"


class Edge:
    """Wraps the application; refuses a body above the limit before anything reads it."""

    def __init__(self, app: App, body_limit: int, upload_limit: int) -> None:
        """Keep the limits, in bytes."""
        self._app = app
        self._body_limit = body_limit
        self._upload_limit = upload_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one call on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        identity = new_identity()
        scope["entente.id"] = identity
        limit = self._upload_limit if scope["path"].endswith(UPLOADS) else self._body_limit
        own = [*HEADERS, (b"x-request-id", identity.encode())]

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(h for h in own if h[0] not in given)]
            await send(message)

        if _declared(scope) > limit:
            await _too_large(sending, limit, identity)
            return
        await self._counted(scope, receive, sending, (limit, identity))

    async def _counted(
        self, scope: Scope, receive: Receive, send: Send, cap: tuple[int, str]
    ) -> None:
        """Pass the call on, and cut it off when more arrives than was declared or is taken."""
        limit, identity = cap
        got = 0
        over = False

        async def counting() -> Message:
            nonlocal got, over
            message = await receive()
            got += len(message.get("body", b""))
            if got > limit:
                over = True
                return {"type": "http.disconnect"}
            return message

        async def guarded(message: Message) -> None:
            if not over:
                await send(message)

        try:
            await self._app(scope, counting, guarded)
        except Exception:
            if not over:
                raise
        if over:
            await _too_large(send, limit, identity)


def _declared(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


async def _too_large(send: Send, limit: int, identity: str) -> None:
    body = json.dumps(
        {
            "type": "/problems/body.too_large",
            "title": "Too large",
            "status": 413,
            "detail": f"At most {limit} bytes are taken here.",
            "code": "body.too_large",
            "request_id": identity,
            "blockers": [],
        }
    ).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
