"""People with accounts, and browsers in their hands."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.accounts import factors, links
from app.accounts import service as accounts
from app.accounts.hashing import Hasher
from app.directory import service as directory
from app.directory.schemas import GrantBody, PersonBody, Role
from app.wiring.callers import COOKIE
from app.wiring.house import House
from tests.factories.clients import BASE, Answer, Client, Clients, code_now

PASSWORD = "violet kettle orbits quietly"
CHEAP = {"memory_kib": 8, "rounds": 1}
"""The cost of passwords in tests that are not about it."""


@dataclass
class Browser:
    """A browser as the service sees it: it keeps the cookie and knows the page's token."""

    http: TestClient
    session: str = ""
    csrf: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, json: Any = None, **headers: str) -> Answer:
        """Make one call as a page of ours does."""
        named = {"sec-fetch-site": "same-origin", "x-csrf-token": self.csrf, **self.headers}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.bare(method, path, json=json, headers=named)

    def bare(self, method: str, path: str, headers: dict[str, str], **sent: Any) -> Answer:
        """Make one call with these headers and the cookie, and nothing else."""
        with_cookie = {**headers, "cookie": f"{COOKIE}={self.session}"} if self.session else headers
        self.http.cookies.clear()
        answer = self.http.request(method, BASE + path, headers=with_cookie, **sent)
        body = answer.json() if "json" in answer.headers.get("content-type", "") else answer.text
        self._keep(answer.headers.get("set-cookie", ""), body)
        return Answer(answer.status_code, body, answer.headers)

    def _keep(self, cookie: str, body: Any) -> None:
        name, _, rest = cookie.partition("=")
        if name == COOKIE:
            self.session = rest.partition(";")[0].strip('"')
            made = body.get("session", body) if isinstance(body, dict) else {}
            self.csrf = (made or {}).get("csrf", "")

    def get(self, path: str, **headers: str) -> Answer:
        """Read."""
        return self.call("GET", path, **headers)

    def post(self, path: str, json: Any = None, **headers: str) -> Answer:
        """Add."""
        return self.call("POST", path, json, **headers)


@dataclass
class Member:
    """A person with a local account, perhaps with a device."""

    person_id: int
    login: str
    device: str = ""


@dataclass
class Signing:
    """The service, people with accounts, and browsers."""

    clients: Clients

    @property
    def house(self) -> House:
        """The house behind the service."""
        return self.clients.house

    def member(
        self, name: str = "ada", device: bool = False, role: Role = "desk_officer"
    ) -> Member:
        """Enrol a person with a local account, as an accepted invitation leaves it."""
        login = f"{name}@example.org"
        with self.house.database.writing() as session:
            body = PersonBody(name=name, email=login, grants=(GrantBody(role=role),))
            person = directory.enrol(session, None, body)
            link = links.make(session, person.id, links.INVITATION)
            hashed = self.house.hasher.hash(PASSWORD)
            accounts.set_password(session, link, links.INVITATION, hashed)
            secret = factors.enrol_at_once(session, person.id) if device else ""
            return Member(person.id, login, secret)

    def browser(self, of: Clients | None = None) -> Browser:
        """Return a browser that is not signed in."""
        return Browser((of or self.clients).http)

    def sign_in(self, member: Member, browser: Browser | None = None) -> Browser:
        """Sign a person in, with the second factor if there is one."""
        used = browser or self.browser()
        made = used.post("/session", {"login": member.login, "password": PASSWORD}).ok()
        if made.body["pending"]:
            used.post("/session/second-factor", {"code": code_now(member.device)}).ok()
        return used

    def administrator(self) -> Client:
        """Return the client of an administrator."""
        return self.clients.as_("administrator")


@pytest.fixture
def signing(clients: Clients) -> Signing:
    """Signing in at the whole service, with passwords that cost little."""
    clients.house.hasher = Hasher(**CHEAP)
    return Signing(clients)
