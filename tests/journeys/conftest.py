"""The stage of the journeys: the play of the demonstration, on a real service and database.

Beside the journey's own country lie its neighbours, and every answer is judged by their markers.
"""

import logging
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.cli.demo import cast
from app.cli.demo.cast import Player
from app.cli.demo.stage import Reply, Stage
from app.cli.demo.story import Story
from app.directory.schemas import GrantBody
from app.jobs import deadlines
from app.kit import clock
from tests.conftest import admin, settings_for
from tests.factories.clients import Clients
from tests.journeys.neighbours import settle
from tests.journeys.recorder import Recorder, Tally

Tell = Callable[..., Story]
Enrol = Callable[..., str]
Sweep = Callable[[], int]

Casts = dict[str, dict[str, Player]]
"""The players of the journeys, by the name of the database's dialect and by key."""


WHOLE = 50
"""As many journeys as one process plays at least, when the whole run is shared by two."""


@pytest.fixture(scope="session")
def casts() -> Casts:
    """Who plays on which database; filled where the templates are made."""
    return {}


@pytest.fixture(scope="session")
def tally() -> Iterator[Tally]:
    """What the recorders of this run have judged: thousands of answers, if it is a whole run."""
    judged = Tally()
    yield judged
    assert judged.answers >= 40 * judged.journeys, judged
    assert judged.answers >= 2000 or judged.journeys < WHOLE, judged


@pytest.fixture(scope="session")
def sqlite_template(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, casts: Casts
) -> Path:
    """A SQLite file with the cast and the neighbours, to be copied."""
    file = tmp_path_factory.mktemp("neighbours") / "template.db"
    shutil.copy(sqlite_template, file)
    with Clients(settings_for(f"sqlite:///{file}")) as clients:
        casts["sqlite"] = settle(clients)
    return file


@pytest.fixture(scope="session")
def postgres_template(server: str, postgres_template: sa.URL, casts: Casts) -> sa.URL:
    """A PostgreSQL database with the cast and the neighbours, to be copied."""
    url = postgres_template.set(database="entente_neighbours")
    admin(server, f'CREATE DATABASE "entente_neighbours" TEMPLATE "{postgres_template.database}"')
    with Clients(settings_for(url.render_as_string(hide_password=False))) as clients:
        casts["postgresql"] = settle(clients)
    return url


@pytest.fixture(autouse=True)
def recorder(
    request: pytest.FixtureRequest, clients: Clients, tally: Tally, caplog: pytest.LogCaptureFixture
) -> Iterator[Recorder]:
    """Judge every answer of a journey, and at its end what people at the side can find."""
    caplog.set_level(logging.INFO, logger="entente")
    listening = Recorder(clients, tally)
    listening.start()
    tally.journeys += "stage" in request.fixturenames
    yield listening
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    listening.search_what_was_kept("\n".join(str(vars(record)) for record in records))
    listening.verdict()


@pytest.fixture
def stage(clients: Clients, recorder: Recorder, casts: Casts) -> Iterator[Stage]:
    """The cast of the play, at the API of a service with neighbours."""

    def send(method: str, path: str, body: Any, headers: Mapping[str, str]) -> Reply:
        answer = clients.http.request(method, path, json=body, headers=dict(headers))
        typed = answer.headers.get("content-type", "")
        content = answer.json() if "json" in typed else answer.text
        return Reply(answer.status_code, content, answer.headers.get("etag", ""))

    players = casts[clients.house.database.engine.dialect.name]
    yield Stage(send, dict(players))
    recorder.glance(players)


@pytest.fixture
def story(stage: Stage) -> Tell:
    """Begin a story for some countries, on the stage's day."""

    def begin(*countries: str) -> Story:
        return Story(stage, countries or ("KEN",), datetime.now(UTC).date())

    return begin


@pytest.fixture
def enrol(stage: Stage, clients: Clients) -> Enrol:
    """Enrol one more player, who holds several roles at once, under a key."""

    def put(key: str, *grants: GrantBody) -> str:
        client = clients.person(list(grants))
        part = cast.Part(key, key, grants[0].role)
        stage.players[key] = cast.Player(part, client.person_id, client.token, client.device)
        return key

    return put


@pytest.fixture
def sweep(clients: Clients) -> Sweep:
    """Let the system do what time asks for; returns how many requests moved."""
    shelf = clients.house.shelf
    return lambda: deadlines.sweep(clients.office, shelf, clock.now())
