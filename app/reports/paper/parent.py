"""Starting the program that draws a page as a PDF, and what is said where none comes of it."""

import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from threading import BoundedSemaphore
from typing import Any

from app.config import ROOT
from app.kit.errors import Conflict, TooLarge, Unavailable
from app.reports.paper.letters import sentence

log = logging.getLogger("entente.reports")
LIBRARY = "weasyprint"
WALL_SECONDS = 60
PATIENCE = 15.0
MOST_PAGE, MOST_DRAWN = 2_000_000, 16_000_000
FONTS = ("FONTCONFIG_FILE", "FONTCONFIG_PATH")
START = "import sys; sys.path.insert(0, {root!r}); from app.reports.paper.child import main; main()"
TURN = BoundedSemaphore(1)
"""One page is drawn at a time in one process: it takes some seconds of a core."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page to be drawn: its text, its whole address, and the texts of its files by theirs."""

    page: str
    address: str
    files: Mapping[str, str]


def at_hand() -> bool:
    """Whether the extra is installed that draws pages; nothing is loaded to find out."""
    return find_spec(LIBRARY) is not None


def drawn(page: Page) -> bytes:
    """Return a page as a PDF (PDF/UA-1: tagged, with title, language and bookmarks).

    Raises Conflict where the extra, its libraries or a font is missing, TooLarge for what takes
    too much time or memory, Unavailable while others wait for theirs.
    """
    if not at_hand():
        raise Conflict(
            "report.pdf_extra",
            "This service makes no PDF files: print the page from the browser,"
            " or have the extra entente[pdf] installed.",
        )
    if len(page.page) > MOST_PAGE:
        raise _too_large()
    if not TURN.acquire(timeout=PATIENCE):
        raise Unavailable("report.busy", "Other reports are being drawn; try again in a moment.")
    try:
        told, content = _run(json.dumps(asdict(page)).encode())
    finally:
        TURN.release()
    log.info("report.drawn", extra={"peak_kib": told.get("peak_kib"), "bytes": len(content)})
    judge(told)
    return content


def judge(told: Mapping[str, Any]) -> None:
    """Raise what stands against the PDF, if anything does."""
    if told["reason"] == "libraries":
        raise Conflict(
            "report.pdf_libraries",
            "Pango is missing on the server: have libpango-1.0-0, libpangoft2-1.0-0 and"
            " libharfbuzz-subset0 installed there, or print the page from the browser.",
        )
    if told["reason"]:
        raise _too_large()
    if told["missing"]:
        raise Conflict("report.pdf_fonts", sentence(told["missing"]))


def _too_large() -> TooLarge:
    return TooLarge(
        "report.pdf_too_large",
        "The report is too long to be drawn here: print the page from the browser.",
    )


def _run(given: bytes) -> tuple[dict[str, Any], bytes]:
    """Return what the program told, and the PDF; one that was ended has met its limits."""
    own = {name: os.environ[name] for name in FONTS if name in os.environ}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryDirectory(prefix="entente-") as folder:
        try:
            ended = subprocess.run(  # noqa: S603 - our own program, our own words
                [sys.executable, "-I", "-B", "-c", START.format(root=str(ROOT))],
                input=given,
                stdout=out,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env={"TMPDIR": folder, "LC_ALL": "C.UTF-8", **own},
                timeout=WALL_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"reason": "limits"}, b""
        if ended.returncode:
            log.warning("report.undrawn code=%s", ended.returncode)
            return {"reason": "limits"}, b""
        out.seek(0)
        return json.loads(out.readline()), out.read(MOST_DRAWN)
