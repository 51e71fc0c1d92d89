"""What proves one request to an outsider, and the stand-alone verifier that confirms it."""

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.config import ROOT
from app.kit import clock, keys
from app.ledger import anchors, merkle
from app.ledger.chain import spelled
from app.requests.service import proof
from app.requests.timeline import stream
from tests.ledger.conftest import Log

Export = dict[str, Any]
VERIFIER = ROOT / "scripts" / "verify-log"


def exported(log: Log) -> Export:
    """Return the export of the closed request, as the API gives it to whoever sees the request."""
    reply = log.stage.ask("auditor", "GET", f"/requests/{log.reference}/verification")
    assert reply.status == 200
    assert reply.body["verification"]["good"]
    export: Export = reply.body["export"]
    return export


def confirmed(export: Export, folder: Path, *more: str) -> tuple[int, str]:
    """Run the verifier where nothing of this program, and no package at all, can be imported."""
    file, script = folder / "export.json", folder / "verify-log"
    file.write_text(json.dumps(export))
    script.write_bytes(VERIFIER.read_bytes())
    run = subprocess.run(
        [sys.executable, "-I", "-S", str(script), str(file), *more],
        capture_output=True,
        text=True,
        cwd=folder,
        env={},
        check=False,
        timeout=60,
    )
    return run.returncode, run.stdout + run.stderr


def test_an_outsider_confirms_an_export_of_the_api(log: Log, tmp_path: Path) -> None:
    export = exported(log)
    code, said = confirmed(export, tmp_path)
    assert code == 0, said
    assert f"{len(export['entries'])} entries hang on each other" in said
    assert confirmed(export, tmp_path, "--key", export["public_key"])[0] == 0
    code, said = confirmed(export, tmp_path, "--key", "00" * 32)
    assert code == 1
    assert "another key" in said


def _path(export: Export) -> None:
    export["proof"]["path"][0] = "00" * 32


def _signature(export: Export) -> None:
    last = export["anchors"][-1]
    last["signature"] = "00" + last["signature"][2:]


def _resigned(export: Export) -> None:
    """Another root, and so another signature than the key gave."""
    export["anchors"][0]["root"] = "00" * 32


def _leaf(export: Export) -> None:
    export["proof"]["leaf"][1] -= 1


def _cut(export: Export) -> None:
    del export["entries"][-3:]


def _rehashed(export: Export) -> None:
    export["entries"][-1]["action"] = "other"
    export["entries"][-1]["hash"] = "00" * 32


WRONG: dict[str, Callable[[Export], None]] = {
    "content": lambda e: e["entries"][3]["content"].update(to="closed"),
    "actor": lambda e: e["entries"][3].update(actor=99),
    "at": lambda e: e["entries"][3].update(at="2020-01-01T00:00:00Z"),
    "dropped": lambda e: e["entries"].pop(3),
    "swapped": lambda e: e["entries"].insert(3, e["entries"].pop(4)),
    "mac": lambda e: e["entries"][3].update(mac="00" * 32),
    "salt": lambda e: e["entries"][3].update(salt="00" * 16),
    "stream": lambda e: e.update(stream="request:999"),
    "nothing": lambda e: e.update(entries=[]),
    "unreadable": lambda e: e.pop("proof"),
    "another key": lambda e: e["anchors"][0].update(public_key="00" * 32),
    "path": _path,
    "signature": _signature,
    "root": _resigned,
    "leaf": _leaf,
    "cut": _cut,
    "rehashed": _rehashed,
}


@pytest.mark.parametrize("name", WRONG)
def test_the_verifier_finds_what_is_wrong_in_an_export(log: Log, tmp_path: Path, name: str) -> None:
    export = copy.deepcopy(exported(log))
    WRONG[name](export)
    code, said = confirmed(export, tmp_path)
    assert code == 1, name
    assert "WRONG" in said


def test_an_entry_whose_content_was_erased_is_still_confirmed(log: Log, tmp_path: Path) -> None:
    export = exported(log)
    export["entries"][3] |= {"salt": None, "content": None}
    assert confirmed(export, tmp_path)[0] == 0


def test_a_request_that_no_anchor_holds_yet_is_told_apart(log: Log, tmp_path: Path) -> None:
    export = exported(log) | {"proof": None, "anchors": []}
    code, said = confirmed(export, tmp_path)
    assert code == 3
    assert "no anchor" in said


def test_whoever_does_not_see_a_request_gets_no_proof_of_it(log: Log) -> None:
    path = f"/requests/{log.reference}/verification"
    unknown = "/requests/TA-2026-99999/verification"
    admin = [log.stage.ask("admin", "GET", one) for one in (path, unknown)]
    assert [reply.status for reply in admin] == [404, 404]


def test_the_whole_log_is_verified_for_auditors_and_administrators_alone(log: Log) -> None:
    for who in ("auditor", "admin"):
        reply = log.stage.ask(who, "GET", "/verification")
        assert (reply.status, reply.body["good"]) == (200, True), reply.body
        assert reply.body["anchors"] == 2
    assert log.stage.ask("desk", "GET", "/verification").status == 403


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33])
def test_every_leaf_of_a_tree_is_proved_and_no_other(count: int) -> None:
    content = [bytes([number]) for number in range(count)]
    leaves = [merkle.leaf(one) for one in content]
    root = merkle.root(leaves)
    for index, one in enumerate(content):
        path = merkle.path(leaves, index)
        assert merkle.climbed(one, index, count, path) == root
        assert merkle.climbed(b"other", index, count, path) != root
        assert merkle.climbed(one, index, count, [*path, root]) is None
        if count > 1:
            assert merkle.climbed(one, (index + 1) % count, count, path) != root


def test_an_anchor_tells_every_change_of_itself() -> None:
    ring, chance = keys.make(), Random(7)
    leaves = [(stream(n), n + 1, chance.randbytes(32).hex()) for n in range(9)]
    good = anchors.made(ring, None, clock.now(), leaves)
    assert anchors.faults(ring, good) == []
    assert anchors.read(good.text()) == good
    assert anchors.faults(keys.make(), good) == ["key"]
    for name, value in (("number", 2), ("at", "2020-01-01T00:00:00Z"), ("previous", "00" * 32)):
        held = json.loads(good.text()) | {name: value}
        assert anchors.faults(ring, anchors.read(json.dumps(held))) == ["signature"]
    held = json.loads(good.text())
    held["leaves"][4][1] += 1
    assert anchors.faults(ring, anchors.read(json.dumps(held))) == ["root"]


def test_a_leaf_spells_the_same_as_a_list_and_as_a_tuple() -> None:
    assert spelled(("request:1", 2, "ab")) == spelled(["request:1", 2, "ab"])
    assert proof.Waiting(0, None).late(clock.now()) is False
