"""What journeys begin from: the neighbours, and a request at a later stage, played once a run.

The first worker plays them on SQLite, under the ears of a recorder; the others wait and read.
"""

import fcntl
import pickle
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from app.cli.demo.cast import Player
from app.cli.demo.stage import Stage, by
from app.cli.demo.story import Story
from tests.conftest import settings_for
from tests.factories.clients import Clients
from tests.journeys import acts
from tests.journeys.neighbours import settle
from tests.journeys.recorder import Recorder, Tally

NEIGHBOURS = "neighbours"
BEGINNINGS: dict[str, tuple[str, Callable[[Story], None]]] = {
    "screening": (NEIGHBOURS, lambda told: acts.at_screening(told, acts.asking())),
    "matching": ("screening", acts.past_screening),
    "matching_of_two": (
        NEIGHBOURS,
        lambda told: acts.at_matching(told, acts.asking(acts.TRAINING, acts.CIRT)),
    ),
}
"""Each beginning with the one that it grows out of, and the way from there."""


@dataclass
class Begun:
    """A folder of SQLite files by the name of the beginning, who plays, and each one's request."""

    folder: Path
    players: dict[str, Player] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)

    @property
    def files(self) -> Path:
        """The documents that the play has left."""
        return self.folder / "files"

    def file(self, beginning: str) -> Path:
        """Return a database; it is to be copied, not written."""
        return self.folder / f"{beginning}.db"

    def story(self, stage: Stage, beginning: str) -> Story:
        """Return the story of the request that was brought there."""
        return Story(stage, ["KEN"], datetime.now(UTC).date(), self.references.get(beginning, ""))


def begun_once(place: Path, template: Path) -> Begun:
    """Return every beginning, grown out of a loaded database."""
    folder = place / "journeys"
    folder.mkdir(exist_ok=True)
    told = folder / "told"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            told.write_bytes(pickle.dumps(_played(Begun(folder), template)))
    kept: Begun = pickle.loads(told.read_bytes())  # noqa: S301 - written by ourselves above
    return kept


def _played(begun: Begun, template: Path) -> Begun:
    shutil.copy(template, begun.file(NEIGHBOURS))
    with _service(begun, NEIGHBOURS) as clients:
        begun.players |= settle(clients)
        rest(clients)
    for name, (earlier, way) in BEGINNINGS.items():
        shutil.copy(begun.file(earlier), begun.file(name))
        with _service(begun, name) as clients:
            recorder = Recorder(clients, Tally())
            recorder.start()
            told = begun.story(Stage(by(clients.http), begun.players), earlier)
            way(told)
            begun.references[name] = told.reference
            recorder.search_what_was_kept("")
            recorder.verdict()
            rest(clients)
    return begun


def _service(begun: Begun, name: str) -> Clients:
    settings = settings_for(f"sqlite:///{begun.file(name)}")
    return Clients(settings.model_copy(update={"files_folder": begun.files}))


def rest(clients: Clients) -> None:
    """Let the second factors that were given be as long ago as for who comes new."""
    with clients.house.database.writing() as session:
        session.execute(sa.text("UPDATE second_factors SET last_step = NULL"))
        session.execute(sa.text("UPDATE api_tokens SET assured_at = NULL, last_used_at = NULL"))
