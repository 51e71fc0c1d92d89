"""The stage of the journeys: the play of the demonstration, on a real service and database.

Beside the journey's own country lie its neighbours, and every answer is judged by their markers.
Walks from beginning to end begin with nothing of their own; what is about a later stage asks for
`at_screening` or `at_matching` and begins there.
"""

import logging
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.cli.demo import cast
from app.cli.demo.play import entities_of
from app.cli.demo.stage import Stage, by
from app.cli.demo.story import Story
from app.directory.schemas import GrantBody
from app.jobs import deadlines
from app.kit import clock
from tests.conftest import FILES, PLACE, admin, copied
from tests.drills.ground import carry
from tests.factories.clients import Clients
from tests.journeys.beginnings import BEGINNINGS, NEIGHBOURS, Begun, begun_once
from tests.journeys.recorder import Recorder, Tally

Tell = Callable[..., Story]
Enrol = Callable[..., str]
Sweep = Callable[[], int]

WHOLE = 50
"""As many journeys as one process plays at least, when the whole run is shared by two."""
SEVERAL = 10
"""Of so many journeys the mean says something; a process may get a few short ones alone."""


@pytest.fixture(scope="session")
def tally() -> Iterator[Tally]:
    """What the recorders of this run have judged: thousands of answers, if it is a whole run."""
    judged = Tally()
    yield judged
    assert judged.answers >= 40 * judged.journeys or judged.journeys < SEVERAL, judged
    assert judged.answers >= 2000 or judged.journeys < WHOLE, judged


@pytest.fixture(scope="session")
def begun(sqlite_template: Path) -> Begun:
    """What journeys begin from, played once a run; each worker takes the files of the play."""
    played = begun_once(PLACE, sqlite_template)
    shutil.copytree(played.files, FILES, dirs_exist_ok=True)
    return played


@pytest.fixture(scope="session")
def carried(server: str, postgres_template: sa.URL, begun: Begun) -> Callable[[str], sa.URL]:
    """Gives a beginning on PostgreSQL: its rows, brought over once a worker."""

    @cache
    def over(beginning: str) -> sa.URL:
        url = postgres_template.set(database=f"entente_{beginning}")
        admin(server, f'CREATE DATABASE "{url.database}" TEMPLATE "{postgres_template.database}"')
        carry(begun.file(beginning), url)
        return url

    return over


def beginning_of(request: pytest.FixtureRequest) -> str:
    """Return what a test begins from."""
    named = [one for one in BEGINNINGS if f"at_{one}" in request.fixturenames]
    return named[0] if named else NEIGHBOURS


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, begun: Begun) -> Iterator[str]:
    """The URL of a fresh database of each kind, at the beginning that the test names."""
    beginning = beginning_of(request)
    if request.param == "sqlite":
        file = tmp_path / "entente.db"
        shutil.copy(begun.file(beginning), file)
        yield f"sqlite:///{file}"
        return
    with copied(request.getfixturevalue("carried")(beginning)) as url:
        yield url


@pytest.fixture(autouse=True)
def recorder(
    request: pytest.FixtureRequest, clients: Clients, tally: Tally, caplog: pytest.LogCaptureFixture
) -> Iterator[Recorder]:
    """Judge every answer of a journey, and at its end what people at the side can find."""
    caplog.set_level(logging.INFO, logger="entente")
    listening = Recorder(clients, tally)
    listening.start()
    tally.journeys += "stage" in request.fixturenames and beginning_of(request) == NEIGHBOURS
    yield listening
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    listening.search_what_was_kept("\n".join(str(vars(record)) for record in records))
    listening.verdict()


@pytest.fixture
def stage(clients: Clients, recorder: Recorder, begun: Begun) -> Iterator[Stage]:
    """The cast of the play, at the API of a service with neighbours."""
    yield Stage(by(clients.http), dict(begun.players))
    recorder.glance(begun.players)


@pytest.fixture
def story(stage: Stage) -> Tell:
    """Begin a story for some countries, on the stage's day."""

    def begin(*countries: str) -> Story:
        return Story(stage, countries or ("KEN",), datetime.now(UTC).date())

    return begin


@pytest.fixture
def at_screening(stage: Stage, begun: Begun) -> Story:
    """An ordinary request of Kenya, assessed; its screening begins."""
    return begun.story(stage, "screening")


@pytest.fixture
def at_matching(stage: Stage, begun: Begun) -> Story:
    """An ordinary request of Kenya, screened; entities are sought."""
    return begun.story(stage, "matching")


@pytest.fixture
def at_matching_of_two(stage: Stage, begun: Begun) -> Story:
    """A request of Kenya for training and for a response team; entities are sought."""
    return begun.story(stage, "matching_of_two")


@pytest.fixture
def offered(at_matching_of_two: Story) -> tuple[Story, list[str]]:
    """A request at its offer, and the entities asked."""
    return at_matching_of_two, entities_of(at_matching_of_two.offer())


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
