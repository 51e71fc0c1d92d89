"""The job engine: the one module that knows the job library, and the worker that it drives.

A job is a plain function that may run twice for one due time without harm. Each (job, due time) is
one durable workflow: started once however many workers ask for it, resumed when its worker dies.
"""

import json
import logging
import logging.config
import signal
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from types import FrameType
from typing import Any

from dbos import DBOS, DBOSConfig, ScheduleInput, Serializer, SetWorkflowID

from app.config import Settings
from app.engine.packs import load_shelf
from app.files.vault import open_vault
from app.jobs.anchors import anchor, anchor_many
from app.jobs.basis import remind, take_effect
from app.jobs.deadlines import alarm, forget_answers, sweep
from app.jobs.figures import count_anew
from app.jobs.files import move_old, sweep_orphans, take_up
from app.jobs.letters import send_letters
from app.jobs.portfolio import plan_portfolios
from app.jobs.relay import relay
from app.jobs.webhooks import Courier
from app.kit import clock, journal, keys
from app.kit.db import Database
from app.ledger.places import Folder
from app.lifecycle.vocabulary import VOCABULARY
from app.outbox import service as outbox
from app.retention.nightly import keep_terms

log = logging.getLogger("entente.jobs")
NAME = "entente"
VERSION = "1"
"""Pinned: raise it only when jobs begun under an older release must not be resumed by this one."""
PULSE = 15.0
"""Seconds between two signs of life; a place is abandoned after outbox.LEASE."""
FORGET_EVERY = 240
"""Beats between two times of forgetting old runs: one hour."""
KEPT = timedelta(days=1)
"""How long finished runs stay to be looked at."""
DELETED_AT_ONCE = 500

Job = Callable[[], object]


class JobError(RuntimeError):
    """What a failed run left behind, as it is told to those who ask for its result."""


class JsonSerializer(Serializer):
    """JSON for everything that the job library keeps, so that no stored row can run code."""

    def serialize(self, content: Any) -> str:
        """Return JSON; moments and errors are marked as such."""
        return json.dumps(content, default=_marked)

    def deserialize(self, serialized_data: str) -> Any:
        """Return what was kept; an error comes back as JobError."""
        return json.loads(serialized_data, object_hook=_unmarked)

    def name(self) -> str:
        """The name under which rows say how they were written."""
        return "entente_json"


def _marked(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return {"!at": value.isoformat()}
    if isinstance(value, BaseException):
        return {"!error": f"{type(value).__name__}: {value}"}
    raise TypeError(f"{type(value).__name__} is not kept for jobs")


def _unmarked(found: dict[str, Any]) -> object:
    if found.keys() == {"!at"}:
        return datetime.fromisoformat(found["!at"])
    return JobError(found["!error"]) if found.keys() == {"!error"} else found


class Jobs:
    """Scheduled jobs of one process; the library allows one at a time in a process."""

    def __init__(self, settings: Settings, executor: str = "executor-1") -> None:
        """Take the place `executor` whose unfinished runs are resumed at `start`."""
        self._url = settings.jobs_place
        self._executor = executor
        self._jobs: dict[str, tuple[str, Job]] = {}
        self._runs: dict[str, Callable[[datetime, object], None]] = {}

    def schedule(self, name: str, cron: str, job: Job) -> None:
        """Run `job` at every time of `cron` (six fields, seconds first, UTC); call before start."""
        self._jobs[name] = (cron, job)

    def start(self) -> None:
        """Begin: resume what this place left unfinished, then run jobs as they fall due."""
        config: DBOSConfig = {
            "name": NAME,
            "system_database_url": self._url,
            "application_version": VERSION,
            "executor_id": self._executor,
            "serializer": JsonSerializer(),
            "log_level": "WARNING",
            "sys_db_pool_size": 4,
            "max_executor_threads": 8,
        }
        DBOS(config=config)
        for name, (_, job) in self._jobs.items():
            self._runs[name] = DBOS.workflow(name=name)(_run(name, job))
        DBOS.launch()
        schedules: list[ScheduleInput] = [
            {"schedule_name": name, "workflow_fn": self._runs[name], "schedule": cron}
            for name, (cron, _) in self._jobs.items()
        ]
        for known in DBOS.list_schedules():
            if known["schedule_name"] not in self._jobs:
                DBOS.delete_schedule(known["schedule_name"])
        DBOS.apply_schedules(schedules)

    def stop(self, patience: int = 10) -> None:
        """End; runs under way have `patience` seconds, the next worker resumes what is left."""
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=patience)

    def run_once(self, name: str, due: datetime) -> None:
        """Run a job for a due time and wait; a run that was already made is not made again.

        Raises what the job raised.
        """
        with SetWorkflowID(f"sched-{name}-{due.isoformat()}"):
            run = DBOS.start_workflow(self._runs[name], due, None)
        run.get_result()

    def recover(self, executors: list[str]) -> int:
        """Take over the unfinished runs of dead executors; return how many."""
        # The open edition of the library offers this to itself alone: it resumes only at launch,
        # and only for its own name, so that the work of a machine that never returns would wait
        # for ever.
        return len(DBOS._recover_pending_workflows(executors))  # noqa: SLF001 - see above

    def forget(self, before: datetime) -> int:
        """Delete runs that were finished before a moment; return how many. Not for use in a job."""
        gone = 0
        while True:
            old = DBOS.list_workflows(
                completed_before=before.isoformat(),
                status=["SUCCESS", "ERROR", "CANCELLED"],
                limit=DELETED_AT_ONCE,
                load_input=False,
                load_output=False,
            )
            DBOS.delete_workflows([run.workflow_id for run in old])
            gone += len(old)
            if len(old) < DELETED_AT_ONCE:
                return gone


