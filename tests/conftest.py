"""What every test may ask for: a house on each database, people with roles, and clients for them."""

import gc
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from app.config import Settings
from app.kit.db import Database
from app.kit.schema import migrate
from app.requests import access
from app.setting_up import load_reference
from app.wiring.house import House, open_house
from tests.factories.clients import Clients
from tests.factories.nets import forget_statements
from tests.pg import by_socket, postgres_server
from tests.sampling import divided
from tests.warm import share_what_is_prepared

TOKEN_KEY = "a key for tests only"
BY_FILE = "STRATEGY FILE_COPY"
"""How a template is copied for half the cost: not by way of the server's log."""


RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or secrets.token_hex(8)
PLACE = Path(tempfile.gettempdir()) / f"entente-tests-{RUN}"
PLACE.mkdir(mode=0o700, exist_ok=True)
KEYS = PLACE / "keys"
"""One keyring a run: workers copy each other's databases, and need the keys they were made with."""
FILES = PLACE / f"files-{os.getpid()}"
for name in ("API", "FILING", "EXPORT"):
    os.environ[f"ENTENTE_{name}_LIMIT"] = "0"  # tests are in haste
os.environ["ENTENTE_KEYS_FILE"] = str(KEYS)  # for the servers and commands that tests start
os.environ["ENTENTE_FILES_FOLDER"] = str(FILES)
share_what_is_prepared()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep an ordinary run short: see tests/sampling.py."""
    items[:], rest = divided(items)
    config.hook.pytest_deselected(items=rest)


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and not among what is imported: what tests make is small."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def settings_for(url: str) -> Settings:
    """Return settings for one database."""
    return Settings(database_url=url, token_key=SecretStr(TOKEN_KEY), keys_file=KEYS)


def prepare(url: str) -> None:
    """Bring a database to the newest schema and load what every installation holds."""
    database = Database(url)
    migrate(database.engine)
    house = open_house(settings_for(url))
    with house.database.writing() as session:
        load_reference(session, house.shelf)
    house.database.close()
    database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated and loaded SQLite file, to be copied."""
    file = tmp_path_factory.mktemp("template") / "template.db"
    prepare(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server for this worker."""
    with postgres_server() as url:
        yield by_socket(url)


@pytest.fixture(scope="session")
def postgres_template(server: str) -> sa.URL:
    """A migrated and loaded PostgreSQL database, to be copied."""
    url = sa.make_url(server).set(database="entente_template")
    admin(server, 'CREATE DATABASE "entente_template"')
    prepare(url.render_as_string(hide_password=False))
    return url


def admin(server: str, statement: str) -> None:
    """Carry out a statement as the owner of a PostgreSQL server."""
    url = sa.make_url(server).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh, loaded database: each test runs on both kinds."""
    if request.param == "sqlite":
        file = tmp_path / "entente.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    with copied(request.getfixturevalue("postgres_template")) as url:
        yield url


@contextmanager
def copied(template: sa.URL) -> Iterator[str]:
    """Give the URL of a copy of a PostgreSQL database, and drop it at the end."""
    name = f"copy_{secrets.token_hex(6)}"
    server = template.set(drivername="postgresql", database="postgres")
    with psycopg.connect(server.render_as_string(False), autocommit=True) as owner:
        owner.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template.database}" {BY_FILE}')
        yield template.set(database=name).render_as_string(hide_password=False)
        owner.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def see_all(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """A planted fault: when it is called, everybody may know of every request."""

    def plant() -> None:
        forget_statements()
        monkeypatch.setattr(access, "visible", lambda _actor: sa.true())

    yield plant
    monkeypatch.undo()
    forget_statements()


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    """A house on a fresh database."""
    opened = open_house(settings_for(database_url))
    yield opened
    opened.database.close()


@pytest.fixture
def clients(database_url: str) -> Iterator[Clients]:
    """The whole service on a fresh database, and clients for whoever is asked for."""
    with Clients(settings_for(database_url)) as opened:
        yield opened
