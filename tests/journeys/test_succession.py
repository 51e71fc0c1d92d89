"""Succession: at every moment exactly one of the two acts, and what is open passes on unchanged."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from app.cli.demo.play import entities_of
from app.cli.demo.stage import Stage
from app.cli.demo.story import Story
from app.directory import service as directory
from app.directory.schemas import GrantBody
from app.kit import clock
from tests.factories.clients import Clients
from tests.journeys import acts
from tests.journeys.conftest import Enrol

ENTITY = "unodc"
OLD, NEW = f"focal:{ENTITY}", "new"
PROPOSALS = "/compendium/proposals"
MICROSECOND = timedelta(microseconds=1)


def tomorrow_noon() -> datetime:
    """Return a moment that is to come, within a day."""
    return (datetime.now(UTC) + timedelta(days=1)).replace(
        hour=12, minute=0, second=0, microsecond=0
    )


def wish(content: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The body of a proposal that concerns who answers for the entity."""
    change = {"kind": "focal_point", "code": f"{ENTITY}:primary", "content": content}
    return {"title": "Succession", "reason": "Its letter.", "changes": [change], **more}


def succession(stage: Stage, at: datetime, who: str = OLD, person: str = NEW) -> Any:
    """Propose a succession, and let the administrator approve it."""
    named = {"person_id": stage.players[person].person_id}
    made = stage.ask(who, "POST", PROPOSALS, wish(named, effective_at=at.isoformat()))
    if made.status != 201:
        return made
    return stage.ask("admin", "POST", f"{PROPOSALS}/{made.body['id']}/review", {"approved": True})


def acting(stage: Stage) -> list[str]:
    """Return which of the two holds the role now."""
    return [who for who in (OLD, NEW) if "focal_point" in stage.read(who, "/me")["roles"]]


def test_at_every_moment_exactly_one_of_the_two_acts(stage: Stage, enrol: Enrol) -> None:
    enrol(NEW, GrantBody(role="auditor"))
    at = tomorrow_noon()
    made = succession(stage, at)
    assert made.status == 200, made.body
    assert datetime.fromisoformat(made.body["effective_at"]) == at
    chance = random.Random(53)
    offsets = [timedelta(0), MICROSECOND, -MICROSECOND, timedelta(hours=3), -timedelta(hours=3)]
    offsets += [
        chance.choice((-1, 1)) * MICROSECOND * chance.randrange(10 ** chance.randrange(1, 11))
        for _ in range(25)
    ]
    for offset in sorted(offsets):
        with time_machine.travel(at + offset, tick=False):
            assert acting(stage) == [NEW if clock.now() >= at else OLD], offset
    with time_machine.travel(at, tick=False):
        named = [
            one for one in stage.read("desk", "/focal-points")["items"] if one["entity"] == ENTITY
        ]
    assert [one["person_id"] for one in named] == [stage.players[NEW].person_id]


def test_what_is_open_passes_with_its_deadline_and_what_was_not_sent_is_no_act(
    at_matching: Story, enrol: Enrol
) -> None:
    told = at_matching
    entities = entities_of(told.offer())
    assert ENTITY in entities
    enrol(NEW, GrantBody(role="assessor", country="FJI"))
    at = tomorrow_noon()
    status = f"{told.path}/status"
    before = told.stage.read("desk", status)
    assert succession(told.stage, at).status == 200
    assert told.stage.ask(NEW, "GET", told.path).status == 404
    body = {"entity": ENTITY, "accepted": True, "reason": ""}
    path = f"{told.path}/matching/responses"
    with time_machine.travel(at + timedelta(seconds=1), tick=False):
        assert told.stage.read("desk", status) == before
        assert told.stage.read(NEW, status)["due"] == before["due"]
        tag = told.stage.obtain("desk", "GET", told.path).tag
        assert told.stage.ask(OLD, "POST", path, body, tag).status in (403, 404)
        told.stage.change(NEW, "POST", path, body, told.path)
        for entity in entities:
            if entity != ENTITY:
                told.respond(entity)
        assert acts.state(told) == "consent"
    (answered,) = [
        e for e in acts.happened(told, "entity_accepted") if e["data"]["entity"] == ENTITY
    ]
    assert answered["actor"] != told.stage.players[OLD].part.name


def test_a_succession_that_cannot_be_is_refused(stage: Stage, enrol: Enrol) -> None:
    enrol(NEW, GrantBody(role="assessor", country="FJI"))
    at = tomorrow_noon()
    assert succession(stage, at, who="focal:itu").body["code"] == "proposal.other_entity"
    assert succession(stage, at, who="coordinator:KEN").body["code"] == "policy.role"
    assert succession(stage, at, who="desk", person="desk").body["code"] == "grant.oneself"
    assert succession(stage, at, person="admin").body["code"] == "proposal.names_you"
    assert succession(stage, at, person=OLD).body["code"] == "proposal.nothing"
    assert succession(stage, at, person="client").body["code"] == "focal_point.person"
    past = datetime.now(UTC) - timedelta(minutes=1)
    assert succession(stage, past).body["code"] == "proposal.moment"
    assert succession(stage, at).status == 200


def test_entities_that_nobody_can_reach_are_told(stage: Stage, clients: Clients) -> None:
    def told() -> dict[str, str]:
        return {
            one["entity"]: one["reason"]
            for one in stage.read("auditor", "/focal-points/gaps")["items"]
        }

    assert told() == {}
    person = stage.players[OLD].person_id
    end = {"valid_to": str((datetime.now(UTC) + timedelta(days=9)).date())}
    made = stage.obtain("desk", "POST", PROPOSALS, wish(end)).body
    stage.obtain("desk2", "POST", f"{PROPOSALS}/{made['id']}/review", {"approved": True})
    assert told() == {ENTITY: "ending"}
    with clients.house.database.writing() as session:
        row = directory.person_of(session, person)
        (grant,) = directory.views(session, [row])[0].grants
        directory.end_grant(session, None, person, grant.id or 0)
    assert told() == {ENTITY: "without_role"}
    with clients.house.database.writing() as session:
        directory.person_of(session, person).suspended_at = clock.now()
    assert told() == {ENTITY: "suspended"}
    assert stage.ask("government:KEN", "GET", "/focal-points/gaps").status == 403


def test_a_worker_that_remembered_past_the_moment_would_be_seen(
    stage: Stage, enrol: Enrol, clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(NEW, GrantBody(role="auditor"))
    at = tomorrow_noon()
    assert succession(stage, at).status == 200
    assert acting(stage) == [OLD]
    known = clients.house.known
    monkeypatch.setattr(
        type(clients.house), "remembered", lambda _house, token, _epoch: clients.house.latest(token)
    )
    with time_machine.travel(at, tick=False):
        assert acting(stage) == [OLD], "the plant did not bite"
    monkeypatch.undo()
    assert known
    with time_machine.travel(at, tick=False):
        assert acting(stage) == [NEW]
