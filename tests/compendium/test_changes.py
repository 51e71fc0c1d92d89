"""Changes of the compendium: proposed, reviewed by another person, in force from their moment on."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.exc import DBAPIError

from app.compendium import service as compendium
from app.compendium.entries import KINDS, read
from app.compendium.rules import faults
from app.compendium.schemas import EntryVersion
from app.compendium.service.holding import held
from app.compendium.service.proposing import words_of
from app.directory.schemas import GrantBody
from app.kit import clock
from app.wiring.house import House
from tests.factories.clients import Client, Clients

PROPOSALS = "/compendium/proposals"
CLAIM: dict[str, Any] = {
    "kind": "mandate",
    "code": "unesco.media_literacy",
    "content": {
        "entity": "unesco",
        "role": "provider",
        "text": "Helps with media and information literacy.",
        "topics": ["D7"],
        "cite": ["C65", "C66"],
        "basis": "The study of its thirty-seventh conference.",
        "valid_from": "2013-11-01",
        "review_by": "2028-11-30",
    },
}


def wish(*changes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The body of a proposal."""
    body = {"title": "A change", "reason": "The entity says so.", "changes": list(changes)}
    return body | more


def topic(topics: list[str], **more: Any) -> dict[str, Any]:
    """A change of the topics of one mandate."""
    return {"kind": "mandate", "code": "itu.users", "content": {"topics": topics}, **more}


def topics(reader: Client, **asked: str) -> list[str]:
    """The topics of that mandate as they are read."""
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    found = reader.get(f"/mandates?entity=itu&{query}").ok().body["items"]
    return next((one["topics"] for one in found if one["code"] == "itu.users"), [])


def test_what_one_proposes_another_approves_and_it_speaks_from_its_moment_on(
    clients: Clients,
) -> None:
    desk, second = clients.as_("desk_officer"), clients.as_("desk_officer", nth=2)
    before = topics(desk)
    moment = clock.now() + timedelta(days=3)
    sent = wish(topic([*before, "A1"]), effective_at=clock.stamp(moment))
    made = desk.post(PROPOSALS, sent).ok().body
    (changed,) = made["changes"]
    assert (changed["act"], changed["base"], made["entities"]) == ("change", 1, ["itu"])
    assert changed["fields"] == [{"field": "topics", "before": before, "after": [*before, "A1"]}]
    place = f"{PROPOSALS}/{made['id']}"
    yes = {"approved": True}
    same = desk.post(f"{place}/review", yes)
    assert (same.status, same.body["code"]) == (403, "proposal.same_person")
    assert second.post(f"{place}/review", {"approved": False}).status == 422
    done = second.post(f"{place}/review", yes).ok().body
    assert (done["status"], done["number"]) == ("approved", 2)
    assert second.post(f"{place}/review", yes).status == 409

    assert topics(desk) == before
    assert topics(desk, as_of=clock.stamp(moment)) == [*before, "A1"]
    assert topics(desk, as_of=clock.stamp(moment), version="1") == before
    told = desk.get("/compendium/entries/itu.users").ok().body["items"]
    assert [(one["version"], one["number"]) for one in told] == [(1, 1), (2, 2)]
    known = desk.get("/compendium/versions").ok().body["items"]
    assert known[1]["source"] == f"proposal {made['id']}"


def test_nothing_takes_effect_before_it_is_approved(clients: Clients) -> None:
    desk, second = clients.as_("desk_officer"), clients.as_("desk_officer", nth=2)
    past = clock.stamp(clock.now() - timedelta(days=1))
    late = desk.post(PROPOSALS, wish(topic(["A1"]), effective_at=past))
    assert (late.status, late.body["code"]) == (422, "proposal.moment")
    soon = clock.now() + timedelta(hours=1)
    body = wish(topic(["A1"]), effective_at=clock.stamp(soon))
    place = f"{PROPOSALS}/{desk.post(PROPOSALS, body).ok().body['id']}/review"
    other = clock.now() + timedelta(days=1)
    with time_machine.travel(soon + timedelta(seconds=5)):
        passed = second.post(place, {"approved": True})
    assert (passed.status, passed.body["code"]) == (409, "proposal.moment_passed")
    done = second.post(place, {"approved": True, "effective_at": clock.stamp(other)}).ok().body
    assert done["effective_at"] == clock.stamp(other)


