"""Refused decisions go into the decision log: who tried what, and what stood against it."""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from app.directory.actor import Actor
from app.kit import clock
from app.kit.db import Database, Failure
from app.ledger import service as ledger

LOG = logging.getLogger("entente")
MOST_A_MINUTE = 20
MINUTE = 60.0
ACTOR = "entente.actor"
"""Where a call's scope holds who was recognised."""


@dataclass(slots=True)
class Tally:
    """How many refusals of one principal were logged since a moment, and how many left out."""

    since: float
    logged: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """One refused call: by number and code, method, route and request, with the reasons."""

    status: int
    code: str
    method: str
    route: str
    reference: str
    reasons: Sequence[str]


class Refusals:
    """Logs refusals in transactions of their own, at most so many a principal and minute.

    Nobody can flood the log: what is left out is counted, and told with the principal's next entry.
    """

    def __init__(self, database: Database) -> None:
        """Keep the database; nothing is written yet."""
        self._database = database
        self.tallies: dict[int | None, Tally] = {}
        self._lock = threading.Lock()

    def note(self, actor: Actor, refused: Refused) -> None:
        """Log a refusal. A database that is away costs the entry, never the answer."""
        left_out = self._taken(actor.person_id)
        if left_out is None:
            return
        now = clock.now()
        told = {
            "status": refused.status,
            "code": refused.code,
            "method": refused.method,
            "route": refused.route,
            "reference": refused.reference[:20],
            "reasons": list(refused.reasons[:20]),
        }
        told |= {"left_out": left_out} if left_out else {}
        try:
            with self._database.writing() as session:
                stream = f"refusals:{now.date().isoformat()}"
                ledger.append(session, stream, "decision_refused", actor, told, now)
        except Failure as fault:
            LOG.warning("refusal.not_logged", exc_info=fault)

    def _taken(self, person_id: int | None) -> int | None:
        """Return how many were left out before this one, or None when this one is left out."""
        now = time.monotonic()
        with self._lock:
            tally = self.tallies.get(person_id)
            left_out = tally.left_out if tally else 0
            if tally is None or now - tally.since >= MINUTE:
                self.tallies[person_id] = Tally(now, 1)
                return left_out
            if tally.logged >= MOST_A_MINUTE:
                tally.left_out += 1
                return None
            tally.logged += 1
            return 0
