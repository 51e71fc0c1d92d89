"""Matching: a decline and the next best set without the decliner; and when nobody may help."""

from app.cli.demo.play import entities_of
from app.cli.demo.story import Story
from tests.journeys import acts
from tests.journeys.acts import move_refused, refused, state
from tests.journeys.conftest import Tell

UNHELD = {
    "area": "D",
    "topic": "D3",
    "kind": "advisory_note",
    "text": "A group of governments, police and providers against botnets.",
}


def test_a_decline_leads_to_a_second_proposal_without_the_decliner(story: Tell) -> None:
    told = story("KEN")
    stage = told.stage
    acts.at_matching(told, acts.asking(acts.TRAINING, acts.CIRT))
    assert move_refused(told, "desk", "offer_match").cites == {"proposal.none": "F41"}
    proposal = told.offer()
    first, assignments = entities_of(proposal), proposal["content"]["assignments"]
    assert all(one["cite"] for one in assignments)
    decliner, *others = first
    assert others
    told.respond(others[0])
    answer = ("focal:" + decliner, "POST", f"{told.path}/matching/responses")
    bare = refused(told, answer, {"entity": decliner, "accepted": False}, of=told.path)
    assert (bare.status, bare.code) == (422, "match.reason_missing")
    for_another = {"entity": decliner, "accepted": False, "reason": "They have no time."}
    by_another = ("focal:" + others[0], "POST", f"{told.path}/matching/responses")
    assert refused(told, by_another, for_another, of=told.path).status == 403
    assert state(told) == "offered"

    told.respond(decliner, accepted=False, reason="No team is free this year.")
    assert state(told) == "matching"
    assert acts.happened(told, "entity_declined")[0]["data"]["reason"] == (
        "No team is free this year."
    )
    open_one = next(one["need"] for one in assignments if one["entity"] == decliner)
    told.leave_unserved(open_one)  # nobody else may be asked for it
    second = told.offer()
    assert second["number"] == 2
    assert entities_of(second) == others
    assert second["content"]["assignments"]
    held = stage.read("desk", f"{told.path}/matching/proposals")["items"]
    assert [one["status"] for one in held] == ["declined", "accepted"]
    assert state(told) == "consent"  # who had accepted is not asked again
    told.consent()
    assert state(told) == "delivery"
    programme = stage.read("desk", f"{told.path}/delivery")["programme"]
    assert programme["lead"] == second["lead"]
    given = stage.read("desk", f"{told.path}/assignments")["items"]
    assert {one["entity"] for one in given} == set(entities_of(second))
    acts.finish(told)


def test_nothing_is_offered_once_a_country_has_taken_back_its_consent_to_share(
    at_matching: Story,
) -> None:
    told = at_matching
    told.propose()
    for given in (False, True):
        word = {"country": "KEN", "subject": "sharing", "given": given}
        told.stage.add("government:KEN", f"{told.path}/consents", word)
        if not given:
            refused = move_refused(told, "desk", "offer_match")
            assert refused.cites == {"consent.sharing_refused": "F19"}
    told.stage.move("desk", told.reference, "offer_match")
    assert state(told) == "offered"


def test_a_country_that_does_not_consent_sends_it_back_to_matching(at_matching: Story) -> None:
    told = at_matching
    for entity in entities_of(told.offer()):
        told.respond(entity)
    word = (told.who("government"), "POST", f"{told.path}/matching/consents")
    why = refused(told, word, {"country": "KEN", "given": False}, of=told.path)
    assert (why.status, why.code) == (422, "consent.reason_missing")
    assert move_refused(told, "desk", "begin_delivery").cites == {"consent.missing": "F19"}
    told.consent(given=False, reason="We ask for others.")
    assert state(told) == "matching"


def test_when_no_mandate_fits_nothing_is_proposed_and_the_reason_is_given(story: Tell) -> None:
    told = story("KEN")
    stage = told.stage
    acts.at_matching(told, acts.asking(UNHELD))
    proposal = told.propose()
    assert proposal["entities"] == []
    assert proposal["lead"] is None
    (bare,) = proposal["content"]["uncovered"]
    assert bare["need"] == 1
    assert bare["reason"]
    assert bare["cite"]
    why = move_refused(told, "desk", "offer_match")
    assert why.cites == {"proposal.nobody_eligible": "F15"}
    stage.move("desk", told.reference, "find_no_match")
    assert state(told) == "unmatched"
    assert move_refused(told, "desk", "end_unmatched").status == 422
    stage.move("desk", told.reference, "match_again", reason="The compendium was renewed.")
    assert move_refused(told, "desk", "find_no_match").cites == {"proposal.none": "F15"}
    told.propose()
    stage.move("desk", told.reference, "find_no_match")
    stage.move("desk", told.reference, "end_unmatched", reason="No entity holds this mandate.")
    assert state(told) == "unserved"
    assert acts.open_to(told, told.who("coordinator")) == set()
    assert acts.last_move(told)["data"]["form"] == {"reason": "No entity holds this mandate."}


def test_somebody_eligible_is_never_passed_over(story: Tell) -> None:
    told = story("KEN")
    acts.at_matching(told, acts.asking(acts.TRAINING, UNHELD))
    proposal = told.propose()
    assert [one["need"] for one in proposal["content"]["uncovered"]] == [2]
    why = move_refused(told, "desk", "find_no_match")
    assert why.cites == {"proposal.somebody_eligible": "F15"}
