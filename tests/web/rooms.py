"""A served house with the cast of the play: requests told to any stage, and pages read and sent."""

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Thread

import httpx2
import uvicorn
from playwright.sync_api import Locator, Page

from app.accounts import factors
from app.accounts.tables import SecondFactor
from app.cli.demo import cast
from app.cli.demo.cast import Player
from app.cli.demo.stage import Stage, by
from app.cli.demo.story import Story
from app.kit import clock
from app.main import create_app
from app.wiring.house import House
from tests.conftest import settings_for
from tests.web.readers import Reader, signed_in

COUNTRIES = ("KEN", "UGA", "FJI")
ENTITIES = ("itu", "undp", "unicef", "unodc", "un_women")


@dataclass
class Rooms:
    """A served house and who plays in it."""

    url: str
    house: House
    http: httpx2.Client
    stage: Stage
    readers: dict[str, Reader] = field(default_factory=dict)

    def story(self, *countries: str) -> Story:
        """Begin a story."""
        return Story(self.stage, countries or ("KEN",), clock.today())

    def secret(self, who: str, *, assured: bool = True) -> str:
        """Return a new session of a player, who has just given the second factor (or has not)."""
        return signed_in(self.house, self.stage.players[who].person_id, assured=assured)

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
def opened(
    template: Path, folder: Path, players: dict[str, Player] | None = None
) -> Iterator[Rooms]:
    """Serve a house of one's own on a copy of a database; its players, where it has them already."""
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
                known = players or _cast(app.state.house)
                code = partial(_unused_code, app.state.house)
                yield Rooms(url, app.state.house, http, Stage(by(http), known, code=code))
        finally:
            server.should_exit = True
            thread.join(30)


def _cast(house: House) -> dict[str, Player]:
    of_countries = [part for country in COUNTRIES for part in cast.country_parts(country)]
    parts = [*cast.DESK, *of_countries, *map(cast.entity_part, ENTITIES)]
    with house.database.writing() as session:
        return cast.gather(session, house.key, parts)


def _unused_code(house: House, player: Player) -> str:
    """Return what a player's device shows; it was not given before, however quick the play is."""
    with house.database.writing() as session:
        session.get_one(SecondFactor, player.person_id).last_step = None
    return factors.code_of(player.device, clock.now())
