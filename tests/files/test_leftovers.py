"""What crashes leave behind, what the scanner holds up, and what lies in the database from before."""

import logging
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.cli.doctor import files as doctor
from app.config import ROOT
from app.files.stores import DRAFT, Folder
from app.files.vault import Vault, Verdict
from app.jobs import files as jobs
from app.kit import clock
from app.kit.errors import Invalid
from app.requests.tables import Attachment, AttachmentContent
from tests.files import clamd, honest
from tests.files.desk import Intake

KILLED = """
import io, os, signal
from app.config import Settings
from app.files.vault import open_vault
kept = open_vault(Settings()).keep(io.BytesIO(b"words" * 100_000), b"k" * 32)
os.kill(os.getpid(), signal.SIGKILL)
"""
HALF = """
import os, signal
from pathlib import Path
from app.files.stores import Folder
def pieces():
    yield b"half"
    os.kill(os.getpid(), signal.SIGKILL)
Folder(Path({folder!r})).put("0" * 40, pieces())
"""


def run(words: str) -> int:
    """Run a program in the environment of the tests; return how it ended."""
    return subprocess.run([sys.executable, "-c", words], cwd=ROOT, check=False).returncode


def test_a_kill_between_file_and_row_leaves_an_orphan_that_is_swept(intake: Intake) -> None:
    intake.send("a.txt", b"words")
    before = intake.stored()
    assert run(KILLED) == -signal.SIGKILL
    assert len(intake.stored() - before) == 1
    assert intake.sweep(timedelta(minutes=30)) == 0  # it could still get its row
    assert intake.sweep() == 1
    assert intake.stored() == before
    assert intake.fetch(intake.listed()[0]["id"]).content == b"words"


def test_a_kill_within_a_file_leaves_a_draft_that_is_swept(desk: Intake) -> None:
    store = desk.vault.store
    assert isinstance(store, Folder)
    assert run(HALF.format(folder=str(store.path))) == -signal.SIGKILL
    assert desk.stored() == {DRAFT + "0" * 40}
    assert desk.sweep() == 1
    assert desk.stored() == set()


def test_a_document_left_in_quarantine_is_taken_up_once(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*_: object) -> Verdict:
        raise KeyError("killed here")

    with monkeypatch.context() as patched:
        patched.setattr(Vault, "examine", end)
        assert intake.send("map.png", honest.picture()).status_code == 500
    (shown,) = intake.listed()
    assert (shown["status"], intake.events()) == ("quarantined", [])
    got = intake.fetch(shown["id"])
    assert (got.status_code, got.json()["code"]) == (409, "attachment.quarantined")
    assert intake.take_up(later=timedelta()) == 0  # the call may still be at it
    assert (intake.take_up(), intake.take_up()) == (1, 0)
    assert intake.events() == ["attachment_added"]
    assert intake.fetch(shown["id"]).status_code == 200


@pytest.mark.parametrize("taken_up", [False, True])
def test_a_call_repeated_after_a_crash_finds_its_document(
    intake: Intake, monkeypatch: pytest.MonkeyPatch, taken_up: bool
) -> None:
    def end(*_: object) -> Verdict:
        raise KeyError("killed here")

    key = {"Idempotency-Key": "k"}
    with monkeypatch.context() as patched:
        patched.setattr(Vault, "examine", end)
        assert intake.send("a.txt", b"words", **key).status_code == 500
    if taken_up:
        assert intake.take_up() == 1
    assert intake.send("a.txt", b"other", **key).status_code == 422
    answer = intake.send("a.txt", b"words", **key)
    assert (answer.status_code, answer.json()["status"]) == (201, "released")
    assert len(intake.listed()) == 1
    assert intake.events() == ["attachment_added"]
    intake.sweep()
    assert intake.stored() == {row.place for row in intake.rows()}


def test_a_document_that_is_damaged_in_quarantine_is_refused(
    desk: Intake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Vault, "examine", lambda *_: Verdict("quarantined", "check.waits"))
    assert desk.send("a.txt", b"words").json()["status"] == "quarantined"
    (place,) = (tmp_path / "files").iterdir()
    place.write_bytes(b"other")
    with caplog.at_level(logging.ERROR, "entente.jobs"):
        assert desk.take_up() == 1
    assert "file.damaged" in caplog.text
    assert desk.listed()[0]["reason"] == "check.damaged"


def scanned(desk: Intake, url: str) -> Vault:
    """Return the vault of the desk with a scanner, and give it to the service."""
    asking = Vault(desk.vault.store, url, 20_971_520)
    desk.clients.house.vault = asking
    return asking


