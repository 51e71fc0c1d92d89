"""Planning a portfolio in a program of its own, so that neither its memory nor its time is ours."""

import json
import logging
import subprocess
import sys
from typing import Any

from app.config import ROOT
from app.matching.portfolio import best_method

log = logging.getLogger("entente.matching")
WALL_SECONDS = 240
START = (
    "import runpy, sys; sys.path.insert(0, {root!r}); sys.argv = ['plan', {method!r}];"
    " runpy.run_module('app.matching.portfolio', run_name='__main__')"
)


class UnplannedError(RuntimeError):
    """No plan came of a problem within the bounds of memory and time."""


def solve(problem: dict[str, Any], method: str | None = None) -> dict[str, Any]:
    """Return the plan of a stored problem as it is stored; without HiGHS where that fails.

    Raises UnplannedError.
    """
    asked = [method] if method else list(dict.fromkeys((best_method(), "own")))
    for each in asked:
        found = _run(problem, each)
        if found is not None:
            return found
        log.warning("portfolio.unsolved method=%s requests=%s", each, len(problem["asks"]))
    raise UnplannedError("no plan within the bounds of memory and time")


def _run(problem: dict[str, Any], method: str) -> dict[str, Any] | None:
    try:
        ended = subprocess.run(  # noqa: S603 - our own program, our own words
            [sys.executable, "-B", "-c", START.format(root=str(ROOT), method=method)],
            input=json.dumps(problem),
            capture_output=True,
            text=True,
            env={"LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"},
            timeout=WALL_SECONDS,
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError):
        return None
    if ended.returncode:
        log.warning("portfolio.ended code=%s", ended.returncode)
        return None
    found: dict[str, Any] = json.loads(ended.stdout)
    return found
