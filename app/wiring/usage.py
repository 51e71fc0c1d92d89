"""When credentials were last used: remembered in the process, written once a minute.

No call waits for it: what is written is within a minute of the truth, and what an end takes away is
at most a minute of it.
"""

import logging
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError

from app.directory.credentials import note_use
from app.kit import clock
from app.wiring.house import House

LOG = logging.getLogger("entente")
PAUSE = 60.0
"""Seconds between two writings."""


class Usage:
    """The thread that writes down which credentials were used."""

    def __init__(self, house: House) -> None:
        """Take the house; nothing runs before `start`."""
        self._house = house
        self._over = Event()
        self._thread = Thread(target=self._run, name="usage", daemon=True)

    def start(self) -> None:
        """Begin to write every minute."""
        self._thread.start()

    def stop(self) -> None:
        """End; what was used within the last minute stays unwritten."""
        self._over.set()
        self._thread.join(timeout=30)

    def write(self) -> None:
        """Write down what was used since the last time."""
        used, self._house.used = self._house.used, set()
        if not used:
            return
        now = clock.now()
        try:
            with self._house.database.writing() as session:
                note_use(session, dict.fromkeys(used, now))
        except SQLAlchemyError as fault:
            LOG.warning("usage of credentials is not written: %s", type(fault).__name__)

    def _run(self) -> None:
        while not self._over.wait(PAUSE):
            self.write()
