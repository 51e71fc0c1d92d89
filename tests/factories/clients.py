"""Clients of the service: who acts is part of the test."""

from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

from fastapi.testclient import TestClient

from app.accounts import factors
from app.config import Settings
from app.directory import service as directory
from app.directory.schemas import EVERY_SCOPE, GrantBody, PersonBody, Role, TokenBody
from app.kit import clock
from app.kit.db import Database
from app.main import create_app
from app.wiring.house import House
from tests.factories.caller import Caller

BASE = "/api/v1"


def code_now(device: str, periods: int = 0) -> str:
    """Return what a device shows now, or so many periods of 30 seconds later."""
    return factors.code_of(device, clock.now() + timedelta(seconds=30 * periods))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service answered."""

    status: int
    body: Any
    headers: Any

    @property
    def revision(self) -> int:
        """The revision in the ETag."""
        return int(self.headers["etag"].strip('"'))

    @property
    def codes(self) -> list[str]:
        """The codes of the reasons against, if it is a refusal by rule."""
        return [blocker["code"] for blocker in self.body.get("blockers", [])]

    def ok(self) -> "Answer":
        """Return itself if it is a success; otherwise fail with the whole answer."""
        assert self.status < 300, f"{self.status}: {self.body}"
        return self


@dataclass(frozen=True, slots=True)
class Client:
    """One person at the API."""

    http: TestClient
    person_id: int
    token: str
    device: str = ""

    def call(self, method: str, path: str, json: Any = None, **headers: str) -> Answer:
        """Make one call; header names are written with underscores: `if_match='"3"'`.

        Told to give the second factor, it gives it as its person would, and calls once more.
        """
        answer = self.once(method, path, json, **headers)
        if answer.status == 403 and answer.body["code"] == "assurance.step_up" and self.device:
            self.step_up().ok()
            answer = self.once(method, path, json, **headers)
        return answer

    def step_up(self) -> Answer:
        """Give the second factor; the next code where the present one was given already."""
        answer = self.once("POST", "/me/step-up", {"code": code_now(self.device)})
        if answer.status == 403 and answer.body["code"] == "second_factor.wrong":
            answer = self.once("POST", "/me/step-up", {"code": code_now(self.device, 1)})
        return answer

    def once(self, method: str, path: str, json: Any = None, **headers: str) -> Answer:
        """Make one call and take whatever the answer is."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named.setdefault("authorization", f"Bearer {self.token}")
        answer = self.http.request(method, BASE + path, json=json, headers=named)
        typed = answer.headers.get("content-type", "")
        body = answer.json() if "json" in typed else answer.text
        return Answer(answer.status_code, body, answer.headers)

    def get(self, path: str, **headers: str) -> Answer:
        """Read."""
        return self.call("GET", path, **headers)

    def post(self, path: str, json: Any = None, **headers: str) -> Answer:
        """Add."""
        return self.call("POST", path, json, **headers)

    def change(self, method: str, path: str, json: Any = None, of: str | None = None) -> Answer:
        """Change: read the present tag of `of` (default: the request in the path), then send."""
        target = of or "/".join(path.split("/")[:3])
        tag = self.get(target).ok().headers["etag"]
        return self.call(method, path, json, if_match=tag)

    def move(self, reference: str, trigger: str, /, **form: Any) -> Answer:
        """Fire a transition on what is there now."""
        tag = self.get(f"/requests/{reference}/status").ok().headers["etag"]
        body = {"trigger": trigger, "form": form}
        return self.post(f"/requests/{reference}/transitions", body, if_match=tag)

    def state(self, reference: str) -> str:
        """Return the state that a request stands in."""
        return str(self.get(f"/requests/{reference}/status").ok().body["state"])


class Clients:
    """The service and the people who use it."""

    def __init__(self, settings: Settings) -> None:
        """Build the service; it starts with the context."""
        self.app = create_app(settings)
        self.http: TestClient = Caller(self.app)
        self._office: Database | None = None
        self._made: dict[tuple[str, str | None, str | None, int], Client] = {}

    @property
    def house(self) -> House:
        """The house behind the service."""
        house: House = self.app.state.house
        return house

    @property
    def office(self) -> Database:
        """The same database as the command line and the worker open it: in the house's sight."""
        if self._office is None:
            house = self.house
            self._office = Database(house.settings.database_url, 2, house.keyring)
        return self._office

    def __enter__(self) -> Self:
        """Start the service."""
        self.http.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the service."""
        if self._office is not None:
            self._office.close()
        self.http.__exit__(kind, fault, trace)

    def as_(
        self, role: Role, country: str | None = None, entity: str | None = None, nth: int = 1
    ) -> Client:
        """Return the client of a person with that role; `nth` tells several such persons apart."""
        key = (role, country, entity, nth)
        if key not in self._made:
            self._made[key] = self.person([GrantBody(role=role, country=country, entity=entity)])
        return self._made[key]

    def person(self, grants: list[GrantBody]) -> Client:
        """Enrol a person with several roles and return their client."""
        house = self.house
        with house.database.writing() as session:
            body = PersonBody(name=f"Person {len(self._made) + 1}", grants=tuple(grants))
            person = directory.enrol(session, None, body)
            wanted = (person.id, TokenBody(name="tests", scopes=EVERY_SCOPE))
            secret, _ = directory.issue_token(session, None, house.key, wanted)
            device = factors.enrol_at_once(session, person.id)
            person_id = person.id
        return Client(self.http, person_id, secret, device)

    def anonymous(self) -> Client:
        """Return a client whose token nobody knows."""
        return Client(self.http, 0, "ent_" + "x" * 43)
