"""Matching through the API: prepare, offer, accept or decline, next best, consent."""

from typing import Any

from app.matching.optimiser import explain
from app.matching.service.stored import digest, inputs_from_json, proposal_to_json
from tests.factories import naming
from tests.factories.clients import Answer, Client
from tests.matching.conftest import PATH, REFERENCE, Story


def prepare(story: Story) -> dict[str, Any]:
    """Prepare a proposal and return it."""
    made: dict[str, Any] = story.desk.post(f"{PATH}/matching/proposals").ok().body
    return made


def offer(story: Story) -> list[str]:
    """Prepare and offer a proposal; return its entities, the lead first."""
    entities: list[str] = prepare(story)["entities"]
    story.desk.move(REFERENCE, "offer_match").ok()
    return entities


def respond(client: Client, entity: str, accepted: bool, reason: str = "") -> Answer:
    """Answer for an entity."""
    body = {"entity": entity, "accepted": accepted, "reason": reason}
    return client.change("POST", f"{PATH}/matching/responses", body)


def consent(client: Client, country: str, given: bool, reason: str = "") -> Answer:
    """Speak for a country."""
    body = {"country": country, "given": given, "reason": reason}
    return client.change("POST", f"{PATH}/matching/consents", body)


def why(content: dict[str, Any]) -> dict[str, str]:
    """The code of the reason against each entity that is not proposed."""
    return {one["entity"]: one["code"] for one in content["why_not"]}


def test_a_decline_brings_the_next_best_without_the_decliner_and_then_nobody(story: Story) -> None:
    story.stand("A2")
    unctad, bank = story.focal_point("unctad"), story.focal_point("world_bank")
    assert offer(story) == ["unctad"]
    assert respond(unctad, "unctad", accepted=False).body["code"] == "match.reason_missing"
    respond(unctad, "unctad", accepted=False, reason="No staff").ok()
    assert story.desk.state(REFERENCE) == "matching"
    assert offer(story) == ["world_bank"]
    respond(bank, "world_bank", accepted=False, reason="No budget").ok()
    nobody = prepare(story)
    assert nobody["entities"] == []
    assert nobody["content"]["reason"]
    assert why(nobody["content"])["unctad"] == why(nobody["content"])["world_bank"] == "declined"
    assert story.desk.move(REFERENCE, "offer_match").codes == ["proposal.nobody_eligible"]
    story.desk.move(REFERENCE, "find_no_match").ok()
    known = story.desk.get(f"{PATH}/matching/proposals").ok().body["items"]
    assert [one["status"] for one in known] == ["declined", "declined", "prepared"]


def test_both_sides_bring_both_parties_and_both_must_accept_before_the_country_consents(
    story: Story,
) -> None:
    story.stand("D6a", "D9")
    unodc, itu = story.focal_point("unodc"), story.focal_point("itu")
    government = story.clients.as_("government", country="KEN")
    proposal = prepare(story)
    assert set(proposal["entities"]) == {"unodc", "itu"}
    (agreed,) = proposal["content"]["arrangements"]
    assert (agreed["code"], agreed["cite"]) == ("unodc_itu", ["F10"])
    story.desk.move(REFERENCE, "offer_match").ok()
    respond(unodc, "unodc", accepted=True).ok()
    assert story.desk.state(REFERENCE) == "offered"
    assert respond(unodc, "unodc", accepted=True).body["code"] == "match.answered"
    respond(itu, "itu", accepted=True).ok()
    assert story.desk.state(REFERENCE) == "consent"
    other = story.clients.as_("government", country="UGA")
    assert consent(government, "UGA", given=True).status == 403
    assert other.get(f"{PATH}/matching").status == 404
    assert consent(government, "KEN", given=False).body["code"] == "consent.reason_missing"
    consent(government, "KEN", given=False, reason="Other plans").ok()
    assert story.desk.state(REFERENCE) == "matching"
    kinds = [e["kind"] for e in story.desk.get(f"{PATH}/timeline").ok().body["items"]]
    assert [k for k in kinds if k.startswith(("entity", "match_re", "proposal"))] == [
        "proposal_prepared",
        "entity_accepted",
        "entity_accepted",
        "match_refused",
    ]


def test_nobody_answers_for_another_entity(story: Story) -> None:
    story.stand("A2")
    unctad = story.focal_point("unctad")
    stranger = story.focal_point("world_bank")
    assert offer(story) == ["unctad"]
    assert respond(unctad, "world_bank", accepted=True).status == 403
    answer = stranger.post(
        f"{PATH}/matching/responses", {"entity": "unctad", "accepted": True}, if_match="*"
    )
    assert answer.status == 404


