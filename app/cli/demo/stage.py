"""The stage: each player calls the API over HTTP, with tags read just before, as clients do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.accounts import factors
from app.cli.demo.cast import Player
from app.kit import clock
from app.kit.errors import Conflict

API = "/api/v1"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the service answered."""

    status: int
    body: Any
    tag: str


Send = Callable[[str, str, Any, Mapping[str, str]], Reply]
"""Sends method, path, JSON body and headers to the service."""


class Http(Protocol):
    """A client of HTTP: that of the demonstration, or of a test."""

    def request(self, method: str, url: str, *, json: Any, headers: dict[str, str]) -> Any:
        """Make one call."""


def by(http: Http) -> Send:
    """Return the players' way to a service."""

    def send(method: str, path: str, body: Any, headers: Mapping[str, str]) -> Reply:
        answer = http.request(method, path, json=body, headers=dict(headers))
        content = answer.json() if "json" in answer.headers.get("content-type", "") else answer.text
        return Reply(answer.status_code, content, answer.headers.get("etag", ""))

    return send


def _silent(_line: str) -> None:
    return


def _shown(player: Player) -> str:
    return factors.code_of(player.device, clock.now())


@dataclass
class Stage:
    """Who is there, how they reach the service, and whom to tell what happens."""

    send: Send
    players: dict[str, Player] = field(default_factory=dict)
    tell: Callable[[str], None] = _silent
    code: Callable[[Player], str] = _shown

    def ask(self, who: str, method: str, path: str, body: Any = None, tag: str = "") -> Reply:
        """Make one call in somebody's name and return whatever is answered.

        Told to give the second factor, the player gives it and calls once more.
        """
        reply = self._once(who, method, path, body, tag)
        if reply.status == 403 and reply.body.get("code") == "assurance.step_up":
            self._once(who, "POST", "/me/step-up", {"code": self.code(self.players[who])}, "")
            reply = self._once(who, method, path, body, tag)
        return reply

    def _once(self, who: str, method: str, path: str, body: Any, tag: str) -> Reply:
        headers = {"Authorization": f"Bearer {self.players[who].token}"}
        headers |= {"If-Match": tag} if tag else {}
        return self.send(method, API + path, body, headers)

    def obtain(self, who: str, method: str, path: str, body: Any = None, tag: str = "") -> Reply:
        """Make one call that must succeed. Raises Conflict with the service's own words."""
        reply = self.ask(who, method, path, body, tag)
        if reply.status >= 300:
            said = f"{who} {method} {path}: {reply.status} {reply.body}"
            refused = Conflict("demo.refused", said)
            refused.add_note(said)  # by itself a traceback shows the code alone
            raise refused
        return reply

    def read(self, who: str, path: str) -> Any:
        """Read something."""
        return self.obtain(who, "GET", path).body

    def add(self, who: str, path: str, body: Any) -> Any:
        """Add something."""
        return self.obtain(who, "POST", path, body).body

    def change(self, who: str, method: str, path: str, body: Any, of: str) -> Any:
        """Change something: read the present tag of `of`, then send."""
        tag = self.obtain(who, "GET", of).tag
        return self.obtain(who, method, path, body, tag).body

    def move(self, who: str, reference: str, trigger: str, **form: Any) -> str:
        """Fire a transition and tell where the request stands and whose turn it is."""
        tag = self.obtain(who, "GET", f"/requests/{reference}/status").tag
        path = f"/requests/{reference}/transitions"
        body = self.obtain(who, "POST", path, {"trigger": trigger, "form": form}, tag).body
        turn = " and ".join(body["turn"]) or "nobody's any more"
        self.tell(f"    {who} fires '{trigger}': {body['label']}. Turn: {turn}.")
        return str(body["state"])

    def state(self, who: str, reference: str) -> str:
        """Return the state that a request stands in."""
        return str(self.read(who, f"/requests/{reference}/status")["state"])

    def timeline(self, who: str, reference: str) -> list[dict[str, Any]]:
        """Read everything that happened to a request, page by page."""
        events: list[dict[str, Any]] = []
        cursor = ""
        while True:
            path = f"/requests/{reference}/timeline?limit=200{cursor}"
            page = self.read(who, path)
            events += page["items"]
            if page["next"] is None:
                return events
            cursor = f"&cursor={page['next']}"
