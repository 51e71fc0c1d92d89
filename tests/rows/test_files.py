"""Documents through both nets: the service's role takes them in and gives them out."""

from pathlib import Path

import pytest

from tests.conftest import settings_for
from tests.factories.clients import Clients
from tests.files.desk import Intake


def test_a_document_goes_in_and_out_as_the_role_of_the_service(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENTENTE_FILES_FOLDER", str(tmp_path / "files"))
    with Clients(settings_for(database_url)) as clients:
        desk = Intake.open(clients)
        taken = desk.send("a.txt", b"words")
        assert taken.status_code == 201, taken.text
        assert desk.fetch(taken.json()["id"]).content == b"words"
        stranger = clients.as_("resident_coordinator", country="PER")
        assert desk.fetch(taken.json()["id"], stranger).status_code == 404
