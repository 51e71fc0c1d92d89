"""The job engine, in processes of its own: what a killed worker leaves is taken over."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Timer

import pytest
import sqlalchemy as sa

from app.config import Settings
from app.kit import clock
from app.outbox.tables import Executor, Notice
from app.wiring.house import House
from tests.jobs.samples import enrol, moved, stand

ROOT = Path(__file__).resolve().parents[2]
Program = subprocess.Popen[str]


@contextmanager
def program(name: str, url: str) -> Iterator[Program]:
    """Run one of the programs; nothing of it outlives the test."""
    command = [sys.executable, "-m", "tests.jobs.programs", name, url]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        bufsize=1,
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def heard(running: Program, words: str) -> str:
    """Read on until a line that holds `words`; after a minute the program is ended."""
    assert running.stdout
    patience = Timer(60, running.kill)
    patience.start()
    lines: list[str] = []
    try:
        for line in running.stdout:
            lines.append(line)
            if words in line:
                return line.strip()
    finally:
        patience.cancel()
    raise AssertionError(f"never said {words!r}: {''.join(lines)}")


def grow_old(house: House) -> None:
    """Let every place look as if its process had said nothing for an hour."""
    with house.database.writing() as session:
        session.execute(sa.update(Executor).values(seen_at=clock.now() - timedelta(hours=1)))


def test_a_dead_executors_job_is_resumed_by_a_living_one(house: House, database_url: str) -> None:
    with program("hang", database_url) as first:
        assert heard(first, "begun") == "begun executor-1"
        with program("take_over", database_url) as second:
            assert heard(second, "ready") == "ready executor-2"
            first.send_signal(signal.SIGKILL)
            first.wait(10)
            grow_old(house)
            assert second.stdin
            second.stdin.write("now\n")
            # Its own place has grown old as well: what is reaped there has no run under way.
            assert heard(second, "reaped") == "reaped 1 finished True"
            assert second.wait(30) == 0


def test_who_takes_a_dead_executors_place_resumes_its_job(house: House, database_url: str) -> None:
    with program("hang", database_url) as first:
        heard(first, "begun")
        first.send_signal(signal.SIGKILL)
        first.wait(10)
    grow_old(house)
    with program("take_over", database_url) as second:
        assert heard(second, "ready") == "ready executor-1"
        assert second.stdin
        second.stdin.write("now\n")
        assert heard(second, "reaped") == "reaped 0 finished True"
        assert second.wait(30) == 0


def test_a_job_runs_once_for_each_time_it_is_due(house: House, database_url: str) -> None:
    with program("twice", database_url) as running:
        said, _ = running.communicate(timeout=60)
    lines = said.splitlines()
    assert lines.count("ran") == 2
    assert "ValueError refused" in lines
    assert "JobError ValueError: refused" in lines
    assert lines[-1] == "forgotten 3"
    assert running.returncode == 0


def test_the_worker_tells_and_ends_in_order(house: House, database_url: str) -> None:
    with house.database.writing() as session:
        enrol(session, ("government", "KEN", None))
        request = stand(session, house.shelf, "set_aside")
        moved(session, request, "set_aside", "clarification", "set_aside")
    with program("work", database_url) as running:
        heard(running, "worker.started")
        heard(running, "job.done name=relay")
        running.send_signal(signal.SIGTERM)
        heard(running, "worker.ended")
        assert running.wait(30) == 0
    with house.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Notice)) == 1
        assert session.scalars(sa.select(Executor.name)).all() == []


@pytest.mark.parametrize(
    ("database", "jobs", "expected"),
    [
        ("sqlite:///a/b.db", "", "sqlite:///a/b.db.jobs.db"),
        ("postgresql+psycopg://u@h/d", "", "postgresql+psycopg://u@h/d"),
        ("sqlite:///a/b.db", "sqlite:///c.db", "sqlite:///c.db"),
    ],
)
def test_jobs_never_share_a_sqlite_file_with_requests(
    database: str, jobs: str, expected: str
) -> None:
    assert Settings(database_url=database, jobs_url=jobs).jobs_place == expected
