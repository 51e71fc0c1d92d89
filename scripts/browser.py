"""The browser that tests and pictures use: Chromium without windows, or else Chromium."""

import os
import shutil

PROGRAMS = ("chromium-headless-shell", "chromium")
"""The same engine twice; the first has no shell of windows and profiles, at half the cost."""


def program() -> str | None:
    """Return the program to be started, or None where `scripts/install-test-needs` has not run."""
    found = (shutil.which(name) for name in PROGRAMS)
    return os.environ.get("ENTENTE_TEST_CHROMIUM") or next(filter(None, found), None)
