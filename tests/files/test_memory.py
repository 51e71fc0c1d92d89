"""Memory: a document of the largest size is never held as a whole by the service."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.config import ROOT

MOST_GROWN_KIB = 12 * 1024
"""A document has 20 MiB: one copy of it in memory would be seen."""
PROGRAM = """
import os, tempfile, time
from pathlib import Path
from app.config import Settings
from app.files.vault import open_vault

LOCK = b"k" * 32

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

vault = open_vault(Settings())
with tempfile.TemporaryFile() as document:
    document.write(b"small")
    document.flush()
    vault.prove(vault.keep(document, LOCK))
with tempfile.TemporaryFile() as document:
    for _ in range(1279):
        document.write(b"words and numbers, 1234567890.. " * 512)
    document.flush()
    before = peak()
    began = time.perf_counter()
    kept = vault.keep(document, LOCK)
    sealed = time.perf_counter()
    verdict = vault.examine(document, "text", LOCK)
    looked = time.perf_counter()
    vault.prove(kept)
    proved = time.perf_counter()
    assert verdict.status == "released", verdict
    assert kept.size > 20_900_000, kept.size
print(peak() - before, round(sealed - began, 3), round(looked - sealed, 3), round(proved - looked, 3))
"""


def test_a_large_document_is_sealed_looked_into_and_given_out_in_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENTENTE_FILES_FOLDER", str(tmp_path / "files"))
    monkeypatch.setenv("ENTENTE_KEYS_FILE", str(tmp_path / "keys"))
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, check=True, capture_output=True, text=True
    )
    grown = int(ran.stdout.split()[0])
    assert grown < MOST_GROWN_KIB, ran.stdout
