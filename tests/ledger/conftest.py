"""A real log on each database: several requests played through the API, then anchored."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.cli.demo import cast
from app.cli.demo.filings import KENYA
from app.cli.demo.play import main_play
from app.cli.demo.stage import Stage, by
from app.cli.demo.story import Story
from app.kit import clock
from app.ledger.places import Folder
from app.requests.service import proof
from tests.conftest import copied, settings_for
from tests.factories.clients import Clients


@dataclass(frozen=True, slots=True)
class Log:
    """A service whose log was played, where its anchors are, and one request that was closed."""

    clients: Clients
    stage: Stage
    place: Folder
    reference: str


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def log(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Log]:
    """The log of one long journey and six short ones."""
    folder = tmp_path_factory.mktemp("log")
    with ExitStack() as opened:
        if request.param == "sqlite":
            shutil.copy(request.getfixturevalue("sqlite_template"), folder / "log.db")
            url = f"sqlite:///{folder / 'log.db'}"
        else:
            url = opened.enter_context(copied(request.getfixturevalue("postgres_template")))
        yield play(opened.enter_context(_clients(url, folder / "anchors")), folder / "anchors")


def _clients(url: str, anchors: Path) -> Clients:
    return Clients(settings_for(url).model_copy(update={"anchor_folder": anchors}))


def play(clients: Clients, anchors: Path) -> Log:
    """Play the journeys and anchor what happened, in two anchors."""
    place = Folder(anchors)
    stage = _stage(clients)
    reference = main_play(stage, datetime.now(UTC).date())
    database = clients.house.database
    assert proof.anchor_all(database, place, clock.now()) == 1
    for _ in range(6):
        story = Story(stage, ("KEN",), datetime.now(UTC).date())
        story.file(KENYA)
        story.submit()
        story.triage()
    assert proof.anchor_all(database, place, clock.now()) == 1
    return Log(clients, stage, place, reference)


def _stage(clients: Clients) -> Stage:
    house = clients.house
    with house.database.writing() as session:
        players = cast.gather(session, house.key, cast.everybody(session, ["KEN"]))
    return Stage(by(clients.http), players)
