"""The tests' own PostgreSQL: it is real, it is ours, and it is gone afterwards."""

import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from tests import pg

ROOT = Path(__file__).resolve().parents[1]


def connect(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def test_a_database_is_real_empty_and_gone_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENTENTE_TEST_PG_URL", raising=False)
    with pg.postgres_server() as server:
        assert pg.version(server) >= 15
        with pg.database(server) as url, connect(url) as connection:
            count = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
            assert connection.execute(count).fetchone() == (0,)
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
        with connect(server) as connection:
            left = "SELECT count(*) FROM pg_database WHERE datname LIKE 'entente\\_%'"
            assert connection.execute(left).fetchone() == (0,)
    with pytest.raises(psycopg.OperationalError):
        connect(server)


def test_a_killed_test_run_leaves_no_server_behind() -> None:
    program = (
        "import os, sys\nos.environ.pop('ENTENTE_TEST_PG_URL', None)\nfrom tests import pg\n"
        "with pg.postgres_server() as url:\n    print(url, flush=True)\n    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as run:
        assert run.stdout
        url = run.stdout.readline().decode().strip()
        home = data_directory(url)
        server = os.pidfd_open(int((home / "postmaster.pid").read_text().split()[0]))
        run.send_signal(signal.SIGKILL)
        run.wait(10)
        # A process's descriptor becomes readable when it ends.
        gone, _, _ = select.select([server], [], [], 20)
        os.close(server)
    shutil.rmtree(home.parent)
    assert gone, "the server outlives the test run that started it"


def data_directory(url: str) -> Path:
    with connect(url) as connection:
        found = connection.execute("SHOW data_directory").fetchone()
    assert found
    return Path(found[0])


def test_a_missing_server_is_an_error_and_no_pass(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("ENTENTE_TEST_PG_URL", raising=False)
    monkeypatch.setattr(pg, "BINARIES", tmp_path)
    with pytest.raises(pg.NoServerError, match="install-test-needs"), pg.postgres_server():
        pass
