"""The outermost layer of the service: calls of one credential, counted and held to the limit."""

from collections.abc import Awaitable
from dataclasses import replace
from functools import partial

from app.kit.speech import marked
from app.kit.text import Catalogue
from app.wiring.callers import COOKIE
from app.wiring.edge import HEADERS, RATE, App, Receive, Scope, Send, new_identity
from app.wiring.meter import WINDOW, Count, Meter
from app.wiring.turned import Fault, turn_back

SESSION = COOKIE.encode() + b"="
TOO_MANY = Fault(
    429,
    "limit.reached",
    marked("Too many calls"),
    marked("At most {limit} calls a minute; wait {wait} seconds."),
)


class Gauge:
    """Counts a call by its token or session, and refuses it past the limit.

    Calls without a credential pass: they are refused, or counted where people sign in.
    """

    def __init__(self, app: App, meter: Meter, texts: Catalogue) -> None:
        """Wrap `app`; `texts` are those in which a refusal is told."""
        self._app = app
        self._texts = texts
        self._meter = meter
        self._policy = b'"default";q=%d;w=%d' % (meter.limit, WINDOW)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Pass one call on, or answer 429; what is to be awaited for it is given back."""
        credential = credential_in(scope) if self._meter.limit else None
        if credential is not None:
            count = self._meter.count_of(credential)
            if count.calls >= count.allowed:
                return self._refuse((scope, send), count)
            count.calls += 1
            scope[RATE] = partial(self.told, count)
        return self._app(scope, receive, send)

    def told(self, count: Count) -> list[tuple[bytes, bytes]]:
        """Return how many calls are open, as headers (draft-ietf-httpapi-ratelimit-headers)."""
        left = max(count.allowed - count.calls, 0)
        rate = b'"default";r=%d;t=%d' % (left, self._meter.left())
        return [(b"ratelimit-policy", self._policy), (b"ratelimit", rate)]

    async def _refuse(self, call: tuple[Scope, Send], count: Count) -> None:
        identity, wait = new_identity(), self._meter.left()
        headers = [
            (b"retry-after", str(wait).encode()),
            (b"x-request-id", identity.encode()),
            *self.told(count),
            *HEADERS,
        ]
        fault = replace(TOO_MANY, params={"limit": self._meter.limit, "wait": wait})
        await turn_back(call, identity, fault, self._texts, headers)


def credential_in(scope: Scope) -> bytes | None:
    """Return the token or the session that a call comes with, as it was sent."""
    if scope["type"] != "http":
        return None
    session: bytes | None = None
    for name, value in scope["headers"]:
        if name == b"authorization":
            token: bytes = value
            return token
        if name == b"cookie" and SESSION in value:
            session = value.partition(SESSION)[2].partition(b";")[0]
    return session
