"""The hot ways of polling and moving answer exactly as the plain ways do, and never longer."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from app.directory import service as directory
from app.directory.tables import ApiToken
from app.wiring.gathering import PostgresReader
from app.wiring.polling import Query, SqliteReader
from tests.factories.clients import Answer, Client, Clients

PLAIN = "?wait=0"
"""Any query keeps a poll from the hot way: with this one the route itself answers."""
BODY = {"title": "Forensic training", "countries": ["KEN"]}


@contextmanager
def counted(clients: Clients) -> Iterator[list[str]]:
    """Note the statements of the application meanwhile: the hot poll has a line of its own."""
    sent: list[str] = []

    def note(_line: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    engine = clients.house.database.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def hot(clients: Clients, client: Client, reference: str, **headers: str) -> Answer:
    """Poll, and see that the hot way answered."""
    client.get(f"/requests/{reference}/status{PLAIN}")
    with counted(clients) as sent:
        answer = client.get(f"/requests/{reference}/status", **headers)
    assert sent == []
    return answer


def same(one: Answer, other: Answer) -> bool:
    """Whether two answers agree in everything but the id of the call."""
    headers = [
        {k: v for k, v in dict(answer.headers).items() if k != "x-request-id"}
        for answer in (one, other)
    ]
    return (one.status, one.body, headers[0]) == (other.status, other.body, headers[1])


@pytest.fixture
def coordinator(clients: Clients) -> Client:
    return clients.as_("resident_coordinator", country="KEN")


@pytest.fixture
def reference(coordinator: Client) -> str:
    return str(coordinator.post("/requests", BODY).ok().body["reference"])


@pytest.mark.parametrize("language", ["en", "fr", "ar", "zh;q=0.8, es", "tlh"])
def test_the_hot_poll_says_what_the_plain_one_says(
    clients: Clients, coordinator: Client, reference: str, language: str
) -> None:
    path = f"/requests/{reference}/status"
    fast = hot(clients, coordinator, reference, accept_language=language)
    plain = coordinator.get(path + PLAIN, accept_language=language)
    assert same(fast, plain)
    assert (fast.status, fast.body["state"]) == (200, "draft")
    assert "x-request-id" in fast.headers


def test_who_sees_nothing_polls_nothing(clients: Clients, reference: str) -> None:
    nobody = clients.as_("administrator")
    for path in (f"/requests/{reference}/status", f"/requests/{reference}/status{PLAIN}"):
        answer = nobody.get(path)
        assert (answer.status, answer.body["code"]) == (404, "request.unknown")


@pytest.mark.parametrize("seen", ['"1"', '"2"', '"', '"2", "1"', 'W/"1"', "*", ""])
def test_a_tag_seen_before_is_answered_alike(
    clients: Clients, coordinator: Client, reference: str, seen: str
) -> None:
    coordinator.get(f"/requests/{reference}/status")
    fast = coordinator.get(f"/requests/{reference}/status", if_none_match=seen)
    plain = coordinator.get(f"/requests/{reference}/status{PLAIN}", if_none_match=seen)
    assert same(fast, plain)


def test_an_unchanged_request_is_a_304_on_the_hot_way(
    clients: Clients, coordinator: Client, reference: str
) -> None:
    fast = hot(clients, coordinator, reference, if_none_match='"1"')
    assert (fast.status, fast.body, fast.headers["etag"]) == (304, "", '"1"')


def test_a_poll_sees_a_change_at_once(
    clients: Clients, coordinator: Client, reference: str
) -> None:
    assert hot(clients, coordinator, reference).revision == 1
    need = {"area": "B", "text": "Training of examiners"}
    coordinator.post(f"/requests/{reference}/needs", need).ok()
    assert hot(clients, coordinator, reference).revision == 2


def test_country_and_staff_read_their_own_labels(
    clients: Clients, coordinator: Client, reference: str
) -> None:
    auditor = clients.as_("auditor")
    assert same(
        hot(clients, auditor, reference), auditor.get(f"/requests/{reference}/status{PLAIN}")
    )


def test_an_unseen_request_is_answered_as_an_absent_one(
    clients: Clients, coordinator: Client, reference: str
) -> None:
    stranger = clients.as_("resident_coordinator", country="FRA")
    own = str(stranger.post("/requests", {**BODY, "countries": ["FRA"]}).ok().body["reference"])
    assert hot(clients, stranger, own).status == 200
    unseen = stranger.get(f"/requests/{reference}/status")
    absent = stranger.get("/requests/TA-2020-99999/status")
    assert unseen.status == absent.status == 404
    assert {**unseen.body, "request_id": ""} == {**absent.body, "request_id": ""}


def _revoke(clients: Clients, client: Client) -> None:
    with clients.house.database.writing() as session:
        mine = sa.select(ApiToken.id).where(ApiToken.person_id == client.person_id)
        directory.revoke_token(session, None, session.scalars(mine).one())


def _suspend(clients: Clients, client: Client) -> None:
    with clients.house.database.writing() as session:
        directory.suspend(session, None, client.person_id)


@pytest.mark.parametrize("end", [_revoke, _suspend])
def test_a_token_that_ends_is_dead_at_the_next_poll(
    clients: Clients,
    coordinator: Client,
    reference: str,
    end: Callable[[Clients, Client], None],
) -> None:
    assert hot(clients, coordinator, reference).status == 200
    end(clients, coordinator)
    assert coordinator.get(f"/requests/{reference}/status").status == 401
    assert coordinator.get(f"/requests/{reference}/status", if_none_match='"1"').status == 401


def test_an_unknown_token_is_refused(clients: Clients, reference: str) -> None:
    assert clients.anonymous().get(f"/requests/{reference}/status").status == 401


def end_lines(clients: Clients) -> None:
    """Have PostgreSQL end every connection to the database; SQLite has none to end."""
    url = clients.house.database.engine.url
    if url.get_backend_name() == "postgresql":
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as line:
            line.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def test_a_broken_line_to_the_database_is_mended_by_the_next_polls(
    clients: Clients, coordinator: Client, reference: str
) -> None:
    assert hot(clients, coordinator, reference).status == 200
    end_lines(clients)
    found = [coordinator.get(f"/requests/{reference}/status").status for _ in range(4)]
    assert set(found) <= {200, 503}
    assert found[-1] == 200


def test_a_reader_without_a_database_leaves_the_answer_to_the_plain_way() -> None:
    query = Query("SELECT 1 WHERE 'x' = ?", (), {}, "")

    async def read() -> list[Any]:
        sqlite = SqliteReader("no/such/folder/entente.db")
        postgres = PostgresReader({"host": "127.0.0.1", "port": 1, "dbname": "nothing"})
        return [sqlite.read(query, "TA-2026-00001"), await postgres.read(query, "TA-2026-00001")]

    assert asyncio.run(read()) == [None, None]


def test_polls_share_a_read_that_ends_before_any_later_call_is_read(tmp_path: Path) -> None:
    file = tmp_path / "numbers.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("CREATE TABLE numbers AS SELECT 'TA-2026-00001' AS reference, 1 AS number")
        query = Query("SELECT number FROM numbers WHERE reference = ?", (), {}, "")

        async def read() -> list[Any]:
            reader = SqliteReader(str(file))
            one = reader.read(query, "TA-2026-00001")
            writer.execute("UPDATE numbers SET number = 2")
            with_it = reader.read(query, "TA-2026-00001")
            later = asyncio.get_running_loop().create_future()
            # What a loop is given now, as a call that comes in is, runs after the read has ended.
            asyncio.get_running_loop().call_soon(
                lambda: later.set_result(reader.read(query, "TA-2026-00001"))
            )
            return [one, with_it, await later]

        assert asyncio.run(read()) == [(1,), (1,), (2,)]


MOVES: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"trigger": "withdraw"}, {"if_match": '"1"'}),
    ({"trigger": "withdraw"}, {"if_match": "*", "idempotency_key": "one"}),
    ({"trigger": "withdraw"}, {"if_match": '"7"'}),
    ({"trigger": "withdraw"}, {}),
    ({"trigger": "withdraw"}, {"if_match": "7"}),
    ({"trigger": "submit"}, {"if_match": '"1"'}),
    ({"trigger": "no_such_move"}, {"if_match": '"1"'}),
    ({"trigger": "withdraw", "more": 1}, {"if_match": '"1"'}),
    ({"trigger": 7}, {"if_match": '"1"'}),
    ({"trigger": "withdraw", "form": {"nobody": "asked"}}, {"if_match": '"1"'}),
    ({"trigger": "withdraw"}, {"if_match": '"1"', "idempotency_key": "\t"}),
    ({"trigger": "withdraw"}, {"if_match": '"1"', "authorization": "Basic x"}),
]
VARYING = {"request_id": "", "reference": "", "since": ""}


@pytest.mark.parametrize(("body", "headers"), MOVES)
def test_the_hot_move_says_what_the_plain_one_says(
    coordinator: Client, body: dict[str, Any], headers: dict[str, str]
) -> None:
    refs = [str(coordinator.post("/requests", BODY).ok().body["reference"]) for _ in range(2)]
    fast = coordinator.post(f"/requests/{refs[0]}/transitions", body, **headers)
    named = {k: f"{v}2" if k == "idempotency_key" and v == "one" else v for k, v in headers.items()}
    plain = coordinator.post(f"/requests/{refs[1]}/transitions{PLAIN}", body, **named)
    assert fast.status == plain.status
    assert {**fast.body, **VARYING} == {**plain.body, **VARYING}
    kept = [{k for k in answer.headers if k != "content-length"} for answer in (fast, plain)]
    assert kept[0] == kept[1]


@pytest.mark.parametrize("sent", [b"{", b"[" * 5000, b"\xff", b"", b"null", b'{"trigger":"a"} x'])
def test_what_is_no_json_is_refused_alike(coordinator: Client, reference: str, sent: bytes) -> None:
    answers = [
        coordinator.http.post(
            f"/api/v1/requests/{reference}/transitions{query}",
            content=sent,
            headers={
                "authorization": f"Bearer {coordinator.token}",
                "content-type": "application/json",
                "if-match": '"1"',
            },
        )
        for query in ("", PLAIN)
    ]
    assert answers[0].status_code == answers[1].status_code
    assert 400 <= answers[0].status_code < 500