def _run(name: str, job: Job) -> Callable[[datetime, object], None]:
    def run(due: datetime, _context: object) -> None:
        try:
            result = job()
        except Exception:
            log.exception("job.failed name=%s due=%s", name, due.isoformat())
            raise
        if result:
            log.info("job.done name=%s due=%s result=%s", name, due.isoformat(), result)

    return run


@dataclass(frozen=True, slots=True)
class Place:
    """The place among executors that this process holds."""

    database: Database
    name: str
    holder: str

    def keep(self) -> bool:
        """Say that we live; False when another process has taken over."""
        with self.database.writing() as session:
            return outbox.keep_place(session, self.name, self.holder)

    def leave(self) -> None:
        """Give the place back."""
        with self.database.writing() as session:
            outbox.leave_place(session, self.name, self.holder)


def take_place(database: Database) -> Place:
    """Take the first free or abandoned place. Raises NotFound when there is none."""
    holder = uuid.uuid4().hex
    with database.writing() as session:
        return Place(database, outbox.take_place(session, holder), holder)


def reap(database: Database, jobs: Jobs) -> int:
    """Take over the runs of executors that are dead, and free their places; return how many runs.

    The places stay locked meanwhile: nobody can begin new work under a name being reaped.
    """
    with database.writing() as session:
        dead = list(outbox.abandoned(session))
        if not dead:
            return 0
        resumed = jobs.recover(dead)
        outbox.clear_places(session, dead)
    log.info("executors.reaped names=%s resumed=%s", ",".join(dead), resumed)
    return resumed


def work(settings: Settings) -> None:
    """Do what time demands until SIGTERM or SIGINT: sweep, relay, nightly clean-up.

    Ends by itself when its place was taken by another, which happens to a process that was
    suspended for longer than the lease; whoever started it starts it again.
    """
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    logging.config.dictConfig(journal.config(settings.log_level))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    database = Database(settings.database_url, settings.pool_size, keys.opener(settings.keys_place))
    try:
        _work(settings, database, ended)
    finally:
        database.close()


def _work(settings: Settings, database: Database, ended: threading.Event) -> None:
    shelf = load_shelf(settings.workflows, VOCABULARY)
    place = take_place(database)
    jobs = Jobs(settings, place.name)
    jobs.schedule("relay", "*/2 * * * * *", lambda: relay(database, shelf))
    jobs.schedule("letters", "*/5 * * * * *", lambda: send_letters(settings, database))
    courier = Courier(settings, database)
    jobs.schedule("webhooks", "*/2 * * * * *", courier.tick)
    jobs.schedule("sweep", "0 * * * * *", lambda: sweep(database, shelf, clock.now()))
    jobs.schedule("basis", "*/10 * * * * *", lambda: take_effect(database, shelf, clock.now()))
    jobs.schedule(
        "portfolio", "*/5 * * * * *", lambda: plan_portfolios(database, shelf, clock.now())
    )
    jobs.schedule("review_dates", "0 5 6 * * *", lambda: remind(database, clock.now()))
    jobs.schedule("alarm", "0 15 * * * *", lambda: alarm(database, clock.now()))
    jobs.schedule("figures", "40 5 * * * *", lambda: count_anew(database, clock.now()))
    jobs.schedule("clean_up", "0 30 2 * * *", lambda: forget_answers(database, clock.now()))
    vault = open_vault(settings)
    quota = settings.files_quota
    jobs.schedule("files", "30 * * * * *", lambda: take_up(database, vault, clock.now(), quota))
    jobs.schedule("old_files", "45 */5 * * * *", lambda: move_old(database, vault))
    jobs.schedule("orphans", "0 10 * * * *", lambda: sweep_orphans(database, vault, clock.now()))
    anchors = Folder(settings.anchors_place)
    jobs.schedule("anchor", "30 */30 * * * *", lambda: anchor(database, anchors))
    jobs.schedule("anchor_many", "15 * * * * *", lambda: anchor_many(database, anchors))
    jobs.schedule(
        "retention", "0 45 2 * * *", lambda: keep_terms(database, shelf, settings, clock.now())
    )
    jobs.start()
    log.info("worker.started place=%s", place.name)
    try:
        for beat in count():
            if ended.wait(PULSE) or not _beat(place, jobs, beat):
                break
    finally:
        jobs.stop()
        courier.stop()
        place.leave()
        log.info("worker.ended place=%s", place.name)


def _beat(place: Place, jobs: Jobs, beat: int) -> bool:
    """Say that we live, take over from the dead, forget old runs; False when the place is lost."""
    try:
        if not place.keep():
            log.error("worker.place_lost place=%s", place.name)
            return False
        reap(place.database, jobs)
        if beat % FORGET_EVERY == 0 and (gone := jobs.forget(clock.now() - KEPT)):
            log.info("runs.forgotten count=%s", gone)
    except Exception:  # the database may be away for a while: the next beat tries again
        log.exception("worker.beat_failed place=%s", place.name)
    return True
