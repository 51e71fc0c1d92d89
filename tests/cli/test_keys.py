"""Renewing the master key: everything stays readable, and nothing hangs on the earlier key."""

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts import factors
from app.kit import clock, keys
from app.kit.db import Database, table_of
from app.requests import vault
from app.requests.tables import AssistanceRequest, RequestKey
from app.wiring import answers
from tests.cli.conftest import FILING, Terminal
from tests.conftest import KEYS


def test_a_renewed_master_key_opens_everything_and_the_earlier_is_needed_no_more(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = terminal.token("resident_coordinator", "KEN")
    filing: dict[str, Any] = FILING
    lines = b"\n".join([_line(filing, n) for n in range(3)])
    assert terminal.bring_in(lines, token)[0].exit_code == 0
    own = tmp_path / "own-keys"
    keys.write(own, keys.load(KEYS))
    person = terminal.people["resident_coordinator"]
    claim = answers.Claim(person, "a key", "as it was sent")
    answer = answers.Stored(claim, 201, '"1"', "", '{"said": "before"}')
    with terminal.house.database.writing() as session:
        ids = session.scalars(sa.select(AssistanceRequest.id)).all()
        before = {one: vault.key_of(session, one) for one in ids}
        secret = factors.enrol_at_once(session, person)
        answers.keep(session, [answer], clock.now())
    monkeypatch.setenv("ENTENTE_KEYS_FILE", str(own))
    told = terminal.run("keys", "rotate", "master")
    assert (told.exit_code, "Wrapped anew: 5." in told.output) == (0, True), told.output
    assert "Wrapped anew: 0." in terminal.run("keys", "rewrap").output
    ring = keys.load(own)
    newest = {"2": ring.get(keys.MASTER, "2")}
    alone = keys.Keyring({**ring.keys, keys.MASTER: newest})
    url = terminal.house.settings.database_url
    database = Database(url, keyring=lambda: alone)
    with database.reading() as session:
        assert {one: vault.key_of(session, one) for one in ids} == before
        wrapped = session.scalars(sa.select(table_of(RequestKey).c.wrapped)).all()
        assert answers.look_up(session, [claim]) == {claim.identity: answer}
    with database.writing() as session:
        factors.give(session, person, factors.code_of(secret, clock.now()))
    database.close()
    assert all(one.startswith("2.") for one in wrapped)


def _line(filing: dict[str, Any], number: int) -> bytes:
    return json.dumps(filing | {"title": f"Request {number}"}).encode()
