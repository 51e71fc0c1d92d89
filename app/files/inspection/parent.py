"""Starting the program that looks into a document, and believing no more than it may say."""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import BinaryIO

from app.config import ROOT
from app.files.inspection.findings import REASONS

WALL_SECONDS = 30
TOGETHER = 2
PATIENCE = 15.0
MOST_SAID = 4096
LIMITS: dict[str, object] = {"reason": "check.limits"}
START = (
    "import sys; sys.path.insert(0, {root!r});"
    " from app.files.inspection.child import main; main({kind!r}, {out})"
)
TURNS = BoundedSemaphore(TOGETHER)
"""So many programs look at once in one process: each may take 256 MB."""


class BusyError(Exception):
    """No program can be started just now: the document waits in quarantine."""


@dataclass(frozen=True, slots=True)
class Look:
    """What came of it: a reason against the document or "", and what it was written anew as."""

    reason: str
    renewed: BinaryIO | None = None
    peak_kib: int = 0


def look(document: BinaryIO, kind: str) -> Look:
    """Look into a document (a real file, from its beginning). Raises BusyError."""
    if not TURNS.acquire(timeout=PATIENCE):
        raise BusyError("other documents are being looked into")
    try:
        return _look(document, kind)
    except OSError as fault:
        raise BusyError(f"no program can be started: {fault}") from fault
    finally:
        TURNS.release()


def _look(document: BinaryIO, kind: str) -> Look:
    document.seek(0)
    # Kept open for the caller, who reads from it what the picture has become.
    renewed = tempfile.TemporaryFile()  # noqa: SIM115 - as said above
    with tempfile.TemporaryDirectory(prefix="entente-look-") as folder:
        said = _run(document, kind, renewed, Path(folder))
    reason = str(said.get("reason", "check.limits"))
    peak = said.get("peak_kib", 0)
    peak_kib = peak if isinstance(peak, int) else 0
    if reason or not said.get("renewed"):
        renewed.close()
        return Look(reason if not reason or reason in REASONS else "check.limits", None, peak_kib)
    renewed.seek(0)
    return Look("", renewed, peak_kib)


def _run(document: BinaryIO, kind: str, renewed: BinaryIO, folder: Path) -> dict[str, object]:
    """Return what the program said; one that was ended, or failed, is one that met its limits."""
    out = renewed.fileno()
    program = START.format(root=str(ROOT), kind=kind, out=out)
    with tempfile.TemporaryFile() as told:
        try:
            ended = subprocess.run(  # noqa: S603 - our own program, our own words
                [sys.executable, "-I", "-B", "-c", program],
                stdin=document.fileno(),
                stdout=told,
                stderr=subprocess.DEVNULL,
                pass_fds=[out],
                cwd=folder,
                env={"TMPDIR": str(folder), "LC_ALL": "C.UTF-8"},
                timeout=WALL_SECONDS,
                check=False,
            )
            told.seek(0)
            said: object = json.loads(told.read(MOST_SAID))
        except (subprocess.TimeoutExpired, ValueError):
            return LIMITS
    return said if isinstance(said, dict) and ended.returncode == 0 else LIMITS