def test_an_entity_proposes_for_itself_alone_and_nobody_tied_to_it_reviews(
    clients: Clients,
) -> None:
    unesco = clients.as_("focal_point", entity="unesco")
    other = unesco.post(PROPOSALS, wish(topic(["A1"])))
    assert (other.status, other.body["code"]) == (403, "proposal.other_entity")
    taken = {"entity": "unesco"} | {"topics": ["A1"]}
    stolen = {"kind": "mandate", "code": "itu.users", "content": taken}
    assert unesco.post(PROPOSALS, wish(stolen)).status in (403, 422)

    claim = unesco.post(PROPOSALS, wish(CLAIM, kind="claim")).ok().body
    assert claim["kind"] == "claim"
    assert {"field": "provenance", "before": None, "after": "claimed"} in (
        claim["changes"][0]["fields"]
    )
    open_ones = clients.as_("auditor").get(f"{PROPOSALS}?kind=claim&status=open").ok()
    assert [one["id"] for one in open_ones.body["items"]] == [claim["id"]]
    place = f"{PROPOSALS}/{claim['id']}/review"
    assert unesco.post(place, {"approved": True}).status == 403
    assert clients.as_("government", country="KEN").post(place, {"approved": True}).status == 403
    both = clients.person(
        [GrantBody(role="desk_officer"), GrantBody(role="focal_point", entity="unesco")]
    )
    tied = both.post(place, {"approved": True})
    assert (tied.status, tied.body["code"]) == (403, "proposal.own_entity")
    clients.as_("desk_officer").post(place, {"approved": True}).ok()
    held = unesco.get("/mandates?entity=unesco&topic=D7").ok().body["items"]
    assert "unesco.media_literacy" in [one["code"] for one in held]


def test_a_claim_that_is_refused_says_why_and_can_be_taken_back_while_open(
    clients: Clients,
) -> None:
    unesco = clients.as_("focal_point", entity="unesco")
    desk = clients.as_("desk_officer")
    first = unesco.post(PROPOSALS, wish(CLAIM, kind="claim")).ok().body["id"]
    no = {"approved": False, "reason": "The study gives no mandate."}
    refused = desk.post(f"{PROPOSALS}/{first}/review", no).ok().body
    assert (refused["status"], refused["review_reason"]) == ("rejected", no["reason"])
    assert refused["number"] is None
    again = unesco.post(PROPOSALS, wish(CLAIM, kind="claim")).ok().body["id"]
    assert desk.post(f"{PROPOSALS}/{again}/withdraw").status == 403
    unesco.post(f"{PROPOSALS}/{again}/withdraw").ok()
    assert desk.post(f"{PROPOSALS}/{again}/review", {"approved": True}).status == 409


def test_what_was_overtaken_is_proposed_anew(clients: Clients) -> None:
    desk, second = clients.as_("desk_officer"), clients.as_("desk_officer", nth=2)
    one = desk.post(PROPOSALS, wish(topic(["A1"]))).ok().body["id"]
    two = desk.post(PROPOSALS, wish(topic(["B1"]))).ok().body["id"]
    second.post(f"{PROPOSALS}/{one}/review", {"approved": True}).ok()
    late = second.post(f"{PROPOSALS}/{two}/review", {"approved": True})
    assert (late.status, late.body["code"]) == (409, "compendium.overtaken")
    stale = desk.post(PROPOSALS, wish(topic(["B1"], base=1)))
    assert (stale.status, stale.body["code"]) == (409, "compendium.overtaken")
    assert topics(desk) == ["A1"]


