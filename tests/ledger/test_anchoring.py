"""Anchors: what grew is signed and written outside, in time, and what became of it is found."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from app.cli.main import app as command
from app.directory.actor import SYSTEM
from app.jobs.anchors import anchor, anchor_many
from app.kit import clock, keys
from app.ledger import anchors
from app.ledger import service as ledger
from app.ledger.places import Folder
from app.ledger.tables import LedgerAnchor
from app.main import create_app
from app.requests.service import proof
from app.requests.service.proof import anchoring
from app.wiring.house import House
from tests.conftest import settings_for

LONG_AGO = timedelta(minutes=61)


def log(house: House, times: int = 1, ago: timedelta = timedelta(0)) -> None:
    """Append entries to a stream."""
    with house.database.writing() as session:
        for _ in range(times):
            ledger.append(session, "exports", "exported", SYSTEM, {}, clock.now() - ago)


def kinds(house: House, place: Folder) -> list[tuple[str, str]]:
    """Return what a verification of the whole log finds."""
    with house.database.reading() as session:
        return [(fault.stream, fault.kind) for fault in proof.verify(session, place).faults]


def waits(house: House) -> proof.Waiting:
    """Return what waits for an anchor."""
    with house.database.reading() as session:
        return proof.waiting(session)


def test_only_what_has_grown_is_anchored_and_each_anchor_names_the_one_before(
    house: House, tmp_path: Path
) -> None:
    place = Folder(tmp_path / "anchors")
    log(house)
    assert waits(house).entries == 1
    assert anchor(house.database, place) == 1
    assert waits(house).entries == 0
    assert anchor(house.database, place) == 0
    log(house)
    with house.database.writing() as session:
        ledger.append(session, "break_glass", "opened", SYSTEM, {})
    assert anchor(house.database, place) == 1
    first, second = (anchors.read(place.read(number)) for number in place.numbers())
    assert [leaf[:2] for leaf in first.leaves] == [("exports", 1)]
    assert [leaf[:2] for leaf in second.leaves] == [("break_glass", 1), ("exports", 2)]
    assert second.record.previous == first.digest
    assert kinds(house, place) == []


def test_many_entries_are_anchored_at_once_and_few_are_left_for_the_half_hour(
    house: House, tmp_path: Path
) -> None:
    place = Folder(tmp_path / "anchors")
    log(house, anchoring.MOST_WAITING - 1)
    assert anchor_many(house.database, place) == 0
    log(house)
    assert anchor_many(house.database, place) == 1


def test_an_entry_that_waits_for_more_than_an_hour_raises_the_alarm(
    database_url: str, tmp_path: Path
) -> None:
    settings = settings_for(database_url).model_copy(update={"anchor_folder": tmp_path / "a"})
    service = create_app(settings)
    house: House = service.state.house
    with TestClient(service) as http:
        assert http.get("/readyz").json()["alarms"] == []
        log(house, ago=LONG_AGO)
        log(house)
        assert waits(house).late(clock.now())
        answer = http.get("/readyz")
        assert answer.status_code == 200
        assert "anchor" in answer.json()["alarms"][0]
        assert "entente_ledger_waiting 2\n" in http.get("/metrics").text
        anchor(house.database, Folder(tmp_path / "a"))
        assert http.get("/readyz").json()["alarms"] == []
        assert "entente_ledger_waiting 0\n" in http.get("/metrics").text


def test_anchors_that_are_lost_changed_or_out_of_order_are_found(
    house: House, tmp_path: Path
) -> None:
    place = Folder(tmp_path)
    for _ in range(3):
        log(house)
        anchor(house.database, place)
    file = tmp_path / "anchor-00000002.json"
    text = file.read_text()
    file.unlink()
    assert {"gap", "link", "missing"} <= {kind for _, kind in kinds(house, place)}
    held = json.loads(text)
    held["leaves"][0][2] = "00" * 32
    file.write_text(json.dumps(held))
    assert {("anchors", "root"), ("exports", "anchor")} <= set(kinds(house, place))
    file.write_text(text)
    assert kinds(house, place) == []
    (tmp_path / "anchor-00000003.json").unlink()
    assert kinds(house, place) == [("anchors", "missing")]


def test_an_anchor_is_never_written_over(tmp_path: Path) -> None:
    place = Folder(tmp_path)
    place.write(1, "first")
    with pytest.raises(FileExistsError):
        place.write(1, "second")
    assert place.read(1) == "first"
    assert [file.name for file in tmp_path.iterdir()] == ["anchor-00000001.json"]


def test_an_anchor_whose_transaction_failed_is_followed_by_the_next(
    house: House, tmp_path: Path
) -> None:
    place = Folder(tmp_path)
    log(house)
    anchor(house.database, place)
    with house.database.engine.begin() as connection:
        connection.execute(sa.delete(LedgerAnchor))
        connection.exec_driver_sql("DELETE FROM ledger_marks")
    log(house)
    assert anchor(house.database, place) == 1
    assert list(place.numbers()) == [1, 2]
    assert kinds(house, place) == []


def test_an_entry_that_the_anchors_passed_over_is_found(house: House, tmp_path: Path) -> None:
    place = Folder(tmp_path)
    log(house, ago=LONG_AGO)
    with house.database.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO ledger_marks VALUES ('exports', 9, 1)")
    with house.database.writing() as session:
        ledger.append(session, "break_glass", "opened", SYSTEM, {})
    anchor(house.database, place)
    assert kinds(house, place) == [("exports", "unanchored")]


def test_erased_content_leaves_the_chain_good_and_unsaid_erasure_does_not(
    house: House, tmp_path: Path
) -> None:
    place = Folder(tmp_path)
    log(house, 2)
    anchor(house.database, place)
    with house.database.writing() as session:
        ledger.erase(session, SYSTEM, "exports", 1, "Asked for.")
    assert kinds(house, place) == []
    with house.database.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE ledger_entries SET content = '{}', salt = NULL"
            " WHERE stream = 'exports' AND seq = 2"
        )
    assert kinds(house, place) == [("exports", "erased")]


def test_keys_are_renewed_and_old_entries_still_verify(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "own.keys"
    monkeypatch.setenv("ENTENTE_DATABASE_URL", database_url)
    monkeypatch.setenv("ENTENTE_KEYS_FILE", str(file))
    monkeypatch.setenv("ENTENTE_ANCHOR_FOLDER", str(tmp_path / "anchors"))
    run = CliRunner()
    for purpose in ("ledger", "anchor", "ledger"):
        assert run.invoke(command, ["anchor"]).exit_code == 0
        assert run.invoke(command, ["keys", "rotate", purpose]).exit_code == 0
    assert run.invoke(command, ["anchor"]).exit_code == 0
    verified = run.invoke(command, ["verify"])
    assert verified.exit_code == 0, verified.output
    assert "3 entries in 1 streams" in verified.output
    ring = keys.load(file)
    assert list(ring.keys["ledger"]) == ["1", "2", "3"]
    keys.write(file, keys.make())
    assert run.invoke(command, ["verify"]).exit_code == 1


def test_the_command_line_writes_an_export_only_for_a_request(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENTENTE_DATABASE_URL", database_url)
    run = CliRunner()
    assert run.invoke(command, ["verify", "--export", str(tmp_path / "x")]).exit_code == 2
    assert run.invoke(command, ["verify", "--request", "TA-2026-00001"]).exit_code == 1
    assert "entente_verify" in run.invoke(command, ["roles"]).output
