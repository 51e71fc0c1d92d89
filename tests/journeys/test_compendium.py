"""The compendium changes under requests that are on their way; an entity claims what was left out."""

from datetime import timedelta
from typing import Any

import time_machine

from app.cli.demo.play import entities_of
from app.cli.demo.stage import Stage
from app.cli.demo.story import Story
from app.directory.schemas import GrantBody
from app.jobs.basis import take_effect
from app.kit import clock
from tests.factories.clients import Clients
from tests.journeys import acts
from tests.journeys.acts import move_refused, refused, state
from tests.journeys.conftest import Enrol, Tell

PROPOSALS = "/compendium/proposals"


def change(stage: Stage, second: str, *changes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Propose in the name of the desk, let a second person approve, and return the proposal."""
    body = {"title": "A change", "reason": "It was contested.", "changes": list(changes)} | more
    made = stage.add("desk", PROPOSALS, body)
    place = f"{PROPOSALS}/{made['id']}"
    before = stage.read("desk", f"{place}/impact")
    done: dict[str, Any] = stage.add(second, f"{place}/review", {"approved": True})
    return done | {"impact": {one["reference"]: one for one in before["requests"]}}


def treatment(told: Story) -> list[str]:
    """How the versions of the compendium have treated a request, as its matching shows it."""
    view = told.stage.read("desk", f"{told.path}/matching")
    return [one["treatment"] for one in view["basis"]]


def without(stage: Stage, label: str, topic: str) -> dict[str, Any]:
    """The change of a mandate, named as a proposal cites it, that takes one topic from it."""
    code = label.partition("@")[0]
    said = stage.read("desk", f"/compendium/entries/{code}")["items"][-1]["content"]
    return {
        "kind": "mandate",
        "code": code,
        "content": {"topics": [one for one in said["topics"] if one != topic]},
    }


def test_the_compendium_changes_under_three_requests_in_different_states(
    story: Tell, enrol: Enrol
) -> None:
    early, asked, helped = story("KEN"), story("UGA"), story("FJI")
    stage = early.stage
    for told, way in ((early, acts.at_assessment), (asked, acts.at_matching)):
        way(told, acts.asking(acts.CIRT, countries=[told.countries[0]]))
    acts.at_delivery(helped, acts.asking(acts.CIRT, countries=["FJI"]))
    offered = asked.offer()
    first = offered["content"]["assignments"][0]
    second = enrol("desk:2", GrantBody(role="desk_officer"))

    done = change(stage, second, without(stage, first["mandate"], "D9"))
    impact = done["impact"]
    assert [impact[one.reference]["treatment"] for one in (early, asked, helped)] == [
        "renewed",
        "flagged",
        "noted",
    ], "what the preview says"
    assert first["entity"] in impact[asked.reference]["before"]["entities"]
    assert impact[asked.reference]["before"] != impact[asked.reference]["after"]
    assert [treatment(one) for one in (early, asked, helped)] == [
        ["renewed"],
        ["flagged"],
        ["noted"],
    ], "and what came of it"
    (noted,) = acts.happened(helped, "mandate_basis_noted")
    assert noted["data"]["version"] == done["number"]
    assert acts.happened(early, "compendium_renewed")
    assert state(helped) == "delivery"
    given = stage.read("desk", f"{helped.path}/assignments")["items"]
    assert first["entity"] in {one["entity"] for one in given}, "an accepted match stays"

    for entity in entities_of(offered):
        asked.respond(entity)
    assert state(asked) == "offered", "it waits for the desk"
    why = move_refused(asked, "desk", "match_accepted")
    assert why.cites == {"proposal.basis_changed": "F13, F15"}
    confirm = ("desk", "POST", f"{asked.path}/matching/basis")
    assert refused(asked, confirm, {"reason": ""}, of=asked.path).status == 422
    by_coordinator = (asked.who("coordinator"), *confirm[1:])
    assert refused(asked, by_coordinator, {"reason": "No."}, of=asked.path).status == 403
    word = {"reason": "The team is in the country already."}
    stage.change("desk", "POST", f"{asked.path}/matching/basis", word, asked.path)
    assert state(asked) == "consent"
    told = acts.happened(asked, "mandate_basis_confirmed")[0]["data"]
    assert (told["versions"], told["reason"]) == ([done["number"]], word["reason"])

    early.assess()
    early.complete_assessment()
    early.screen()
    early.pass_screening()
    content = early.propose()["content"]
    assert first["mandate"] not in {one["mandate"] for one in content["assignments"]}


def test_a_flagged_proposal_is_matched_again_on_the_new_version(story: Tell, enrol: Enrol) -> None:
    told = story("KEN")
    stage = told.stage
    acts.at_matching(told, acts.asking(acts.CIRT))
    before = told.propose()
    first = before["content"]["assignments"][0]
    second = enrol("desk:2", GrantBody(role="desk_officer"))
    words = {"kind": "mandate", "code": first["mandate"].partition("@")[0]}
    change(stage, second, words | {"content": {"review_by": "2031-01-01"}})
    assert treatment(told) == [], "that it was looked at again changes nothing in substance"
    change(stage, second, without(stage, first["mandate"], "D9"))
    assert treatment(told) == ["flagged"]
    assert move_refused(told, "desk", "offer_match").cites == {"proposal.basis_changed": "F13, F15"}
    again = told.propose()
    assert again["number"] == before["number"] + 1
    assert again["entities"] == [], "nobody else holds it"
    stage.move("desk", told.reference, "find_no_match")
    assert state(told) == "unmatched"


def test_what_takes_effect_later_is_carried_out_by_the_worker_and_nothing_slips_between(
    story: Tell, enrol: Enrol, clients: Clients
) -> None:
    told = story("KEN")
    stage = told.stage
    acts.at_matching(told, acts.asking(acts.CIRT))
    first = told.propose()["content"]["assignments"][0]
    second = enrol("desk:2", GrantBody(role="desk_officer"))
    moment = clock.now() + timedelta(hours=1)
    narrowed = without(stage, first["mandate"], "D9")
    change(stage, second, narrowed, effective_at=clock.stamp(moment))
    shelf = clients.house.shelf
    assert take_effect(clients.office, shelf, clock.now()) == 0
    assert treatment(told) == []
    with time_machine.travel(moment + timedelta(seconds=5)):
        why = move_refused(told, "desk", "offer_match")
        assert why.cites == {"proposal.basis_changing": "F13, F15"}, "its effect is still to come"
        assert take_effect(clients.office, shelf, clock.now()) >= 1
        assert take_effect(clients.office, shelf, clock.now()) == 0, "once is enough"
        assert treatment(told) == ["flagged"]
        why = move_refused(told, "desk", "offer_match")
        assert why.cites == {"proposal.basis_changed": "F13, F15"}


def test_an_entity_that_was_left_out_claims_its_mandate_and_is_proposed(
    story: Tell, enrol: Enrol
) -> None:
    """UNESCO's case (C65): the compendium did not name it."""
    told = story("KEN")
    stage = told.stage
    acts.at_matching(told, acts.asking(UNHELD))
    assert told.propose()["lead"] is None
    claim = {
        "kind": "claim",
        "title": "Left out: networks against abuse",
        "reason": "Our conference gave us this in its thirty-seventh session.",
        "changes": [
            {
                "kind": "mandate",
                "code": "unesco.networks",
                "content": {
                    "entity": "unesco",
                    "role": "provider",
                    "text": "Helps governments, police and providers to work together.",
                    "topics": ["D3"],
                    "cite": ["C65", "C66"],
                    "basis": "Resolution 61 of that conference.",
                    "valid_from": "2013-11-20",
                    "review_by": "2028-11-30",
                },
            }
        ],
    }
    made = stage.add("focal:unesco", PROPOSALS, claim)
    assert (made["status"], made["entities"]) == ("open", ["unesco"])
    own = stage.ask("focal:unesco", "POST", f"{PROPOSALS}/{made['id']}/review", {"approved": True})
    assert own.status == 403
    stage.add("desk", f"{PROPOSALS}/{made['id']}/review", {"approved": True})
    assert treatment(told) == ["flagged"]
    proposal = told.propose()
    assert proposal["lead"] == "unesco"
    (assigned,) = proposal["content"]["assignments"]
    assert (assigned["mandate"], assigned["cite"]) == ("unesco.networks@1", ["C65", "C66"])
    told.stage.move("desk", told.reference, "offer_match")
    told.respond("unesco")
    assert state(told) == "consent"


UNHELD = {
    "area": "D",
    "topic": "D3",
    "kind": "advisory_note",
    "text": "A group of governments, police and providers against botnets.",
}
