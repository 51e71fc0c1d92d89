"""The outermost layer of the service, pure ASGI: an id for every call, safe headers, and limits.

A body that is larger, or comes more slowly, than is taken here is refused before anything reads it.
"""

import asyncio
import itertools
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, replace
from typing import Any

from app.kit.speech import marked
from app.kit.text import Catalogue
from app.wiring.turned import Fault, turn_back

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

FEATURES = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"x-permitted-cross-domain-policies", b"none"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-embedder-policy", b"require-corp"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", ", ".join(f"{name}=()" for name in FEATURES).encode()),
    (b"content-security-policy", b"default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
]
"""What every answer carries, unless the endpoint has a narrower or wider word of its own."""
RATE = "entente.rate"
"""Where a call's scope holds what gives the headers of its rate, if calls are counted."""
UPLOADS = "/attachments"
FORM = 65_536
"""Bytes that the form around a document may take beside it."""
SPELLED, TIMES = b"application/x-www-form-urlencoded", 6
"""How a page sends a form: a letter of Arabic takes six characters there, one of Chinese nine, so
that two long texts take six times what a body of JSON does."""
SLOWEST = 1024
"""Bytes a second that must arrive once the first seconds are over: offices have thin lines."""
PROCESS, NUMBERS = secrets.token_hex(4), itertools.count(1)


def new_identity() -> str:
    """Return an id for a call; it need not be secret, so the kernel is not asked for chance."""
    return f"{PROCESS}{next(NUMBERS):08x}"


TOO_LARGE = Fault(
    413, "body.too_large", marked("Too large"), marked("At most {limit} bytes are taken here.")
)
TOO_SLOW = Fault(
    408,
    "body.too_slow",
    marked("Too slow"),
    marked("The body did not arrive in time; send it anew."),
)
CLOSING = [(b"connection", b"close")]


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a body may be, in bytes, and the seconds it has before its pace is judged."""

    body: int
    upload: int
    seconds: float


class Edge:
    """Wraps the application; refuses a body above the limit before anything reads it."""

    def __init__(self, app: App, limits: Limits, texts: Catalogue) -> None:
        """Keep the limits, and the texts in which they are told."""
        self._app = app
        self._texts = texts
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one call on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        identity = new_identity()
        scope["entente.id"] = identity
        declared, spelled = _told(scope)
        limit = self._limits.body * (TIMES if spelled else 1)
        if scope["path"].endswith(UPLOADS):
            limit = self._limits.upload + FORM
        own = [*HEADERS, (b"x-request-id", identity.encode())]
        rate: Callable[[], list[tuple[bytes, bytes]]] = scope.get(RATE, list)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                said = (*own, *rate())
                message["headers"] = [*message["headers"], *(h for h in said if h[0] not in given)]
            await send(message)

        if declared > limit:
            await self._refuse((scope, sending), identity, TOO_LARGE, limit)
            return
        await self._counted(scope, receive, sending, (limit, identity))

    async def _counted(
        self, scope: Scope, receive: Receive, send: Send, cap: tuple[int, str]
    ) -> None:
        """Pass the call on; cut it off when more arrives than is taken, or too slowly."""
        limit, identity = cap
        arrival = Arrival(receive, limit, self._limits.seconds)

        async def guarded(message: Message) -> None:
            if arrival.fault is None:
                await send(message)

        try:
            await self._app(scope, arrival.receive, guarded)
        except Exception:
            if arrival.fault is None:
                raise
        if arrival.fault is not None:
            await self._refuse((scope, send), identity, arrival.fault, limit)

    async def _refuse(
        self, call: tuple[Scope, Send], identity: str, fault: Fault, limit: int
    ) -> None:
        told = replace(fault, params={"limit": limit})
        await turn_back(call, identity, told, self._texts, CLOSING)


class Arrival:
    """A body on its way in: how much has come, and what stands against it."""

    def __init__(self, receive: Receive, limit: int, seconds: float) -> None:
        """Begin to wait."""
        self.fault: Fault | None = None
        self._receive = receive
        self._limit = limit
        self._free = asyncio.get_running_loop().time() + seconds
        self._got = 0
        self._whole = False

    async def receive(self) -> Message:
        """Return the next piece; a disconnect once the body is refused."""
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._free + self._got / SLOWEST):
                message = await self._receive()
        except TimeoutError:
            self.fault = TOO_SLOW
            return {"type": "http.disconnect"}
        self._got += len(message.get("body", b""))
        self._whole = not message.get("more_body")
        if self._got > self._limit:
            self.fault = TOO_LARGE
            return {"type": "http.disconnect"}
        return message


def _told(scope: Scope) -> tuple[int, bool]:
    """Return how many bytes a call says that it brings, and whether they spell a page's form."""
    length, spelled = 0, False
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            length = int(value)
        elif name == b"content-type":
            spelled = value.startswith(SPELLED)
    return length, spelled