def test_going_back_is_a_new_version_with_the_old_content(clients: Clients) -> None:
    desk, second = clients.as_("desk_officer"), clients.as_("desk_officer", nth=2)
    before = topics(desk)
    gone = {"kind": "mandate", "code": "itu.policy", "withdraw": True}
    new = CLAIM | {"content": CLAIM["content"] | {"provenance": "inferred"}}
    one = desk.post(PROPOSALS, wish(topic(["A1"]), new, gone)).ok().body["id"]
    second.post(f"{PROPOSALS}/{one}/review", {"approved": True}).ok()
    assert topics(desk) == ["A1"]
    back = wish(kind="restore", restores=1)
    made = desk.post(PROPOSALS, back).ok().body
    assert sorted((one["code"], one["act"]) for one in made["changes"]) == [
        ("itu.policy", "add"),
        ("itu.users", "change"),
        ("unesco.media_literacy", "withdraw"),
    ]
    done = second.post(f"{PROPOSALS}/{made['id']}/review", {"approved": True}).ok().body
    assert done["number"] == 3
    assert topics(desk) == before
    assert topics(desk, version="2") == ["A1"]
    assert desk.post(PROPOSALS, back).body["code"] == "proposal.nothing"
    told = desk.get("/compendium/entries/itu.users").ok().body["items"]
    assert [one["version"] for one in told] == [1, 2, 3]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        (topic([]), 422, "entry.invalid"),
        (topic(["A9"]), 409, "compendium.unsound"),
        (topic(["A1"], code="itu.nothing"), 422, "entry.invalid"),
        (topic(["A1"]) | {"content": {"entity": "nobody", "code": "nobody.x"}}, 422, "entry.code"),
        (topic(["A1"]) | {"content": {"text": "a\u202eb"}}, 422, "entry.text"),
        (topic(["A1"]) | {"content": {"sectors": ["mining"]}}, 409, "compendium.unsound"),
        (topic(["A1"]) | {"content": {"colour": "red"}}, 422, "entry.invalid"),
        ({"kind": "entity", "code": "itu", "withdraw": True}, 409, "compendium.unsound"),
        ({"kind": "entity", "code": "itu", "content": {"assignable": False}}, 409, "compendium.unsound"),
        ({"kind": "lead", "code": "ecommerce_law", "content": {"entity": "nobody"}}, 409, "compendium.unsound"),
        ({"kind": "mandate", "code": "itu.none", "withdraw": True}, 409, "compendium.withdrawn"),
        (topic(["A1"]) | {"content": {}}, 422, "proposal.nothing"),
    ],
)  # fmt: skip
def test_what_could_not_stand_is_not_even_proposed(
    clients: Clients, change: dict[str, Any], status: int, code: str
) -> None:
    answer = clients.as_("desk_officer").post(PROPOSALS, wish(change))
    assert (answer.status, answer.body["code"]) == (status, code)


def test_the_compendium_of_the_pack_could_stand(house: House) -> None:
    words = words_of(house.shelf.latest("needs_assessment").areas)
    with house.database.reading() as session:
        rows = [EntryVersion.model_validate(row) for row in held(session, KINDS, clock.now(), None)]
    whole = {
        (kind, row.code): read(kind, row.told())
        for row in rows
        for kind in KINDS
        if kind == row.kind
    }
    assert len(whole) == len(rows) > 100
    assert list(faults(whole, words)) == []


def test_the_database_itself_asks_for_two_persons(house: House, clients: Clients) -> None:
    desk = clients.as_("desk_officer")
    number = desk.post(PROPOSALS, wish(topic(["A1"]))).ok().body["id"]
    same = "UPDATE compendium_proposals SET reviewed_by = proposed_by WHERE id = :id"
    with house.database.writing() as session:
        assert compendium.proposal(session, number).proposed_by == desk.person_id
        with pytest.raises(DBAPIError):
            session.execute(sa.text(same), {"id": number})
        session.rollback()
