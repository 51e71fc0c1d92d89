"""Where every change passes: what another site made a browser send is turned back (CSRF)."""

from app.kit.errors import Forbidden
from app.kit.speech import marked
from app.wiring.callers import foreign
from app.wiring.edge import App, Receive, Scope, Send
from app.wiring.house import House
from app.wiring.turned import Fault, turn_back

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
DETAIL = {
    "csrf.cross_site": marked("Another site sent this."),
    "csrf.origin": marked("This came from another origin than ours."),
    "csrf.content_type": marked(
        "With a session, send JSON (or parts of a form with an X-CSRF-Token)."
    ),
    "csrf.token": marked("Send the session's token: X-CSRF-Token, as GET /api/v1/me shows it."),
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
                fault = Fault(403, code, Forbidden.title, DETAIL[code])
                identity = scope.get("entente.id", "")
                await turn_back((scope, send), identity, fault, self._house.texts)
                return
        await self._app(scope, receive, send)
