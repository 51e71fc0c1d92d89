"""Screening and its duties: data answers what it can, waivers have limits, conditions are met."""

from typing import Any

from app.cli.demo import delivery
from app.cli.demo.play import match
from app.cli.demo.story import ESTABLISHED, Story
from tests.journeys.acts import move_refused, refused, state

CONDITION = {
    "verdict": "met_with_condition",
    "reason": "The plan can still bring it about.",
    "condition": "Name the safeguards in the work plan.",
}


def criteria(story: Story) -> dict[str, dict[str, Any]]:
    """Return every criterion of the round at hand."""
    principles = story.stage.read("screener", f"{story.path}/screening")["principles"]
    assert len(principles) == 7
    return {one["code"]: one for principle in principles for one in principle["criteria"]}


def test_data_answers_with_evidence_and_waivers_have_limits(at_screening: Story) -> None:
    told = at_screening
    found = criteria(told)
    assert len(found) == 36
    for one in found.values():
        assert one["cite"]
        assert (one["answered"] == "rule") == (one["rule"] is not None)
    assert found["P4.1"]["verdict"] == "met"
    assert found["P4.1"]["evidence"][0]["kind"] == "comprehensive"
    room = f"{told.path}/screening"
    for code, one in found.items():
        if one["code"].startswith("P3"):
            continue
        call = ("screener", "PUT", f"{room}/criteria/{code}")
        bare = refused(told, call, {"verdict": "waived", "reason": ""}, of=room)
        assert bare.status == 422
        waiver = {"verdict": "waived", "reason": "Not possible within this request."}
        if one["modality"] == "W":
            told.stage.change(*call, waiver, room)
        else:
            assert refused(told, call, waiver, of=room).code == "screening.not_waivable"
    assert {one["modality"] for one in criteria(told).values() if one["verdict"] == "waived"} == {
        "W"
    }


def test_evidenced_levels_stand_beside_claimed_ones(at_screening: Story) -> None:
    told = at_screening
    profile = told.stage.read("desk", f"{told.path}/assessment/profile")
    levels = {one["topic"]: one for one in profile["topics"] if one["evidenced"] is not None}
    assert all(one["evidenced"] <= one["claimed"] for one in levels.values())
    assert {topic for topic, one in levels.items() if one["evidenced"] >= 3} == ESTABLISHED


def test_conditions_follow_into_delivery_and_closing_takes_two_persons(at_screening: Story) -> None:
    told = at_screening
    stage = told.stage
    room = f"{told.path}/screening"
    stage.change("reviewer", "PUT", f"{room}/criteria/P3.2", CONDITION, room)
    assert told.screen() == "pass_with_conditions"
    told.pass_screening()
    match(told)
    duties = stage.read("focal:unodc", f"{told.path}/delivery")["conditions"]
    assert CONDITION["condition"] in [one["text"] for one in duties]
    why = move_refused(told, "desk", "complete_delivery")
    assert why.cites == {"delivery.no_activity": "C50", "condition.unmet": "F14"}
    delivery.deliver(told)
    assert move_refused(told, "desk", "complete_delivery").cites == {"condition.unmet": "F14"}
    assert delivery.meet_conditions(told) == len(duties)
    stage.move("desk", told.reference, "complete_delivery")
    why = move_refused(told, "desk2", "close")
    assert why.cites == {"closing.impact_missing": "F55", "closing.lesson_missing": "F51"}
    statement = {"no_impact_reason": "Too early to tell.", "no_lesson_reason": "Nothing new."}
    stage.change("desk", "PUT", f"{told.path}/delivery/closing", statement, told.path)
    assert move_refused(told, "desk", "close").cites == {"four_eyes.same_person": "C7"}
    stage.move("desk2", told.reference, "close")
    assert state(told) == "closed"
