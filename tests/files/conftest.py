"""What the tests of files share: a desk with a store of its own, on each database or on one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import settings_for
from tests.factories.clients import Clients
from tests.files.desk import Intake


@pytest.fixture
def intake(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Intake]:
    """A desk on each database."""
    monkeypatch.setenv("ENTENTE_FILES_FOLDER", str(tmp_path / "files"))
    with Clients(settings_for(database_url)) as clients:
        yield Intake.open(clients)


@pytest.fixture
def desk(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Intake]:
    """A desk on SQLite alone, for what does not depend on the database."""
    monkeypatch.setenv("ENTENTE_FILES_FOLDER", str(tmp_path / "files"))
    file = tmp_path / "desk.db"
    shutil.copy(sqlite_template, file)
    with Clients(settings_for(f"sqlite:///{file}")) as clients:
        yield Intake.open(clients)
