"""How often each credential calls: counted in the process, exchanged with the database.

No call writes. Once a second what was counted since is added to what all workers count together, so
that several of them pass the limit by at most one second's calls. What calls a few times a minute
stays in the process: guesses at random credentials leave no rows.
"""

import hmac
import logging
from dataclasses import dataclass
from threading import Event, Thread

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.accounts.tables import CallCount
from app.kit import clock, keys
from app.kit.db import table_of
from app.wiring.house import House

LOG = logging.getLogger("entente")
C = table_of(CallCount)
PAUSE = 1.0
"""Seconds between two exchanges: by so much several workers together may be late."""
WINDOW = 60
"""Seconds of a window."""
SHARED_FROM = 10
"""So many calls in a window are worth a row."""
MOST = 20_000
"""Credentials counted in one window, those seen once left out when there are more."""


@dataclass(slots=True)
class Count:
    """Calls of one credential in this window: here, told to the others, and how many are open."""

    allowed: int
    calls: int = 0
    sent: int = 0


class Meter:
    """Counts by credential; `limit` calls a minute are open, 0 is without limit."""

    def __init__(self, house: House) -> None:
        """Begin with nothing counted; nothing is exchanged before `start`."""
        self.limit = house.settings.api_limit
        self.counts: dict[bytes, Count] = {}
        self._house = house
        self._minute = _minute()
        self._over = Event()
        self._thread = Thread(target=self._run, name="meter", daemon=True)

    def count_of(self, credential: bytes) -> Count:
        """Return the count of a credential, a new one at its first call in a window."""
        count = self.counts.get(credential)
        if count is None:
            if len(self.counts) >= MOST:
                self.counts = {one: met for one, met in self.counts.items() if met.calls > 1}
            count = self.counts[credential] = Count(self.limit)
        return count

    def start(self) -> None:
        """Begin to exchange; without a limit there is nothing to do."""
        if self.limit:
            self._thread.start()

    def stop(self) -> None:
        """End; what was not told stays so."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def left(self) -> int:
        """Return the seconds until a new window opens."""
        return WINDOW - int(clock.now().timestamp()) % WINDOW

    def exchange(self) -> None:
        """Tell the others what was counted here since, and learn what they counted."""
        minute = _minute()
        if minute != self._minute:
            self._minute, self.counts = minute, {}
        grown = [
            (credential, count, count.calls)
            for credential, count in list(self.counts.items())
            if count.calls > count.sent and count.calls >= SHARED_FROM
        ]
        if not grown:
            return
        try:
            with self._house.database.writing() as session:
                totals = self._add(session, minute, grown)
        except SQLAlchemyError as fault:
            LOG.warning("calls are counted in this process alone: %s", type(fault).__name__)
            return
        for (_, count, calls), total in zip(grown, totals, strict=True):
            count.sent = calls
            count.allowed = self.limit - (total - calls)

    def _add(
        self, session: Session, minute: int, grown: list[tuple[bytes, Count, int]]
    ) -> list[int]:
        """Add what is new to the rows of a minute and return what they hold now, in order."""
        _, key = self._house.ring.current(keys.INDEX)
        buckets = [hmac.digest(key, b"calls\n" + one, "sha256").hex() for one, _, _ in grown]
        added = [calls - count.sent for _, count, calls in grown]
        rows = [
            {"bucket": bucket, "minute": minute, "calls": calls}
            for bucket, calls in sorted(zip(buckets, added, strict=True))
        ]
        session.execute(sa.delete(C).where(C.c.minute < minute - 1))
        dialect = session.get_bind().dialect.name
        insert = postgresql.insert(C) if dialect == "postgresql" else sqlite.insert(C)
        upsert = insert.values(rows)
        upsert = upsert.on_conflict_do_update(
            index_elements=["bucket", "minute"],
            set_={"calls": C.c.calls + upsert.excluded.calls},
        )
        told = session.execute(upsert.returning(C.c.bucket, C.c.calls))
        found: dict[str, int] = dict(told.all())
        return [found[bucket] for bucket in buckets]

    def _run(self) -> None:
        while not self._over.wait(PAUSE):
            self.exchange()


def _minute() -> int:
    return int(clock.now().timestamp() // WINDOW)
