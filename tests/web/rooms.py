"""A served house with the cast of the play: requests told to any stage, and pages read and sent."""

import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2
import uvicorn
from playwright.sync_api import Locator, Page

from app.accounts import factors, sessions
from app.accounts import service as accounts
from app.accounts.sessions import Visitor
from app.accounts.tables import SecondFactor
from app.cli.demo import cast
from app.cli.demo.cast import Player
from app.cli.demo.stage import Reply, Stage
from app.cli.demo.story import Story
from app.kit import clock
from app.main import create_app
from app.wiring.callers import COOKIE
from app.wiring.house import House
from tests.conftest import settings_for

PATIENCE = 30_000
"""How long a page may take to come on a busy machine, in ms; a test that passes never waits so."""
ISSUER = "https://rooms.example"
COUNTRIES = ("KEN", "UGA", "FJI")
ENTITIES = ("itu", "undp", "unicef", "unodc", "un_women")


class Forms(HTMLParser):
    """The forms of a page by their address: what their fields hold as they are shown."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.found: dict[str, dict[str, list[str]]] = {}
        self._inside: dict[str, list[str]] | None = None
        self._text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take up a form or a field."""
        known = dict(attrs)
        if tag == "form" and known.get("method") == "post":
            self._inside = self.found.setdefault(known.get("action") or "", {})
        name, kind = known.get("name"), known.get("type")
        if self._inside is None or name is None:
            return
        held = self._inside.setdefault(name, [])
        if tag == "textarea":
            self._text = name
            held.append("")
        elif tag == "input" and (kind not in ("radio", "checkbox") or "checked" in known):
            held.append(known.get("value") or "")

    def handle_data(self, data: str) -> None:
        """Take up what stands in a text field; the first line break of one is the page's."""
        if self._text and self._inside is not None:
            self._inside[self._text][-1] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close a form or a text field."""
        self._text = ""
        if tag == "form":
            self._inside = None


@dataclass
class Reader:
    """One person at the pages, without JavaScript and without a browser."""

    http: httpx2.Client
    secret: str

    def get(self, path: str, language: str = "en") -> httpx2.Response:
        """Read a page."""
        return self.http.get(path, headers=self._headers(language))

    def send(self, page: str, /, to: str = "", **typed: Any) -> httpx2.Response:
        """Fill in a form of a page as it stands and send it; `to` is its address."""
        return self.post(to or page, self.form(page, to), typed)

    def form(self, page: str, to: str = "") -> dict[str, list[str]]:
        """Return what a form of a page holds."""
        shown = self.get(page)
        assert shown.status_code == 200, shown.text
        return Forms(shown.text).found[to or page]

    def post(self, path: str, held: Mapping[str, Any], typed: Mapping[str, Any]) -> httpx2.Response:
        """Send a form: what it held, and what was typed over it."""
        headers = self._headers() | {"sec-fetch-site": "same-origin"}
        return self.http.post(path, data={**held, **typed}, headers=headers)

    def _headers(self, language: str = "en") -> dict[str, str]:
        cookie = f"{COOKIE}={self.secret}"
        return {"cookie": cookie, "accept": "text/html", "accept-language": language}


@dataclass
class Rooms:
    """A served house and who plays in it."""

    url: str
    house: House
    http: httpx2.Client
    stage: Stage
    sessions: int = 0
    readers: dict[str, Reader] = field(default_factory=dict)

    def story(self, *countries: str) -> Story:
        """Begin a story."""
        return Story(self.stage, countries or ("KEN",), clock.today())

    def secret(self, who: str) -> str:
        """Return a new session of a player: one that gives its second factor goes on as another."""
        person = self.stage.players[who].person_id
        self.sessions += 1
        with self.house.database.writing() as session:
            account = accounts.link_identity(session, person, ISSUER, f"{who} {self.sessions}")
            return sessions.begin(session, account, Visitor("127.0.0.1"), pending=False).secret

    def through(self, page: Page, who: str, wanted: Locator) -> None:
        """Give the second factor where a page asks for it; then what is wanted is there."""
        asked = page.get_by_label("Code of your device")
        asked.or_(wanted).first.wait_for()
        if asked.is_visible():
            asked.fill(self.stage.code(self.stage.players[who]))
            page.get_by_role("button", name="Go on").click()
        wanted.wait_for()

    def reader(self, who: str) -> Reader:
        """Return a player at the pages."""
        if who not in self.readers:
            self.readers[who] = Reader(self.http, self.secret(who))
        return self.readers[who]


@contextmanager
def opened(template: Path, folder: Path) -> Iterator[Rooms]:
    """Serve a house of one's own."""
    file = folder / "entente.db"
    shutil.copy(template, file)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        app = create_app(settings_for(f"sqlite:///{file}"))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, loop="asyncio", ws="none"))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            with httpx2.Client(base_url=url, timeout=30) as http:
                yield Rooms(url, app.state.house, http, _stage(app.state.house, http))
        finally:
            server.should_exit = True
            thread.join(30)


def _stage(house: House, http: httpx2.Client) -> Stage:
    of_countries = [part for country in COUNTRIES for part in cast.country_parts(country)]
    parts = [*cast.DESK, *of_countries, *map(cast.entity_part, ENTITIES)]
    with house.database.writing() as session:
        players = {part.key: cast.enrol(session, house.key, part) for part in parts}

    def send(method: str, path: str, body: Any, headers: Mapping[str, str]) -> Reply:
        answer = http.request(method, path, json=body, headers=dict(headers))
        content = answer.json() if "json" in answer.headers.get("content-type", "") else answer.text
        return Reply(answer.status_code, content, answer.headers.get("etag", ""))

    return Stage(send, players, code=partial(_unused_code, house))


def _unused_code(house: House, player: Player) -> str:
    """Return what a player's device shows; it was not given before, however quick the play is."""
    with house.database.writing() as session:
        session.get_one(SecondFactor, player.person_id).last_step = None
    return factors.code_of(player.device, clock.now())
