"""`entente serve` answers where it says, and ends when it is told to."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx2

COMMAND = "from app.cli.main import main; main()"
AT = "Uvicorn running on "


def test_the_service_answers_where_it_says_and_ends_at_a_signal(tmp_path: Path) -> None:
    own = {
        "ENTENTE_DATABASE_URL": f"sqlite:///{tmp_path}/entente.db",
        "ENTENTE_KEYS_FILE": str(tmp_path / "keys.json"),
    }
    started = [sys.executable, "-c", COMMAND, "serve", "--port", "0"]
    with subprocess.Popen(
        started, env=os.environ | own, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    ) as served:
        try:
            said = (json.loads(line)["event"] for line in served.stderr or ())
            address = next(line for line in said if line.startswith(AT)).split()[3]
            assert httpx2.get(f"{address}/healthz").status_code == 200
        finally:
            served.send_signal(signal.SIGTERM)
    assert served.returncode == -signal.SIGTERM


def test_sqlite_is_served_by_one_process(tmp_path: Path) -> None:
    own = {"ENTENTE_DATABASE_URL": f"sqlite:///{tmp_path}/entente.db"}
    told = subprocess.run(
        [sys.executable, "-c", COMMAND, "serve", "--workers", "2"],
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert told.returncode == 1
    assert "one worker" in told.stderr
