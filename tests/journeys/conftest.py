"""The stage of the journeys: the play of the demonstration, on a real service and database."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from app.cli.demo import cast
from app.cli.demo.stage import Reply, Stage
from app.cli.demo.story import Story
from app.directory.schemas import GrantBody
from app.jobs import deadlines
from app.kit import clock
from tests.factories.clients import Clients

Tell = Callable[..., Story]
Enrol = Callable[..., str]
Sweep = Callable[[], int]

COUNTRIES = ("KEN", "UGA", "FJI", "WSM", "JOR")
SECOND_REVIEWER = cast.Part("reviewer2", "Aiko Mori, rights reviewer", "rights_reviewer")


@pytest.fixture
def stage(clients: Clients) -> Stage:
    """The cast of the play, at the API of a fresh service."""

    def send(method: str, path: str, body: Any, headers: Mapping[str, str]) -> Reply:
        answer = clients.http.request(method, path, json=body, headers=dict(headers))
        typed = answer.headers.get("content-type", "")
        content = answer.json() if "json" in typed else answer.text
        return Reply(answer.status_code, content, answer.headers.get("etag", ""))

    house = clients.house
    with house.database.writing() as session:
        parts = [*cast.DESK, SECOND_REVIEWER]
        parts += [part for country in COUNTRIES for part in cast.country_parts(country)]
        parts += [cast.entity_part(entity) for entity in cast.assignable(session)]
        players = {part.key: cast.enrol(session, house.key, part) for part in parts}
    return Stage(send, players)


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
        stage.players[key] = cast.Player(part, client.person_id, client.token)
        return key

    return put


@pytest.fixture
def sweep(clients: Clients) -> Sweep:
    """Let the system do what time asks for; returns how many requests moved."""
    house = clients.house
    return lambda: deadlines.sweep(house.database, house.shelf, clock.now())
