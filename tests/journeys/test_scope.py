"""Scope over time and by level: who has left sees nothing new, who is asked sees no weaknesses."""

from typing import Any

import pytest
import sqlalchemy as sa

from app.cli.demo.play import entities_of
from app.cli.demo.story import Story
from app.directory.schemas import GrantBody
from app.jobs.relay import relay
from app.kit.db import table_of
from app.requests.tables import AssistanceRequest
from tests.factories.clients import Client, Clients
from tests.journeys import acts
from tests.journeys.conftest import Tell

INNER = (
    *("/assessment", "/assessment/answers", "/assessment/risk", "/assessment/findings"),
    *("/assessments", "/screening", "/clarifications", "/attachments", "/versions"),
)
OUTER = ("", "/status", "/needs", "/timeline", "/matching", "/options")


def of(story: Story, clients: Clients, who: str) -> Client:
    """Return a player of the stage as a client."""
    player = story.stage.players[who]
    return Client(clients.http, player.person_id, player.token)


def level(clients: Clients, reference: str, name: str) -> None:
    """Set the level of a request as if it had been raised."""
    with clients.office.writing() as session:
        row = table_of(AssistanceRequest)
        own = row.c.reference == reference
        session.execute(sa.update(row).where(own).values(level=name))


def meets(client: Client, reference: str) -> bool:
    """Whether a client meets a request in any read, list, count, search, feed or poll."""
    hits: dict[str, bool] = {
        "read": client.get(f"/requests/{reference}").status == 200,
        "status": client.get(f"/requests/{reference}/status").status == 200,
        "again": client.get(f"/requests/{reference}/status").status == 200,
        "listed": reference in str(client.get("/requests").ok().body),
        "counted": client.get("/requests/count?country=KEN").ok().body["count"] > 0,
        "searched": reference in str(client.get("/requests?q=Investigating").ok().body),
        "timeline": client.get(f"/requests/{reference}/timeline").status == 200,
    }
    assert len(set(hits.values())) == 1, hits
    return hits["read"]


def feed(client: Client, reference: str) -> list[dict[str, Any]]:
    """Return the whole feed of a client, as far as it is about a request."""
    events: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = client.get(f"/events?limit=200&cursor={cursor}").ok().body
        events += page["items"]
        if page["next"] is None:
            return [event for event in events if event["reference"] == reference]
        cursor = page["next"]


def test_an_entity_that_declined_or_was_released_sees_nothing_new(
    offered: tuple[Story, list[str]], clients: Clients
) -> None:
    told, (decliner, other, *_) = offered
    left, released = (of(told, clients, f"focal:{name}") for name in (decliner, other))
    assert meets(left, told.reference)
    told.respond(decliner, accepted=False, reason="No team is free this year.")
    last = acts.last_move(told)["number"]
    for client in (left, released):
        assert not meets(client, told.reference)
        assert max(event["number"] for event in feed(client, told.reference)) == last
    assert relay(clients.office, clients.house.shelf)
    told.stage.move("desk", told.reference, "reopen_assessment", reason="Something changed.")
    relay(clients.office, clients.house.shelf)
    for client in (left, released):
        assert max(event["number"] for event in feed(client, told.reference)) == last
        notices = client.get("/me/notices?limit=200").ok().body["items"]
        about = [one["number"] for one in notices if one["reference"] == told.reference]
        assert all(number <= last for number in about)
    offers = left.get("/me/offers").ok().body["items"]
    offers = [one for one in offers if one["reference"] == told.reference]
    assert [(one["standing"], one["state"]) for one in offers] == [("declined", "matching")]
    assert offers[0]["answers"][0]["reason"] == "No team is free this year."


def test_an_entity_that_is_asked_again_sees_the_request_again(
    offered: tuple[Story, list[str]], clients: Clients
) -> None:
    told, (first, *_) = offered
    told.stage.move("desk", told.reference, "withdraw_offer", reason="A need was forgotten.")
    client = of(told, clients, f"focal:{first}")
    assert not meets(client, told.reference)
    assert first in entities_of(told.offer())
    assert meets(client, told.reference)


def test_who_is_asked_decides_on_needs_and_summary_and_who_accepted_reads_within(
    offered: tuple[Story, list[str]], clients: Clients
) -> None:
    told, entities = offered
    client = of(told, clients, f"focal:{entities[0]}")
    path = f"/requests/{told.reference}"
    assert {client.get(path + part).status for part in OUTER} == {200}
    refused = [client.get(path + part) for part in INNER]
    assert {(one.status, one.body["code"]) for one in refused} == {(403, "part.restricted")}
    answered = [
        event for event in feed(client, told.reference) if event["kind"] == "answer_recorded"
    ]
    assert answered
    assert {str(event["data"]) for event in answered} == {"{}"}
    for entity in entities:
        told.respond(entity)
    assert {client.get(path + part).status for part in INNER} == {200}
    assert any(event["data"].get("value") for event in feed(client, told.reference))


def test_a_program_learns_where_a_request_stands_and_no_weakness(
    offered: tuple[Story, list[str]], clients: Clients
) -> None:
    told, _ = offered
    for scope in ({}, {"country": "KEN"}):
        program = clients.person([GrantBody(role="client", **scope)])
        assert meets(program, told.reference)
        path = f"/requests/{told.reference}"
        assert {program.get(path + part).status for part in INNER} == {403}
        assert "value" not in {
            name for event in feed(program, told.reference) for name in event["data"]
        }


@pytest.mark.parametrize(
    ("name", "unseen"),
    [("restricted", {"program"}), ("confidential", {"program", "screener", "reviewer"})],
)
def test_a_level_takes_a_request_from_those_who_have_no_part_in_it(
    offered: tuple[Story, list[str]], clients: Clients, name: str, unseen: set[str]
) -> None:
    told, entities = offered
    program = clients.person([GrantBody(role="client", country="KEN")])
    players = {"program": program} | {
        who: of(told, clients, who)
        for who in ("screener", "reviewer", "desk", "auditor", f"focal:{entities[0]}")
    }
    players["country"] = clients.as_("government", country="KEN")
    assert all(meets(client, told.reference) for client in players.values())
    level(clients, told.reference, name)
    assert {who for who, client in players.items() if not meets(client, told.reference)} == unseen


def test_screening_sees_a_confidential_request_while_it_stands_there(
    story: Tell, clients: Clients
) -> None:
    told = story("KEN")
    acts.at_assessment(told, acts.asking())
    level(clients, told.reference, "confidential")
    screener = of(told, clients, "screener")
    assert not meets(screener, told.reference)
    told.assess()
    told.complete_assessment()
    assert meets(screener, told.reference)
    told.screen()
    told.pass_screening()
    assert not meets(screener, told.reference)
