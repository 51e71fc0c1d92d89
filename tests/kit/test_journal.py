"""The service's own log holds no secret and nothing that people wrote, whatever goes wrong."""

import io
import json
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from app.kit.journal import Lines, cleaned, config
from tests.factories.clients import BASE, Clients


@contextmanager
def written(formatter: logging.Formatter) -> Iterator[io.StringIO]:
    """Collect what every logger writes."""
    text = io.StringIO()
    taken = logging.StreamHandler(text)
    taken.setFormatter(formatter)
    root = logging.getLogger()
    level = root.level
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # the caller, not the service
    root.addHandler(taken)
    root.setLevel(logging.DEBUG)
    try:
        yield text
    finally:
        root.removeHandler(taken)
        root.setLevel(level)


def lines(text: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.getvalue().splitlines()]


def mischief(clients: Clients) -> list[str]:
    """Go wrong in every way we know, with a canary wherever a secret or a person's text can be.

    Returns the canaries.
    """
    canaries = {name: secrets.token_hex(12) for name in ("token", "body", "query", "key", "row")}
    token = f"ent_{canaries['token']}"
    coordinator = clients.as_("resident_coordinator", country="KEN")
    clients.http.get(f"{BASE}/me", headers={"authorization": f"Bearer {token}"})
    clients.http.get(f"{BASE}/requests?q={canaries['query']}&limit=x{canaries['query']}")
    coordinator.post("/requests", {"title": canaries["body"], "unknown": canaries["body"]})
    coordinator.post("/requests", idempotency_key=canaries["key"] + "k" * 300)
    _break_the_database(clients, canaries["row"])
    body = {"countries": ["KEN"], "title": canaries["row"], "needs": [{"area": "A", "text": "a"}]}
    broken = coordinator.post("/requests", body)
    assert broken.status in {409, 503}, broken.body
    assert canaries["row"] not in json.dumps(broken.body)
    return [*canaries.values(), coordinator.token]


def _break_the_database(clients: Clients, canary: str) -> None:
    """Make the database refuse each new request, quoting a row's content as databases do."""
    engine = clients.house.database.engine
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            text = (
                "CREATE TRIGGER broken BEFORE INSERT ON requests BEGIN"
                f" SELECT RAISE(ABORT, 'failing row contains {canary}'); END"
            )
        else:
            text = f"ALTER TABLE requests ADD CONSTRAINT broken CHECK (title <> '{canary}')"
        connection.execute(sa.text(text))


def test_nothing_that_a_person_or_program_sent_is_found_in_the_log(clients: Clients) -> None:
    with written(Lines()) as text:
        canaries = mischief(clients)
    told = text.getvalue()
    assert [canary for canary in canaries if canary in told] == []
    kinds = [one["event"] for one in lines(text)]
    assert "refused" in kinds
    assert "database" in kinds, "the fault itself must be told"
    fault = next(one for one in lines(text) if one["event"] == "database")["fault"]
    assert any("IntegrityError" in one["kind"] for one in fault)
    assert any(place for one in fault for place in one["at"])


def test_the_canaries_would_be_found_by_a_log_that_quotes_exceptions(clients: Clients) -> None:
    with written(logging.Formatter("%(message)s")) as text:
        canaries = mischief(clients)
    assert [canary for canary in canaries if canary in text.getvalue()] != []


@pytest.mark.parametrize(
    "secret",
    [
        "ent_abcdefghijklmnop",
        "Bearer abc.def",
        "__Host-entente=abcdef",
        "postgresql://user:pass" + "word@host/db",
        "eyJhbGciOi.eyJzdWIi.c2ln",
        "someone@example.org",
    ],
)
def test_a_secret_is_hidden_by_its_shape_and_the_rest_stays(secret: str) -> None:
    text = cleaned(f"before {secret} after")
    assert text.startswith("before ")
    assert text.endswith(" after") or "host" in text
    assert secret not in text
    assert cleaned(f"again {secret}").split("hidden ")[1][:8] == text.split("hidden ")[1][:8]


def test_a_line_is_one_line_of_json_whatever_is_in_it(caplog: pytest.LogCaptureFixture) -> None:
    record = logging.makeLogRecord({"msg": "a\n\u202e%s", "args": ("b\r\n",), "name": "x", "y": 1})
    line = Lines().format(record)
    assert "\n" not in line
    assert json.loads(line)["y"] == 1


def test_the_server_and_the_worker_write_such_lines() -> None:
    made = config("info")
    assert made["formatters"]["lines"]["()"] is Lines
    assert made["root"]["handlers"] == ["stderr"]
