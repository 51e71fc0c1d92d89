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
from tests.drills.killing import Got, Plant, Sent, call, here

UNDISTURBED = 0
"""The point of an errand whose call the bearing process makes itself, to the end."""


@dataclass(frozen=True)
class Errand:
    """A call to be made on a database, by a child that dies at a point."""

    settings: Settings
    sent: Sent
    at: int
    plant: Plant | None = None


class Bearer:
    """The tests' end of the bearing process."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    def bear(self, errand: Errand) -> Got | None:
        """Have an errand carried out: what came back, or None if the child died of it."""
        asked, told = self._process.stdin, self._process.stdout
        assert asked is not None
        assert told is not None
        pickle.dump(errand, asked)
        asked.flush()
        got: Got | None = pickle.load(told)  # noqa: S301 - our own child's words
        return got


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
        _carry_out(sys.stdin.buffer, told)


def _carry_out(asked: BinaryIO, told: BinaryIO) -> None:
    app, url = None, ""
    while True:
        try:
            errand: Errand = pickle.load(asked)  # noqa: S301 - our own parent's words
        except EOFError:
            return
        if app is None or errand.settings.database_url != url:
            app, url = create_app(errand.settings), errand.settings.database_url
        pickle.dump(_outcome(app, errand), told)
        told.flush()


def _outcome(app: FastAPI, errand: Errand) -> Got | None:
    if errand.at != UNDISTURBED:
        return call(app, errand.sent, errand.at, errand.plant)
    got = here(app, errand.sent)
    app.state.house.database.close()
    gc.collect()
    gc.freeze()
    return got
