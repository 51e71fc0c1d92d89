"""Partial answers: what was accepted stands, open needs alone are asked for again."""

from typing import Any

import sqlalchemy as sa

from app.requests.tables import Need
from tests.factories.clients import Answer, Client
from tests.matching.conftest import PATH, REFERENCE, Story

FIVE = ("unodc", "itu", "unctad", "unicef", "un_women")


def five_entities(story: Story) -> dict[str, Client]:
    """A request of six needs in five hands; unctad answers for two of them."""
    story.stand("A3b", "D9", "A2", "D2", "B1", "A2")
    with story.clients.house.database.writing() as session:
        for number, group in ((4, "children"), (5, "women")):
            row = session.scalars(sa.select(Need).where(Need.number == number)).one()
            row.sensitivities = [group]
    return {entity: story.focal_point(entity) for entity in (*FIVE, "world_bank")}


def prepare(story: Story, *again: tuple[str, str]) -> dict[str, Any]:
    """Prepare a proposal; those named are asked again."""
    body = {"ask_again": [{"entity": entity, "reason": reason} for entity, reason in again]}
    made: dict[str, Any] = story.desk.post(f"{PATH}/matching/proposals", body).ok().body
    return made


def answer(client: Client, entity: str, *left_out: int, accepted: bool = True) -> Answer:
    """Answer for an entity, perhaps without some of the needs."""
    reason = "" if accepted and not left_out else "No staff"
    body = {"entity": entity, "accepted": accepted, "declined_needs": list(left_out)}
    return client.change("POST", f"{PATH}/matching/responses", body | {"reason": reason})


def hands(proposal: dict[str, Any]) -> dict[int, str]:
    """Who answers for which need."""
    given = proposal["content"]["assignments"]
    return {one["need"]: one["entity"] for one in given if one["part"] == "lead"}


def one_need_left_out(story: Story) -> dict[str, Client]:
    """All five have accepted, but for the sixth need."""
    people = five_entities(story)
    first = prepare(story)
    assert hands(first) == dict(enumerate((*FIVE, "unctad"), 1))
    story.desk.move(REFERENCE, "offer_match").ok()
    for entity in ("unodc", "itu", "unicef", "un_women"):
        answer(people[entity], entity).ok()
    answer(people["unctad"], "unctad", 6).ok()
    assert story.desk.state(REFERENCE) == "matching"
    return people


def test_in_a_programme_of_five_an_open_need_alone_is_asked_for_again(story: Story) -> None:
    people = one_need_left_out(story)
    second = prepare(story)
    assert hands(second) == dict(enumerate((*FIVE, "world_bank"), 1))
    kept = {one["entity"] for one in second["content"]["assignments"] if one["kept"]}
    assert kept == set(FIVE)
    story.desk.move(REFERENCE, "offer_match").ok()
    assert answer(people["itu"], "itu").body["code"] == "match.answered"
    answer(people["world_bank"], "world_bank").ok()
    assert story.desk.state(REFERENCE) == "consent"
    view = story.desk.get(f"{PATH}/matching").ok().body["proposal"]
    assert {one["entity"] for one in view["responses"] if one["kept"]} == set(FIVE)


def test_who_declines_a_part_is_asked_again_only_by_name_and_with_a_reason(story: Story) -> None:
    one_need_left_out(story)
    bare = {"ask_again": [{"entity": "unctad", "reason": ""}]}
    assert story.desk.post(f"{PATH}/matching/proposals", bare).status == 422
    stranger = {"ask_again": [{"entity": "itu", "reason": "Why not"}]}
    refused = story.desk.post(f"{PATH}/matching/proposals", stranger)
    assert refused.body["code"] == "match.not_declined"
    again = prepare(story, ("unctad", "It has staff from March on"))
    assert hands(again)[6] == "unctad"
    (event,) = [
        one["data"]["asked_again"]
        for one in story.desk.get(f"{PATH}/timeline").ok().body["items"]
        if "asked_again" in one["data"]
    ]
    assert event == [{"entity": "unctad", "reason": "It has staff from March on"}]


def test_an_entity_leaves_out_only_some_of_its_own_needs_and_says_why(story: Story) -> None:
    people = five_entities(story)
    prepare(story)
    story.desk.move(REFERENCE, "offer_match").ok()
    unctad = people["unctad"]
    for left_out in ((3, 6), (1,), (9,)):
        assert answer(unctad, "unctad", *left_out).body["code"] == "match.needs"
    assert answer(unctad, "unctad", 6, accepted=False).body["code"] == "match.needs"
    silent = {"entity": "unctad", "accepted": True, "declined_needs": [6]}
    refused = unctad.change("POST", f"{PATH}/matching/responses", silent)
    assert refused.body["code"] == "match.reason_missing"


def test_what_was_accepted_ends_with_a_withdrawn_offer_or_another_wording(story: Story) -> None:
    one_need_left_out(story)
    with story.clients.house.database.writing() as session:
        session.execute(sa.update(Need).where(Need.number == 2).values(kind="training"))
    given = prepare(story)["content"]["assignments"]
    assert {one["need"] for one in given if not one["kept"]} == {2, 6}
    story.desk.move(REFERENCE, "offer_match").ok()
    story.desk.move(REFERENCE, "withdraw_offer", reason="Wrong text").ok()
    assert not any(one["kept"] for one in prepare(story)["content"]["assignments"])


def test_a_whole_decline_after_others_accepted_leaves_them_in_and_keeps_their_order(
    story: Story,
) -> None:
    people = five_entities(story)
    prepare(story)
    story.desk.move(REFERENCE, "offer_match").ok()
    answer(people["itu"], "itu").ok()
    answer(people["unctad"], "unctad", accepted=False).ok()
    second = prepare(story)
    found = hands(second)
    assert (found[3], found[6]) == ("world_bank", "world_bank")
    assert {n: found[n] for n in (1, 2, 4, 5)} == {1: "unodc", 2: "itu", 4: "unicef", 5: "un_women"}
    assert {one["entity"] for one in second["content"]["assignments"] if one["kept"]} == {"itu"}
