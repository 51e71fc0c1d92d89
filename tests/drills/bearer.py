"""The bearing process: a server of its own, fresh and small, whose children die in a call's place.

Every fork copies the page tables of its parent, and makes it copy each page that it writes to
afterwards. The process that tests is three times as big and writes on; this one only bears.
It takes pickled errands on its standard input and gives pickled answers back.
"""

import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from fastapi import FastAPI

from app.config import ROOT, Settings
from app.main import create_app
from tests.drills.killing import Doomed, Got, Plant, Sent, die, here
from tests.warm import share_what_is_prepared

UNDISTURBED = 0
"""The point of an errand whose call the bearing process makes itself, to the end."""


@dataclass(frozen=True)
class Errand:
    """One call to be made on each of some databases, by a child that dies when each is at its point.

    Undisturbed it is made on one, by the bearing process itself.
    """

    sent: Sent
    calls: tuple[tuple[Settings, int], ...]
    plant: Plant | None = None


class Bearer:
    """The tests' end of the bearing process."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    def bear(self, errand: Errand) -> list[Got | None]:
        """Have an errand carried out: what each call was answered, or None where it died."""
        asked, told = self._process.stdin, self._process.stdout
        assert asked is not None
        assert told is not None
        pickle.dump(errand, asked)
        asked.flush()
        ends: list[Got | None] = pickle.load(told)  # noqa: S301 - our own child's words
        return ends


@contextmanager
def bearing() -> Iterator[Bearer]:
    """Give a bearing process; it ends with its input."""
    command = [sys.executable, "-c", "from tests.drills.bearer import serve; serve()"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe) as process:
        yield Bearer(process)


def serve() -> None:
    """Carry out errands until there are no more, as the bearing process itself."""
    with os.fdopen(os.dup(1), "wb") as told:
        os.dup2(2, 1)  # what anything prints is no answer
        share_what_is_prepared()
        _carry_out(sys.stdin.buffer, told)


def _carry_out(asked: BinaryIO, told: BinaryIO) -> None:
    apps: dict[str, FastAPI] = {}
    while True:
        try:
            errand: Errand = pickle.load(asked)  # noqa: S301 - our own parent's words
        except EOFError:
            return
        pickle.dump(_ends(apps, errand), told)
        told.flush()


def _ends(apps: dict[str, FastAPI], errand: Errand) -> list[Got | None]:
    calls = [Doomed(_service(apps, one), errand.sent, at) for one, at in errand.calls]
    if any(call.at != UNDISTURBED for call in calls):
        return die(calls, errand.plant)
    (call,) = calls
    got = here(call.app, call.sent)
    call.app.state.house.database.close()
    gc.collect()
    gc.freeze()
    return [got]


def _service(apps: dict[str, FastAPI], settings: Settings) -> FastAPI:
    """Return the service on a database; a new one has met it, as one has that calls come to."""
    url = settings.database_url
    if url not in apps:
        apps[url] = create_app(settings)
        database = apps[url].state.house.database
        database.engine.connect().close()
        database.close()
    return apps[url]