def test_an_entity_without_focal_point_is_shown_as_unreachable_and_not_proposed(
    story: Story,
) -> None:
    story.stand("A2")
    story.focal_point("world_bank")
    proposal = prepare(story)
    assert proposal["entities"] == ["world_bank"]
    assert why(proposal["content"])["unctad"] == "unreachable"
    candidates = story.desk.get(f"{PATH}/matching").ok().body["candidates"]
    assert {c["entity"]: c["reachable"] for c in candidates}["unctad"] is False


def test_a_commission_is_a_candidate_only_in_its_own_region(story: Story) -> None:
    story.stand("E5", countries=("CHL",))
    story.focal_point("eca")
    story.focal_point("eclac")
    proposal = prepare(story)
    assert proposal["entities"] == ["eclac"]
    assert why(proposal["content"])["eca"] == "region"


def test_a_country_of_two_regions_has_both_commissions_and_a_member_from_outside_has_none(
    story: Story,
) -> None:
    for entity in ("ece", "escap", "eclac"):
        story.focal_point(entity)
    story.stand("E5", countries=("RUS",))

    def candidates(path: str) -> set[str]:
        found = story.desk.get(f"{path}/matching").ok().body["candidates"]
        return {one["entity"] for one in found if one["holds"]} & {"ece", "escap", "eclac"}

    assert candidates(PATH) == {"ece", "escap"}
    other = "TA-2026-00002"
    story.stand("E5", countries=("FRA",), reference=other)
    assert candidates(f"/requests/{other}") == {"ece"}, "a member of the others from outside"


def test_who_cannot_be_reached_after_the_asking_waits_and_has_declined_nothing(
    story: Story,
) -> None:
    story.stand("A2")
    ada = story.focal_point("unctad")
    bob = story.clients.as_("focal_point", entity="unctad", nth=2)
    assert prepare(story)["entities"] == ["unctad"]
    story.desk.move(REFERENCE, "offer_match").ok()
    story.clients.as_("administrator").post(f"/people/{ada.person_id}/suspension").ok()
    waits = story.desk.get(f"{PATH}/matching").ok().body
    assert waits["waiting"] == ["unctad"]
    assert waits["proposal"]["responses"] == []
    assert story.desk.state(REFERENCE) == "offered", "never lost, and no decline"
    with story.clients.house.database.writing() as session:
        naming.name(session, naming.change("unctad", bob.person_id, naming.ALTERNATE))
    assert story.desk.get(f"{PATH}/matching").ok().body["waiting"] == []
    assert [one["reference"] for one in bob.get("/me/offers").ok().body["items"]] == [REFERENCE]
    answer = {"entity": "unctad", "accepted": True}
    bob.change("POST", f"{PATH}/matching/responses", answer, of=PATH).ok()
    assert story.desk.state(REFERENCE) == "consent"


def test_a_proposal_can_be_computed_again_bit_for_bit_from_what_is_stored(story: Story) -> None:
    story.stand("D6a", "D9", "D3")
    story.focal_point("unodc")
    story.focal_point("itu")
    made = prepare(story)
    number = made["number"]
    stored = story.desk.get(f"{PATH}/matching/proposals/{number}").ok().body
    again = explain(inputs_from_json(stored["inputs"]))
    assert proposal_to_json(again) == stored["content"]
    assert digest(stored["inputs"]) == stored["inputs_hash"]
    assert [one["need"] for one in stored["content"]["uncovered"]] == [3]


def test_a_new_proposal_supersedes_the_one_that_was_only_prepared(story: Story) -> None:
    story.stand("A2")
    story.focal_point("unctad")
    prepare(story)
    prepare(story)
    known = story.desk.get(f"{PATH}/matching/proposals").ok().body["items"]
    assert [one["status"] for one in known] == ["superseded", "prepared"]


def test_a_stale_answer_is_refused_and_only_the_desk_prepares(story: Story) -> None:
    story.stand("A2")
    unctad = story.focal_point("unctad")
    offer(story)
    body = {"entity": "unctad", "accepted": True}
    path = f"{PATH}/matching/responses"
    assert unctad.post(path, body).status == 428
    assert unctad.post(path, body, if_match='"1"').status == 412
    assert story.desk.post(f"{PATH}/matching/proposals").status == 409
    government = story.clients.as_("government", country="KEN")
    assert government.post(path, body, if_match="*").status == 403
