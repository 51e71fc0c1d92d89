"""The command line and the worker, as the application role: held to who asks, or to one request."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from app.cli.main import app
from app.directory import credentials
from app.engine.packs import Shelf
from app.jobs import deadlines
from app.kit import clock
from app.kit.db import Session
from app.lifecycle import service as lifecycle
from app.requests.access import Standing
from tests.cli.conftest import FILING, written
from tests.factories.clients import Client, Clients
from tests.jobs.samples import silent, state_of
from tests.rows.test_net import COUNT, tear

__all__ = ["tear"]


@pytest.fixture
def run(clients: Clients, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Run a command in the name of a client; return what it says."""
    settings = clients.house.settings
    monkeypatch.setenv("ENTENTE_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("ENTENTE_TOKEN_KEY", clients.house.key)
    monkeypatch.setenv("ENTENTE_KEYS_FILE", str(settings.keys_file))

    def now(client: Client, *words: str) -> str:
        told = CliRunner().invoke(app, list(words), env={"ENTENTE_TOKEN": client.token})
        assert told.exit_code == 0, told.output
        return told.output

    return now


def test_with_the_first_net_torn_commands_meet_nothing_foreign(
    clients: Clients, run: Callable[..., str], tear: Callable[[], None], tmp_path: Path
) -> None:
    file, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    own, other = (clients.as_("resident_coordinator", country=one) for one in ("KEN", "UGA"))
    for client, country in ((own, "KEN"), (other, "UGA")):
        file.write_bytes(written({**FILING, "countries": [country], "title": f"Of {country}"}))
        run(client, "import", str(file), "--report", str(tmp_path / "refused.jsonl"), "--submit")
    assert not (tmp_path / "refused.jsonl").exists()
    tear()
    listed = run(own, "requests", "list")
    assert "Of KEN" in listed
    assert "Of UGA" not in listed
    auditor = clients.as_("auditor")
    with clients.office.writing() as session:
        row = sa.text("SELECT id FROM api_tokens WHERE person_id = :p")
        credentials.assure(session, session.scalar(row, {"p": auditor.person_id}) or 0, clock.now())
    run(auditor, "export", str(out))
    titles = {json.loads(line)["title"] for line in out.read_text().splitlines()}
    assert titles == {"Of KEN", "Of UGA"}


def test_the_sweep_sees_of_all_requests_the_one_that_it_moves(
    clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf, settle, seen = clients.house.shelf, lifecycle.settle, list[Any]()
    with clients.office.writing() as session:
        requests = [silent(session, shelf), silent(session, shelf)]

    def counted(session: Session, shelf: Shelf, before: Standing) -> Standing:
        seen.append(session.scalar(sa.text(COUNT)))
        return settle(session, shelf, before)

    monkeypatch.setattr(lifecycle, "settle", counted)
    assert deadlines.sweep(clients.office, shelf, clock.now()) == 2
    assert seen == [1, 1]
    with clients.office.reading() as session:
        assert [state_of(session, request) for request in requests] == ["set_aside"] * 2
