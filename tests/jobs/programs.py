"""Programs that the tests of the job engine start and kill: one process holds one engine."""

import sys
import threading
from datetime import UTC, datetime

from app.config import Settings
from app.jobs.engine import Jobs, reap, take_place, work
from app.kit.db import Database

DUE = datetime(2026, 1, 1, tzinfo=UTC)
NEVER = "0 0 0 29 2 *"


def say(words: str) -> None:
    """Tell the test where we are."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def hang(settings: Settings) -> None:
    """Begin a run and never finish it."""
    place = take_place(Database(settings.database_url))

    def job() -> None:
        say(f"begun {place.name}")
        threading.Event().wait()

    jobs = Jobs(settings, place.name)
    jobs.schedule("beat", NEVER, job)
    jobs.start()
    jobs.run_once("beat", DUE)


def take_over(settings: Settings) -> None:
    """Take a place, wait for a word, reap, and finish what was found."""
    database = Database(settings.database_url)
    finished = threading.Event()
    place = take_place(database)
    jobs = Jobs(settings, place.name)
    jobs.schedule("beat", NEVER, finished.set)
    jobs.start()
    say(f"ready {place.name}")
    sys.stdin.readline()
    resumed = reap(database, jobs)
    say(f"reaped {resumed} finished {finished.wait(30)}")
    jobs.stop(patience=2)
    database.close()


def twice(settings: Settings) -> None:
    """Run a job for the same time twice, for another once, fail once, and forget all of it."""
    jobs = Jobs(settings)

    def fail() -> None:
        raise ValueError("refused")

    jobs.schedule("beat", NEVER, lambda: say("ran"))
    jobs.schedule("fail", NEVER, fail)
    jobs.start()
    jobs.run_once("beat", DUE)
    jobs.run_once("beat", DUE)
    jobs.run_once("beat", DUE.replace(hour=1))
    for _ in range(2):
        try:
            jobs.run_once("fail", DUE)
        except (ValueError, RuntimeError) as fault:
            say(f"{type(fault).__name__} {fault}")
    say(f"forgotten {jobs.forget(datetime(2999, 1, 1, tzinfo=UTC))}")
    jobs.stop(patience=0)


if __name__ == "__main__":
    programs = {"hang": hang, "take_over": take_over, "twice": twice, "work": work}
    programs[sys.argv[1]](Settings(database_url=sys.argv[2]))
