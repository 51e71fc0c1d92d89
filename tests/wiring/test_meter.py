"""Limits of calls: a flood is stopped by all workers together, and whoever calls less passes."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import sqlalchemy as sa

from app.accounts.tables import CallCount
from app.config import Settings
from app.wiring import meter
from app.wiring.gauge import credential_in
from app.wiring.meter import MOST, SHARED_FROM, Meter
from tests.conftest import settings_for
from tests.factories.clients import Answer, Client, Clients

LIMIT = 40


@pytest.fixture(autouse=True)
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no new window open, and no exchange happen by itself, in the middle of a test."""
    monkeypatch.setattr(meter, "PAUSE", 3600.0)
    monkeypatch.setattr(meter, "_minute", lambda: 29_000_000)


def limited(url: str, **changes: int) -> Settings:
    return settings_for(url).model_copy(update={"api_limit": LIMIT, **changes})


@pytest.fixture
def workers(database_url: str) -> Iterator[list[Clients]]:
    """Two workers on one database; the tests exchange when it suits them."""
    with ExitStack() as stack:
        yield [stack.enter_context(Clients(limited(database_url))) for _ in range(2)]


def exchange(workers: list[Clients]) -> None:
    """Let every worker tell what it counted and learn what the others did, as every second."""
    for worker in workers:
        worker.app.state.meter.exchange()


def flood(worker: Clients, token: str, calls: int) -> list[Answer]:
    client = Client(worker.http, 0, token)
    return [client.get("/me") for _ in range(calls)]


def passed(answers: list[Answer]) -> int:
    return sum(answer.status == 200 for answer in answers)


def test_a_flood_is_stopped_at_the_limit(workers: list[Clients]) -> None:
    token = workers[0].as_("desk_officer").token
    answers = flood(workers[0], token, LIMIT + 10)
    assert passed(answers) == LIMIT
    last = answers[-1]
    assert (last.status, last.body["code"]) == (429, "limit.reached")
    assert 1 <= int(last.headers["retry-after"]) <= 60
    assert last.headers["ratelimit"].startswith('"default";r=0;t=')
    assert last.headers["content-type"] == "application/problem+json"
    assert last.headers["x-content-type-options"] == "nosniff"


def test_two_workers_on_one_database_stop_a_flood_together(workers: list[Clients]) -> None:
    token = workers[0].as_("desk_officer").token
    through, second = 0, 5
    for _ in range(20):
        through += sum(passed(flood(worker, token, second)) for worker in workers)
        exchange(workers)
    assert LIMIT <= through <= LIMIT + 2 * second  # one second's calls of both
    assert [passed(flood(worker, token, second)) for worker in workers] == [0, 0]


def test_whoever_calls_less_passes_beside_a_flood(workers: list[Clients]) -> None:
    flood(workers[0], workers[0].as_("desk_officer").token, LIMIT + 5)
    exchange(workers)
    answers = flood(workers[0], workers[0].as_("auditor").token, LIMIT)
    assert passed(answers) == LIMIT
    told = answers[0].headers
    assert told["ratelimit-policy"] == f'"default";q={LIMIT};w=60'
    assert told["ratelimit"].startswith(f'"default";r={LIMIT - 1};t=')


def test_a_new_window_opens_the_calls_again(
    workers: list[Clients], monkeypatch: pytest.MonkeyPatch
) -> None:
    token = workers[0].as_("desk_officer").token
    flood(workers[0], token, LIMIT)
    exchange(workers)
    assert passed(flood(workers[0], token, 1)) == 0
    monkeypatch.setattr(meter, "_minute", lambda: 29_000_002)
    workers[0].app.state.meter.exchange()
    assert passed(flood(workers[0], token, LIMIT)) == LIMIT
    workers[0].app.state.meter.exchange()
    with workers[0].house.database.reading() as session:
        assert session.scalars(sa.select(CallCount.minute)).all() == [29_000_002]


def test_polls_are_counted_too(workers: list[Clients]) -> None:
    coordinator = workers[0].as_("resident_coordinator", country="KEN")
    body = {"countries": ["KEN"], "title": "T", "summary": "S"}
    reference = coordinator.post("/requests", body).ok().body["reference"]
    path = f"/requests/{reference}/status"
    answers = [coordinator.get(path).status for _ in range(LIMIT)]
    assert answers == [200] * (LIMIT - 1) + [429]


def test_calls_write_nothing_until_they_are_exchanged(workers: list[Clients]) -> None:
    query = sa.select(CallCount.bucket, CallCount.calls)
    token = workers[0].as_("desk_officer").token
    flood(workers[0], token, SHARED_FROM - 1)
    workers[0].app.state.meter.exchange()
    with workers[0].house.database.reading() as session:
        assert session.execute(query).all() == []
    flood(workers[0], token, 1)
    workers[0].app.state.meter.exchange()
    with workers[0].house.database.reading() as session:
        ((bucket, calls),) = session.execute(query).all()
    assert calls == SHARED_FROM
    assert token not in bucket


def test_guesses_at_random_do_not_fill_the_memory(workers: list[Clients]) -> None:
    counts: Meter = workers[0].app.state.meter
    known = counts.count_of(b"Bearer known")
    known.calls = 5
    for number in range(MOST + 10):
        counts.count_of(b"%d" % number)
    assert len(counts.counts) < MOST
    assert counts.count_of(b"Bearer known") is known


def test_without_a_limit_nothing_is_counted(database_url: str) -> None:
    with Clients(limited(database_url, api_limit=0)) as worker:
        answers = flood(worker, worker.as_("desk_officer").token, LIMIT + 5)
        assert passed(answers) == LIMIT + 5
        assert "ratelimit" not in answers[0].headers
        assert worker.app.state.meter.counts == {}


def test_a_session_is_a_credential_and_a_token_goes_before_it() -> None:
    cookie = (b"cookie", b"a=b; __Host-entente=ses_x; c=d")
    assert credential_in({"type": "http", "headers": [cookie]}) == b"ses_x"
    both = [cookie, (b"authorization", b"Bearer ent_y")]
    assert credential_in({"type": "http", "headers": both}) == b"Bearer ent_y"
    assert credential_in({"type": "http", "headers": []}) is None
    assert credential_in({"type": "lifespan"}) is None


def test_a_country_files_so_many_requests_an_hour(database_url: str) -> None:
    body = {"countries": ["KEN"], "title": "T", "summary": "S"}
    with Clients(limited(database_url, api_limit=0, filing_limit=3)) as worker:
        kenya = worker.as_("resident_coordinator", country="KEN")
        answers = [kenya.post("/requests", body) for _ in range(4)]
        assert [answer.status for answer in answers] == [201, 201, 201, 429]
        assert answers[-1].body["code"] == "limit.reached"
        assert 0 < int(answers[-1].headers["retry-after"]) <= 3600
        uganda = worker.as_("resident_coordinator", country="UGA")
        assert uganda.post("/requests", body | {"countries": ["UGA"]}).status == 201
