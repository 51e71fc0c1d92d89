"""What the drills stand on: the situations, played once for all workers, and a ground of each kind."""

import fcntl
import pickle
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.conftest import copied
from tests.drills import lanes
from tests.drills.bearer import Bearer, bearing
from tests.drills.ground import Ground, PostgresGround, SqliteGround
from tests.drills.lanes import Lane
from tests.drills.situations import Situations, play_all


@pytest.fixture(scope="session")
def situations(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Situations:
    """Every situation. The first worker plays them, the others wait and read."""
    root = tmp_path_factory.getbasetemp()
    shared = (root.parent if root.name.startswith("popen-") else root) / "situations"
    shared.mkdir(exist_ok=True)
    index = shared / "index"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not index.exists():
            index.write_bytes(pickle.dumps(play_all(sqlite_template, shared)))
    kept: Situations = pickle.loads(index.read_bytes())  # noqa: S301 - our own file of a moment ago
    return kept


@pytest.fixture(scope="session")
def bearer() -> Iterator[Bearer]:
    """The process that bears what the kill drill kills."""
    with bearing() as process:
        yield process


@pytest.fixture(scope="session")
def sqlite_lanes(
    situations: Situations, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sequence[Lane]]:
    """The lanes of this worker on SQLite."""
    with lanes.sqlite_lanes(situations, tmp_path_factory.mktemp("lanes")) as opened:
        yield opened


@pytest.fixture(scope="session")
def postgresql_lanes(situations: Situations, postgres_template: sa.URL) -> Iterator[Sequence[Lane]]:
    """The lanes of this worker on PostgreSQL."""
    with lanes.postgres_lanes(situations, postgres_template) as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def ground(
    request: pytest.FixtureRequest, situations: Situations, tmp_path: Path
) -> Iterator[Ground]:
    """A database of each kind that can be put into every situation."""
    if request.param == "sqlite":
        yield SqliteGround(situations, tmp_path)
        return
    template: sa.URL = request.getfixturevalue("postgres_template")
    with copied(template) as url:
        opened = PostgresGround(situations, url)
        yield opened
        opened.close()
