"""The lanes of the kill drill: databases that stand in the same situation, each with a service.

As many calls as there are lanes are killed at once, each at a point of its own: to make a process
that dies costs more than the call.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from fastapi import FastAPI

from app.main import create_app
from tests.conftest import copied, settings_for
from tests.drills.ground import Ground, PostgresGround, SqliteGround
from tests.drills.situations import Situations

MANY = 4


@dataclass
class Lane:
    """A ground, a service on it, and the situation that the ground stands in."""

    ground: Ground
    app: FastAPI
    situation: str = ""

    def stand(self, situation: str) -> None:
        """Put the ground into a situation, if it is in another one: a drill leaves it as it was."""
        if self.situation != situation:
            self.ground.stand(situation)
            self.situation = situation


@contextmanager
def sqlite_lanes(situations: Situations, folder: Path) -> Iterator[Sequence[Lane]]:
    """Give lanes on files."""
    places = [folder / str(number) for number in range(MANY)]
    for place in places:
        place.mkdir()
    with _lanes([SqliteGround(situations, place) for place in places]) as lanes:
        yield lanes


@contextmanager
def postgres_lanes(situations: Situations, template: sa.URL) -> Iterator[Sequence[Lane]]:
    """Give lanes on copies of a database."""
    with ExitStack() as stack:
        urls = [stack.enter_context(copied(template)) for _ in range(MANY)]
        grounds = [PostgresGround(situations, url) for url in urls]
        for ground in grounds:
            stack.callback(ground.close)
        with _lanes(grounds) as lanes:
            yield lanes


@contextmanager
def _lanes(grounds: Sequence[Ground]) -> Iterator[Sequence[Lane]]:
    lanes = [Lane(ground, create_app(settings_for(ground.url))) for ground in grounds]
    yield lanes
    for lane in lanes:
        lane.app.state.house.database.close()
