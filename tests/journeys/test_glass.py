"""Broken glass: one request, an hour, reading only, told at once, reviewed or alarming."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
import time_machine

from app.cli.demo.stage import API, Reply, Stage
from app.jobs import deadlines
from app.kit import clock
from app.ledger.tables import LedgerEntry
from tests.factories.clients import Clients
from tests.journeys import acts
from tests.journeys.acts import happened
from tests.journeys.conftest import Tell

WHY = "The coordinator cannot sign in and a deadline ends today."


def broken(stage: Stage, reference: str, **more: Any) -> Reply:
    """Break the glass before a request."""
    body = {"reference": reference, "reason": WHY, "ticket": "OPS-17"} | more
    return stage.ask("admin", "POST", "/break-glass", body)


def through(stage: Stage, number: int, path: str, who: str = "admin", method: str = "GET") -> Reply:
    """Make one call through broken glass."""
    token = stage.players[who].token
    headers = {"Authorization": f"Bearer {token}", "Break-Glass": str(number)}
    return stage.send(method, API + path, {"text": "x"} if method == "POST" else None, headers)


def told_to(stage: Stage, who: str) -> list[str]:
    """Return the codes of somebody's notices."""
    return [notice["code"] for notice in stage.read(who, "/me/notices")["items"]]


def test_an_administrator_reads_one_request_for_an_hour_and_everyone_concerned_knows(
    story: Tell, clients: Clients
) -> None:
    told, other = story("KEN"), story("UGA")
    acts.at_triage(told, acts.asking())
    acts.at_triage(other, acts.asking(countries=["UGA"]))
    stage = told.stage
    assert stage.ask("admin", "GET", told.path).status == 404
    opened = broken(stage, told.reference)
    assert opened.status == 201, opened.body
    number = opened.body["id"]
    for who in ("coordinator:KEN", "auditor"):
        assert told_to(stage, who) == ["request.glass_broken"]
    assert told_to(stage, "coordinator:UGA") == []
    (event,) = happened(told, "glass_broken")
    assert event["data"]["reason"] == WHY
    seen = stage.timeline("coordinator:KEN", told.reference)
    assert [e["actor"] for e in seen if e["kind"] == "glass_broken"] == ["Sam Reed, administrator"]

    assert through(stage, number, told.path).status == 200
    assert through(stage, number, f"{told.path}/clarifications").status == 200
    assert through(stage, number, f"{told.path}/status").status == 200
    assert through(stage, number, other.path).status == 404
    assert stage.ask("admin", "GET", told.path).status == 404
    assert through(stage, number, told.path, who="desk").body["code"] == "glass.closed"
    change = through(stage, number, f"{told.path}/comments", method="POST")
    assert (change.status, change.body["code"]) == (403, "glass.read_only")
    read = stage.read("auditor", f"/break-glass/{number}/readings")["items"]
    paths = [one["path"].removeprefix(API) for one in read]
    assert paths[:3] == [told.path, f"{told.path}/clarifications", f"{told.path}/status"]
    with clients.office.reading() as session:
        kept = session.scalars(
            sa.select(LedgerEntry.action).where(LedgerEntry.stream == "break_glass")
        ).all()
    assert kept[:4] == ["glass_broken", "glass_read", "glass_read", "glass_read"]

    end = clock.now() + timedelta(minutes=59, seconds=30)
    with time_machine.travel(end, tick=False):
        assert through(stage, number, told.path).status == 200
    with time_machine.travel(end + timedelta(minutes=1), tick=False):
        assert through(stage, number, told.path).body["code"] == "glass.closed"
        again = broken(stage, told.reference)
        assert (again.status, again.body["code"]) == (409, "glass.same_reason")
        renewed = broken(stage, told.reference, reason="It is still the case on the next shift.")
        assert renewed.status == 201


def test_breaking_the_glass_takes_a_reason_a_ticket_and_the_role(story: Tell) -> None:
    told = story("KEN")
    acts.at_triage(told, acts.asking())
    stage = told.stage
    assert broken(stage, told.reference, reason="too short").status == 422
    assert broken(stage, told.reference, ticket="").status == 422
    assert broken(stage, "TA-2020-00001").status == 404
    body = {"reference": told.reference, "reason": WHY, "ticket": "OPS-17"}
    for who in ("desk", "auditor", "client", "coordinator:KEN"):
        assert stage.ask(who, "POST", "/break-glass", body).status == 403
    assert broken(stage, told.reference).status == 201
    twice = broken(stage, told.reference, reason="Another reason that is long enough.")
    assert (twice.status, twice.body["code"]) == (409, "glass.open")


def test_an_opening_is_listed_until_an_auditor_reviews_it_and_alarms_after_five_days(
    story: Tell, clients: Clients
) -> None:
    told = story("KEN")
    acts.at_triage(told, acts.asking())
    stage, database = told.stage, clients.office
    number = broken(stage, told.reference).body["id"]
    assert deadlines.alarm(database, clock.now() + timedelta(days=4)) == 0
    assert deadlines.alarm(database, clock.now() + timedelta(days=5, minutes=1)) == 1
    assert deadlines.alarm(database, clock.now() + timedelta(days=6)) == 0
    assert "request.glass_review_overdue" in told_to(stage, "auditor")
    with time_machine.travel(clock.now() + timedelta(days=5, minutes=1), tick=False):
        figures = clients.http.get("/metrics").text
    assert "entente_glass_unreviewed 1\n" in figures
    assert "entente_glass_overdue 1\n" in figures
    (shown,) = stage.read("auditor", "/break-glass")["items"]
    assert (shown["id"], shown["reviewed_at"]) == (number, None)
    assert stage.read("desk", "/break-glass")["items"] == []
    verdict = {"justified": True, "note": "The deadline was met."}
    path = f"/break-glass/{number}/review"
    assert stage.ask("admin", "POST", path, verdict).status == 403
    assert stage.ask("auditor", "POST", path, verdict).status == 201
    assert stage.ask("auditor", "POST", path, verdict).body["code"] == "glass.reviewed"
    assert happened(told, "glass_reviewed")[0]["data"]["justified"] is True
    assert "entente_glass_unreviewed 0\n" in clients.http.get("/metrics").text


def test_glass_that_showed_more_than_one_request_would_be_seen(
    story: Tell, see_all: Callable[[], None]
) -> None:
    told, other = story("KEN"), story("UGA")
    acts.at_triage(told, acts.asking())
    acts.at_triage(other, acts.asking(countries=["UGA"]))
    number = broken(told.stage, told.reference).body["id"]
    assert through(told.stage, number, other.path).status == 404
    see_all()
    assert through(told.stage, number, other.path).status == 200
