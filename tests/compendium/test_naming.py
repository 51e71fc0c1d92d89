"""Who answers for an entity is an entry like any other, and the right to act follows it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from app.directory import service as directory
from app.directory.schemas import GrantBody, PersonBody
from app.kit import clock
from tests.factories.clients import Answer, Client, Clients

PROPOSALS = "/compendium/proposals"
YES = {"approved": True}
SOON = timedelta(days=3)


def wish(entity: str, person: int | None, part: str = "primary", **more: Any) -> dict[str, Any]:
    """The body of a proposal that a person answers for an entity (nobody: None)."""
    told = {
        "entity": entity,
        "part": part,
        "person_id": person,
        "source": "A letter of the entity.",
        "review_by": str(clock.today() + timedelta(days=365)),
    }
    change: dict[str, Any] = {"kind": "focal_point", "code": f"{entity}:{part}"}
    change |= {"withdraw": True} if person is None else {"content": told}
    return {"title": "Another focal point", "reason": "It says so.", "changes": [change]} | more


def propose(who: Client, body: dict[str, Any]) -> str:
    """Propose, and return the place of the review."""
    return f"{PROPOSALS}/{who.post(PROPOSALS, body).ok().body['id']}/review"


def settled(clients: Clients, body: dict[str, Any]) -> Answer:
    """Let the desk propose and an administrator approve."""
    return clients.as_("administrator").post(propose(clients.as_("desk_officer"), body), YES).ok()


def answering(reader: Client, **asked: str) -> list[tuple[str, int]]:
    """Who answers in which part, as it is read."""
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    found = reader.get(f"/focal-points?{query}").ok().body["items"]
    return [(one["code"], one["person_id"]) for one in found]


def acting(*people: Client) -> list[bool]:
    """Which of them hold the role now."""
    return ["focal_point" in one.get("/me").ok().body["roles"] for one in people]


def test_one_follows_another_by_a_proposal_of_the_entity_at_the_stated_moment(
    clients: Clients,
) -> None:
    ada = clients.as_("focal_point", entity="itu")
    settled(clients, wish("itu", ada.person_id))
    bob, desk = clients.as_("auditor"), clients.as_("desk_officer")
    moment = clock.now() + SOON
    place = propose(ada, wish("itu", bob.person_id, effective_at=clock.stamp(moment)))
    assert answering(desk) == [("itu:primary", ada.person_id)], "nothing changes by a wish"
    without = desk.post(place, YES)
    assert (without.status, without.body["code"]) == (403, "focal_point.without_role")
    done = clients.as_("administrator").post(place, YES).ok().body
    assert (done["number"], done["changes"][0]["act"]) == (3, "change")
    for at, who in ((moment - timedelta(microseconds=1), ada), (moment, bob)):
        named = [("itu:primary", who.person_id)]
        assert answering(desk, as_of=clock.stamp(at)) == named
        with time_machine.travel(at, tick=False):
            assert acting(ada, bob) == [who is ada, who is bob]
            assert answering(desk) == named
    then = answering(desk, as_of=clock.stamp(moment), version="2")
    assert then == [("itu:primary", ada.person_id)], "as it was known with the version before"


def test_a_succession_is_taken_back_before_its_moment_by_another_proposal(
    clients: Clients,
) -> None:
    ada, bob = clients.as_("focal_point", entity="itu"), clients.as_("desk_officer", nth=2)
    settled(clients, wish("itu", ada.person_id))
    moment = clock.now() + SOON
    settled(clients, wish("itu", bob.person_id, effective_at=clock.stamp(moment)))
    settled(clients, wish("itu", ada.person_id))
    with time_machine.travel(moment + SOON, tick=False):
        assert acting(ada, bob) == [True, False]
        assert answering(bob) == [("itu:primary", ada.person_id)]
        place = propose(ada, wish("itu", ada.person_id, "alternate"))
        bob.post(place, YES).ok()  # who never began is tied to nothing


def test_primary_and_alternate_change_places_and_neither_ever_loses_the_role(
    clients: Clients,
) -> None:
    ada, bob = (clients.as_("focal_point", entity="itu", nth=n) for n in (1, 2))
    desk = clients.as_("desk_officer")
    both = wish("itu", ada.person_id)
    both["changes"] += wish("itu", bob.person_id, "alternate")["changes"]
    settled(clients, both)
    moment = clock.now() + SOON
    swapped = wish("itu", bob.person_id, effective_at=clock.stamp(moment))
    swapped["changes"] += wish("itu", ada.person_id, "alternate")["changes"]
    desk2 = clients.as_("desk_officer", nth=2)
    desk2.post(propose(desk, swapped), YES).ok()
    for at in (moment - timedelta(hours=1), moment):
        with time_machine.travel(at, tick=False):
            assert acting(ada, bob) == [True, True]
    assert answering(desk, as_of=clock.stamp(moment)) == [
        ("itu:alternate", ada.person_id),
        ("itu:primary", bob.person_id),
    ]


def test_who_is_taken_out_stops_at_the_moment_and_comes_back_only_when_kinds_are_named(
    clients: Clients,
) -> None:
    ada, desk = clients.as_("focal_point", entity="itu"), clients.as_("desk_officer")
    settled(clients, wish("itu", ada.person_id))
    moment = clock.now() + SOON
    settled(clients, wish("itu", None, effective_at=clock.stamp(moment)))
    (gap,) = [
        one for one in desk.get("/focal-points/gaps").ok().body["items"] if one["entity"] == "itu"
    ]
    assert gap["reason"] == "ending"
    with time_machine.travel(moment, tick=False):
        assert acting(ada) == [False]
        assert answering(desk) == []
    back = {"title": "Back", "reason": "An error.", "kind": "restore", "restores": 2}
    assert desk.post(PROPOSALS, back).body["code"] == "proposal.nothing"
    settled(clients, back | {"kinds": ["focal_point"]})
    with time_machine.travel(moment, tick=False):
        assert acting(ada) == [True]
        assert answering(desk) == [("itu:primary", ada.person_id)]


def test_a_colleague_who_is_not_named_keeps_the_role_that_an_administrator_gave(
    clients: Clients,
) -> None:
    ada, bob, cy = (clients.as_("focal_point", entity="itu", nth=n) for n in (1, 2, 3))
    settled(clients, wish("itu", ada.person_id))
    settled(clients, wish("itu", bob.person_id))
    assert acting(ada, bob, cy) == [False, True, True]


def test_nobody_gives_the_role_to_oneself_nor_approves_being_named(clients: Clients) -> None:
    desk, admin = clients.as_("desk_officer"), clients.as_("administrator")
    own = desk.post(PROPOSALS, wish("itu", desk.person_id))
    assert (own.status, own.body["code"]) == (403, "grant.oneself")
    named = admin.post(propose(desk, wish("itu", admin.person_id)), YES)
    assert (named.status, named.body["code"]) == (403, "proposal.names_you")
    other = clients.as_("focal_point", entity="unodc")
    refused = other.post(PROPOSALS, wish("itu", other.person_id))
    assert (refused.status, refused.body["code"]) == (403, "proposal.other_entity")


@pytest.mark.parametrize(
    ("told", "status", "code"),
    [
        ({"person_id": 999_999}, 422, "focal_point.person"),
        ({"valid_from": "2999-01-01"}, 422, "focal_point.moment"),
        ({"entity": "unodc"}, 409, "compendium.unsound"),
        ({"part": "third"}, 422, "entry.invalid"),
    ],
)
def test_who_could_not_answer_is_not_even_proposed(
    clients: Clients, told: dict[str, Any], status: int, code: str
) -> None:
    ada = clients.as_("focal_point", entity="itu")
    body = wish("itu", ada.person_id)
    body["changes"][0]["content"] |= told
    answer = clients.as_("desk_officer").post(PROPOSALS, body)
    assert (answer.status, answer.body["code"]) == (status, code)


def test_programs_and_the_suspended_answer_for_nobody(clients: Clients) -> None:
    desk, admin = clients.as_("desk_officer"), clients.as_("administrator")
    with clients.house.database.writing() as session:
        program = directory.enrol(session, None, PersonBody(name="A program", program=True)).id
    gone = clients.person([GrantBody(role="focal_point", entity="itu")])
    place = propose(desk, wish("itu", gone.person_id))
    admin.post(f"/people/{gone.person_id}/suspension").ok()
    assert admin.post(place, YES).body["code"] == "focal_point.person"
    answer = desk.post(PROPOSALS, wish("itu", program))
    assert answer.body["code"] == "focal_point.person"