def test_what_the_scanner_finds_is_refused_and_the_rest_is_marked_as_scanned(
    intake: Intake,
) -> None:
    with clamd.listening() as url:
        scanned(intake, url)
        found = intake.send("a.txt", b"x" * 70_000 + clamd.SIGNATURE)
        assert (found.status_code, found.json()["code"]) == (422, "attachment.refused")
        assert intake.send("b.txt", b"words").status_code == 201
    rows = {row.status: row for row in intake.rows()}
    assert (rows["refused"].reason, rows["refused"].scan) == ("scan.found", "Eicar-Test-Signature")
    assert rows["released"].scan == "clean"


def test_without_a_scanner_the_row_says_so(desk: Intake) -> None:
    assert desk.send("a.txt", clamd.SIGNATURE).status_code == 201
    assert desk.rows()[0].scan == "none"
    (fault,) = doctor.scan(desk.clients.house.settings)
    assert fault.mark == "warn"


def test_while_the_scanner_is_away_nothing_is_released_and_nothing_is_lost(intake: Intake) -> None:
    with clamd.listening() as gone:
        pass
    away = scanned(intake, gone)
    held = intake.send("a.txt", b"words")
    assert (held.status_code, held.json()["status"]) == (201, "quarantined")
    assert held.json()["reason"] == "scan.away"
    assert intake.fetch(held.json()["id"]).status_code == 409
    assert intake.take_up(away) == 0
    with clamd.listening() as url:
        assert intake.take_up(scanned(intake, url)) == 1
    assert intake.listed()[0]["status"] == "released"
    assert intake.fetch(held.json()["id"]).content == b"words"


class Rude(clamd.Line):
    """A scanner that says something else."""

    def handle(self) -> None:
        """Answer with an error, and hang up."""
        self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")


def test_a_scanner_that_fails_releases_nothing(desk: Intake) -> None:
    with clamd.listening(Rude) as url:
        scanned(desk, url)
        assert desk.send("a.txt", b"words").json()["status"] == "quarantined"
        settings = desk.clients.house.settings.model_copy(update={"clamd_url": url})
        assert [fault.mark for fault in doctor.scan(settings)] == ["FAIL"]


def test_the_doctor_hears_the_scanner_and_looks_at_the_folder(desk: Intake, tmp_path: Path) -> None:
    settings = desk.clients.house.settings
    with clamd.listening() as url:
        there = settings.model_copy(update={"clamd_url": url})
        assert [fault.mark for fault in doctor.scan(there)] == ["ok  "]
    odd = settings.model_copy(update={"clamd_url": "http://x"})
    assert [fault.mark for fault in doctor.scan(odd)] == ["FAIL"]
    assert [fault.mark for fault in doctor.store(settings)] == ["ok  "]
    desk.send("a.txt", b"words")
    assert [fault.mark for fault in doctor.store(settings)] == ["ok  "]
    (tmp_path / "files").chmod(0o755)
    assert [fault.mark for fault in doctor.store(settings)] == ["warn"]
    odd = settings.model_copy(update={"files_url": "ftp://x"})
    assert [fault.mark for fault in doctor.store(odd)] == ["FAIL"]


def test_documents_in_the_database_are_moved_and_looked_into(intake: Intake) -> None:
    request = intake.clients.house.database
    with request.writing() as session:
        owner = session.scalar(sa.text("SELECT id FROM requests")) or 0
        for name, content in (("a.txt", b"words"), ("b.pdf", b"<html>"), ("c.exe", b"MZ")):
            row = Attachment(
                request_id=owner,
                name=name,
                media_type="text/html",
                size=len(content),
                sha256="",
                by=intake.coordinator.person_id,
                at=clock.now(),
            )
            session.add(row)
            session.flush()
            session.add(AttachmentContent(attachment_id=row.id, content=content))
    numbers = [one["id"] for one in intake.listed()]
    assert {one["status"] for one in intake.listed()} == {"quarantined"}
    assert intake.fetch(numbers[0]).status_code == 409
    assert jobs.move_old(request, intake.vault) == 2
    assert intake.take_up() == 2
    assert [one["status"] for one in intake.listed()] == ["released", "refused", "quarantined"]
    assert intake.fetch(numbers[0]).content == b"words"
    assert intake.listed()[0]["media_type"] == "text/plain"
    with request.reading() as session:
        left = session.scalars(sa.select(AttachmentContent.attachment_id)).all()
    assert list(left) == numbers[1:]  # what is refused is not lost, and not given out
    assert jobs.move_old(request, intake.vault) == 0


def test_a_key_of_an_old_call_can_be_used_again(intake: Intake) -> None:
    intake.send("a.txt", b"words", **{"Idempotency-Key": "k"})
    assert intake.rows()[0].upload_key
    intake.sweep(timedelta(hours=49))
    assert intake.rows()[0].upload_key is None


def test_a_vault_takes_no_empty_document(desk: Intake, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    with empty.open("rb") as document, pytest.raises(Invalid):
        desk.vault.keep(document, b"k" * 32)
