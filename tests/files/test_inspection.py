"""Looking into documents: honest ones pass, hostile ones are refused for the right reason, within bounds."""

import io
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest
from PIL import Image

from app.config import ROOT
from app.files.inspection import archives, findings, parent
from app.files.kinds import kind_of
from tests.files import honest, hostile

MOST_KIB = 256 * 1024
MOST_SECONDS = 20
HONEST = honest.honest()
LOOKED_INTO = {n: c for n, c in hostile.hostile().items() if not c[1].startswith("attachment.")}


@contextmanager
def opened(content: bytes) -> Iterator[BinaryIO]:
    """Give a document as a file without a name."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        yield file


def look(name: str, content: bytes) -> parent.Look:
    with opened(content) as document:
        return parent.look(document, kind_of(name).name)


def test_the_corpus_is_large_enough() -> None:
    assert len(hostile.hostile()) >= 100


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_document_passes(name: str) -> None:
    found = look(name, HONEST[name])
    assert found.reason == ""
    assert (found.renewed is not None) == name.lower().endswith((".png", ".jpg", ".jpeg"))
    if found.renewed:
        found.renewed.close()
    assert found.peak_kib < MOST_KIB


@pytest.mark.parametrize("name", LOOKED_INTO)
def test_a_hostile_document_is_refused_for_what_it_is(name: str) -> None:
    content, reason = LOOKED_INTO[name]
    began = time.monotonic()
    found = look(name, content)
    assert found.reason == reason
    assert found.renewed is None
    assert found.peak_kib < MOST_KIB
    assert time.monotonic() - began < MOST_SECONDS + parent.PATIENCE


def test_every_reason_of_the_corpus_is_told_in_words_that_help() -> None:
    assert {reason for _, reason in LOOKED_INTO.values()} <= set(findings.REASONS)


def test_a_heavy_spreadsheet_within_every_bound_stays_within_the_memory() -> None:
    found = look("strings.xlsx", hostile.strings())
    assert found.reason in {"", "check.limits"}
    assert 20_000 < found.peak_kib < MOST_KIB


class Short(zipfile.ZipFile):
    """An archive that is read where memory is short."""

    def read(self, name: str | zipfile.ZipInfo, pwd: bytes | None = None) -> bytes:
        raise MemoryError


def test_a_document_that_is_too_much_for_the_memory_is_not_called_damaged() -> None:
    archive = Short(io.BytesIO(honest.xlsx()))
    with pytest.raises(MemoryError):
        archives.content_of(archive, archive.infolist()[0])


def test_a_picture_is_written_anew_without_what_came_beside_its_points() -> None:
    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    exif[0x0112] = 6
    content = honest.picture("JPEG", size=(120, 80), exif=exif, comment=b"another secret")
    assert b"secret" in content
    found = look("photo.jpg", content)
    assert found.renewed is not None
    with found.renewed as renewed:
        kept = renewed.read()
    assert b"secret" not in kept
    picture = Image.open(io.BytesIO(kept))
    assert picture.size == (80, 120)  # turned as the camera said
    assert not picture.getexif()


def test_a_broken_exif_does_no_harm() -> None:
    plain = honest.picture("JPEG")
    broken = plain[:2] + b"\xff\xe1\x00\x20Exif\0\0II*\0\xff\xff\xff\xff" + b"\xff" * 14 + plain[2:]
    found = look("photo.jpg", broken)
    assert found.reason in {"", "image.damaged"}
    if found.renewed:
        with found.renewed as renewed:
            assert b"\xff\xff\xff\xff\xff" not in renewed.read()


def confined(words: str) -> subprocess.CompletedProcess[bytes]:
    """Run some words where documents are looked into."""
    start = (
        "from app.files.inspection import confined; confined.limit(); alone = confined.cut_off();"
    )
    command = [
        sys.executable,
        "-I",
        "-c",
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); {start} {words}",
    ]
    return subprocess.run(command, capture_output=True, check=False, timeout=60, cwd=ROOT)


def test_the_program_takes_no_more_memory_than_it_may() -> None:
    assert confined("x = bytearray(100_000_000)").returncode == 0
    assert b"MemoryError" in confined("x = bytearray(300_000_000)").stderr


def test_the_program_reaches_no_network_and_starts_no_program() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        reach = f"import _socket as s; s.socket().connect(('127.0.0.1', {port}))"
        assert confined(reach).returncode != 0
        plain = subprocess.run([sys.executable, "-c", reach], check=False)
        assert plain.returncode == 0
    assert confined("import os; os.system('true')").returncode != 0
    assert confined("import subprocess as p; p.run(['true'])").returncode != 0


def test_the_program_writes_no_large_file(tmp_path: Path) -> None:
    place = str(tmp_path / "x")
    assert confined(f"open({place!r}, 'wb').write(bytes(70_000_000))").returncode != 0


def test_a_program_that_runs_too_long_or_says_nothing_is_a_refusal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parent, "WALL_SECONDS", 1)
    monkeypatch.setattr(parent, "START", "import sys; sys.stdin.read(); [0 for _ in iter(int, 1)]")
    assert look("report.pdf", HONEST["report.pdf"]).reason == "check.limits"
    for words in (
        "",
        "print('x')",
        "print('[]')",
        "import os; os._exit(3)",
        'print(\'{{"reason":"made up"}}\')',
    ):
        monkeypatch.setattr(parent, "START", words)
        assert look("report.pdf", HONEST["report.pdf"]).reason == "check.limits"


def test_where_no_turn_comes_the_document_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parent, "PATIENCE", 0.01)
    for _ in range(parent.TOGETHER):
        assert parent.TURNS.acquire(timeout=1)
    try:
        with pytest.raises(parent.BusyError):
            look("report.pdf", HONEST["report.pdf"])
    finally:
        for _ in range(parent.TOGETHER):
            parent.TURNS.release()
