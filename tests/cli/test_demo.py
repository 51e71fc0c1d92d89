"""The demonstration as a newcomer runs it: played once, recalled the second time."""

import os
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.cli.demo.cast import DESK, Player
from app.cli.demo.stage import Reply, Stage
from app.kit.errors import Conflict

COMMAND = "from app.cli.main import main; main()"


def demo(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run `entente demo` in `folder` with nothing set that this run was started with."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ENTENTE_")}
    kept["PYTHONPATH"] = str(Path(__file__).parents[2])
    command = [sys.executable, "-c", COMMAND, "demo", *options]
    return subprocess.run(
        command, cwd=folder, env=kept, capture_output=True, text=True, check=False, timeout=240
    )


def test_the_play_ends_closed_and_a_second_run_tells_what_is_there(tmp_path: Path) -> None:
    first = demo(tmp_path, "--no-serve")
    assert first.returncode == 0, first.stderr
    assert "fires 'close': Closed. Turn: nobody's any more." in first.stdout

    second = demo(tmp_path, "--no-serve")
    assert second.returncode == 0, second.stderr
    told = second.stdout.splitlines()
    assert told[0] == "The demonstration is here already. The desk sees:"
    assert told[1].split()[1] == "closed"
    assert len({line.split()[1] for line in told[1:-1]}) >= 8, "lists that mean something"
    assert "interrupted" not in second.stdout


def test_a_taken_port_is_named_and_nothing_is_left_behind(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        refused = demo(tmp_path, "--port", str(port))
    assert refused.returncode == 1
    assert f"Port {port} is taken" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_the_service_refuses_in_a_play_stands_with_the_fault() -> None:
    refusing = Stage(lambda *_: Reply(412, {"code": "stale"}, ""), {"desk": Player(DESK[0], 1, "")})
    with pytest.raises(Conflict) as refused:
        refusing.obtain("desk", "POST", "/requests")
    assert refused.value.__notes__ == ["desk POST /requests: 412 {'code': 'stale'}"]
