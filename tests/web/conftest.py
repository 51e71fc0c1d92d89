"""A served house, an independent identity provider, and a real browser."""

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import playwright
import pytest
import uvicorn
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    expect,
    sync_playwright,
)
from pydantic import SecretStr

from app.accounts import factors, links
from app.accounts import service as accounts
from app.accounts.hashing import Hasher
from app.directory import service as directory
from app.directory.schemas import GrantBody, PersonBody, Role
from app.main import create_app
from app.wiring.house import House
from scripts.browser import program
from tests.accounts.conftest import CHEAP, PASSWORD, Member
from tests.conftest import settings_for
from tests.factories.clients import Clients
from tests.web.readers import Reader, signed_in
from tests.web.rooms import Rooms, opened
from tests.web.stages import Stage, staged
from tests.web.windows import PATIENCE, Watch, Window, watched

PROVIDER = Path(__file__).parents[1] / "provider"
NODE = Path(playwright.__file__).parent / "driver" / "node"
SECRET = "a-secret-for-tests-only"
SWITCHES = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


@dataclass(frozen=True)
class Place:
    """A served house with an identity provider."""

    url: str
    issuer: str
    house: House

    def person(self, name: str) -> tuple[int, str]:
        """Enrol a person; return who it is and the secret of an invitation."""
        with self.house.database.writing() as session:
            grants = (GrantBody(role="desk_officer"),)
            body = PersonBody(name=name, email=f"{name}@example.org", grants=grants)
            person = directory.enrol(session, None, body)
            return person.id, links.make(session, person.id, links.INVITATION)

    def member(self, name: str, *, device: bool = False) -> Member:
        """Enrol a person with a password, and a device if wanted."""
        number, link = self.person(name)
        with self.house.database.writing() as session:
            accounts.set_password(session, link, links.INVITATION, self.house.hasher.hash(PASSWORD))
            secret = factors.enrol_at_once(session, number) if device else ""
        return Member(number, f"{name}@example.org", secret)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def provided(redirect: str) -> Iterator[str]:
    """Start the identity provider; give its issuer."""
    if not (PROVIDER / "node_modules").is_dir():
        pytest.fail("no identity provider for the tests: run scripts/install-test-needs")
    port = free_port()
    command = [str(NODE), "provider.mjs", str(port), redirect]
    with (
        tempfile.TemporaryFile("w+") as why,
        subprocess.Popen(
            command, cwd=PROVIDER, stdout=subprocess.PIPE, stderr=why, text=True
        ) as node,
    ):
        try:
            assert node.stdout
            said = node.stdout.readline().split()
            why.seek(0)
            assert said[:1] == ["ready"], f"the identity provider did not start: {why.read()}"
            yield said[1]
        finally:
            node.terminate()


@contextmanager
def served(database_url: str) -> Iterator[Place]:
    """Serve a house whose people can sign in at a provider."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with provided(f"{url}/oidc/callback") as issuer:
            update = {
                "public_url": url,
                "oidc_issuer": issuer,
                "oidc_client_secret": SecretStr(SECRET),
            }
            app = create_app(settings_for(database_url).model_copy(update=update))
            app.state.house.hasher = Hasher(**CHEAP)
            server = uvicorn.Server(uvicorn.Config(app, log_config=None, loop="asyncio", ws="none"))
            thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
            thread.start()
            try:
                yield Place(url, issuer, app.state.house)
            finally:
                server.should_exit = True
                thread.join(30)


class Hall:
    """A house whose pages several tests of a file visit, and whoever visits them."""

    def __init__(self, clients: Clients) -> None:
        """Keep the clients."""
        self.clients = clients

    def reader(
        self, role: Role, country: str | None = None, entity: str | None = None, nth: int = 1
    ) -> Reader:
        """Return a person with that role who reads pages, and has given a second factor."""
        person = self.clients.as_(role, country, entity, nth).person_id
        return Reader(self.clients.http, signed_in(self.clients.house, person, assured=True))

    def unassured(self, role: Role, country: str | None = None) -> Reader:
        """Return the same person in a browser in which no second factor was given yet."""
        person = self.clients.as_(role, country).person_id
        return Reader(self.clients.http, signed_in(self.clients.house, person))


def texts(shown: Locator, number: int | None = None) -> list[str]:
    """Return the texts of what is shown, once the page has come whole (and as many, if told)."""
    shown.page.wait_for_load_state()
    if number is None:
        expect(shown).not_to_have_count(0)
    else:
        expect(shown).to_have_count(number)
    return shown.all_inner_texts()


@pytest.fixture(scope="module")
def hall(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """The whole service on one database for a file: its tests file requests of their own."""
    file = tmp_path_factory.mktemp("hall") / "entente.db"
    shutil.copy(sqlite_template, file)
    with Clients(settings_for(f"sqlite:///{file}")) as clients:
        yield Hall(clients)


@pytest.fixture(scope="module")
def coordinator(hall: Hall) -> Reader:
    """A coordinator at the pages of the hall."""
    return hall.reader("resident_coordinator", "KEN")


@pytest.fixture(scope="module")
def desk(hall: Hall) -> Reader:
    """Somebody of the desk there."""
    return hall.reader("desk_officer")


@pytest.fixture(scope="module")
def place(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A served house; what happens in the browser does not depend on the kind of database."""
    file = tmp_path_factory.mktemp("web") / "entente.db"
    shutil.copy(sqlite_template, file)
    with served(f"sqlite:///{file}") as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real browser."""
    found = program()
    if found is None:
        pytest.fail("no Chromium for the tests: run scripts/install-test-needs")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as kit:
        browser = kit.chromium.launch(executable_path=found, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """Whether the windows run scripts."""
    return bool(request.param)


@pytest.fixture
def watch(place: Place, chromium: Browser) -> Iterator[Watch]:
    """Fresh windows at the house; what they may not ask for is heard."""
    with watched(chromium, place.url, place.issuer) as watching:
        yield watching


@pytest.fixture
def visit(watch: Watch, *, scripts: bool) -> BrowserContext:
    """A fresh browser window, with and without JavaScript."""
    return watch.open(java_script_enabled=scripts)


@pytest.fixture(scope="module")
def whole_stage(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, chromium: Browser
) -> Iterator[Stage]:
    """A served house of which one test after the other takes windows."""
    file = tmp_path_factory.mktemp("stage") / "entente.db"
    shutil.copy(sqlite_template, file)
    with staged(settings_for(f"sqlite:///{file}"), chromium) as stage:
        yield stage


@pytest.fixture
def stage(whole_stage: Stage) -> Iterator[Stage]:
    """The stage; at the end its windows are closed, and nothing may have been heard in them."""
    yield whole_stage
    whole_stage.clear()


@pytest.fixture(scope="module")
def rooms(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    """A served house with the cast of the play, for the pages of a request's rooms."""
    with opened(sqlite_template, tmp_path_factory.mktemp("rooms")) as running:
        yield running


@pytest.fixture
def window(rooms: Rooms, chromium: Browser, *, scripts: bool) -> Iterator[Window]:
    """Open a window for a player, with and without JavaScript."""
    with watched(chromium, rooms.url) as watching:

        def open_one(who: str, *, assured: bool = True) -> Page:
            secret = rooms.secret(who, assured=assured)
            return watching.open(secret, java_script_enabled=scripts).new_page()

        yield open_one
