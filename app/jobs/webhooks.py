"""Webhooks: what has happened is written to them, and sent by threads that wait for nobody else."""

import logging
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from app.config import Settings
from app.kit import clock
from app.kit.db import Database
from app.webhooks import sendoff
from app.webhooks.sending import Answer, Sender
from app.webhooks.sendoff import Errand

LOG = logging.getLogger("entente.jobs")
BATCH = 200
MOST_BATCHES = 50
MOST_THREADS = 32
"""Messages on their way at a time from one worker: a slow receiver holds two of them at most."""
Post = Callable[[str, dict[str, str], bytes], Answer]


class Courier:
    """Sends messages of one worker; whoever else sends at the same time takes others."""

    def __init__(self, settings: Settings, database: Database, post: Post | None = None) -> None:
        """Make ready to send; `post` is how a message leaves the house."""
        self._settings, self._database = settings, database
        self._post = post or Sender(settings).post
        self._threads = ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="webhooks")
        self._free = threading.Semaphore(MOST_THREADS)
        self._ended = threading.Event()

    def tick(self) -> int:
        """Write what has happened, and let threads send what is due; return how many began.

        It does not wait for them: a thread goes on by itself until nothing is left to send.
        """
        self.write()
        with self._database.reading() as session:
            due = sendoff.due(session, clock.now())
        began = 0
        for _ in range(due * sendoff.IN_FLIGHT):
            if not self._free.acquire(blocking=False):
                break
            self._threads.submit(self._go)
            began += 1
        return began

    def stop(self) -> None:
        """Take nothing more, and wait for what is on its way: ten seconds at most."""
        self._ended.set()
        self._threads.shutdown()

    def write(self) -> None:
        """Write messages about all that has happened since the last time."""
        for _ in range(MOST_BATCHES):
            with self._database.writing() as session:
                if sendoff.relay(session, BATCH) is None:
                    return

    def _go(self) -> None:
        try:
            while not self._ended.is_set() and self.send_one():
                pass
        except Exception:  # the database may be away: the next tick tries again
            LOG.exception("webhooks.sending_failed")
        finally:
            self._free.release()

    def send_one(self) -> bool:
        """Send the next message, if there is one; what fails is tried again later.

        Nothing of the database is held while the receiver is called. A message whose sender dies
        goes out again when its lease is over, under the same number.
        """
        with self._database.writing() as session:
            taken = sendoff.take(session, self._settings, clock.now())
        if isinstance(taken, Errand):
            answer = self._post(taken.url, taken.headers, taken.body)
            if answer.refused:
                LOG.warning("webhooks.refused webhook=%s", taken.webhook)
            with self._database.writing() as session:
                chance = random.random()  # noqa: S311 - it spreads tries, and guards nothing
                sendoff.settle(session, taken, answer.answered, clock.now(), chance)
        return bool(taken)
