"""Where every change passes: what another site made a browser send is turned back (CSRF)."""

import json

from app.wiring.callers import foreign
from app.wiring.edge import App, Receive, Scope, Send
from app.wiring.house import House

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
DETAIL = {
    "csrf.cross_site": "Another site sent this.",
    "csrf.origin": "This came from another origin than ours.",
    "csrf.content_type": "With a session, send JSON (or parts of a form with an X-CSRF-Token).",
    "csrf.token": "Send the session's token: X-CSRF-Token, as GET /api/v1/me shows it.",
}


class Crossing:
    """Wraps the application; one place for all routes, those to come included."""

    def __init__(self, app: App, house: House) -> None:
        """Wrap `app`."""
        self._app = app
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a call on, or turn it back."""
        if scope["type"] == "http" and scope["method"] not in SAFE:
            code = foreign(scope, self._house.settings, self._house.ring)
            if code is not None:
                await _turn_back(send, code, scope.get("entente.id", ""))
                return
        await self._app(scope, receive, send)


async def _turn_back(send: Send, code: str, identity: str) -> None:
    body = json.dumps(
        {
            "type": f"/problems/{code}",
            "title": "Not entitled",
            "status": 403,
            "detail": DETAIL[code],
            "code": code,
            "request_id": identity,
            "blockers": [],
        }
    ).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
