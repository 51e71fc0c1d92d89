"""A decline, and the one appeal: in time, before other people, while nothing moves."""

from datetime import timedelta

import time_machine

from app.cli.demo.play import match
from app.cli.demo.story import Story
from app.kit import clock
from tests.journeys import acts
from tests.journeys.acts import move_refused, refused, state
from tests.journeys.conftest import Sweep, Tell

INFRINGES = {
    "finding": "not_met",
    "infringing": True,
    "reason": "The tools would be turned against lawful assembly.",
}
GROUNDS = {"grounds": "The purpose was misread; the tools are for hospitals only."}
REASON = {"reason": "Heard by persons who had no hand in it."}


def found_infringing(story: Story) -> None:
    """Let the rights reviewer find that the purpose itself infringes."""
    room = f"{story.path}/screening"
    story.stage.change("reviewer", "PUT", f"{room}/principles/P3", INFRINGES, room)


def decline(story: Story) -> None:
    """Decide, confirm as the desk, and decline."""
    stage, room = story.stage, f"{story.path}/screening"
    decided = {"outcome": "decline", "reason": "The purpose itself infringes."}
    stage.change("screener", "POST", f"{room}/decision", decided, room)
    stage.change("desk", "POST", f"{room}/confirmation", {}, room)
    stage.move("screener", story.reference, "decline")


def declined(story: Story) -> Story:
    """Bring a request to its decline."""
    if not story.reference:
        acts.at_screening(story, acts.asking())
    found_infringing(story)
    decline(story)
    return story


def test_the_third_principle_is_never_waived_nor_ruled_and_takes_a_rights_reviewer(
    at_screening: Story,
) -> None:
    told = at_screening
    stage = told.stage
    room = f"{told.path}/screening"
    third = stage.read("screener", room)["principles"][2]
    assert (third["code"], third["waivable"]) == ("P3", False)
    assert len(third["criteria"]) == 11
    assert {one["answered"] for one in third["criteria"]} == {"open"}
    one = f"{room}/criteria/P3.2"
    met = {"verdict": "met", "reason": "Safeguards are named."}
    why = refused(told, ("screener", "PUT", one), met, of=room)
    assert (why.status, why.code) == (403, "screening.reviewer")
    whole = ("screener", "PUT", f"{room}/principles/P3")
    assert refused(told, whole, {"finding": "met", "reason": "Fine."}, of=room).status == 403
    for code in [criterion["code"] for criterion in third["criteria"]]:
        waiver = {"verdict": "waived", "reason": "Not possible here."}
        path = f"{room}/criteria/{code}"
        why = refused(told, ("reviewer", "PUT", path), waiver, of=room)
        assert (why.status, why.code) == (409, "screening.not_waivable")
        assert why.cites["screening.not_waivable"]


def test_no_condition_cures_an_infringing_purpose(at_screening: Story) -> None:
    told = at_screening
    stage = told.stage
    room = f"{told.path}/screening"
    told.judge()
    whole = ("reviewer", "PUT", f"{room}/principles/P3")
    cured = INFRINGES | {"finding": "partly", "condition": "A report each year."}
    assert refused(told, whole, cured, of=room).status == 422
    found_infringing(told)
    derived = stage.read("screener", room)["derived"]
    assert derived["outcome"] == "decline"
    assert derived["reasons"][0]["code"] == "screening.infringing"
    assert "F16" in derived["reasons"][0]["cite"]
    for outcome in ("pass", "pass_with_conditions", "return_for_revision"):
        body = {"outcome": outcome, "reason": "With conditions."}
        why = refused(told, ("screener", "POST", f"{room}/decision"), body, of=room)
        assert "screening.more_lenient" in why.cites
    decline(told)
    assert state(told) == "declined"


def test_a_granted_appeal_is_screened_anew_and_can_pass(story: Tell) -> None:
    told = story("KEN")
    stage, government = told.stage, told.who("government")
    declined(told)
    for trigger in ("submit", "resubmit", "pass_screening", "start_assessment"):
        why = move_refused(told, told.who("coordinator"), trigger)
        assert why.code == "transition.not_from_here"
    assert move_refused(told, "desk", "let_decline_stand").cites == {"appeal.still_open": "F19"}
    assert move_refused(told, government, "appeal").status == 422
    status = stage.read(government, f"{told.path}/status")
    open_for = acts.moment(status["due"]) - acts.moment(status["since"])
    assert open_for == timedelta(days=30)

    stage.move(government, told.reference, "appeal", **GROUNDS)
    assert state(told) == "appeal"
    for who in ("screener", "screener2", "assessor:KEN"):
        assert acts.open_to(told, who) == set()
    assert acts.open_to(told, government) == {"withdraw"}
    room = f"{told.path}/screening"
    late = ("reviewer", "PUT", f"{room}/principles/P3")
    assert refused(told, late, INFRINGES, of=room).code == "act.not_in_this_state"
    for who in ("reviewer", "desk"):
        for trigger in ("grant_appeal", "uphold_decline"):
            why = move_refused(told, who, trigger, **REASON)
            assert why.cites == {"four_eyes.same_person": "C7"}
    assert acts.open_to(told, "desk2") == {"grant_appeal", "uphold_decline"}

    stage.move("reviewer2", told.reference, "grant_appeal", **REASON)
    assert state(told) == "screening"
    heard = stage.read(government, f"{room}/appeal")
    assert (heard["outcome"], heard["grounds"]) == ("granted", GROUNDS["grounds"])
    assert heard["heard_by"] == stage.players["reviewer2"].person_id
    anew = stage.read("screener", room)
    assert (anew["round"], anew["decision"]) == (2, None)
    assert all(one["finding"] is None for one in anew["principles"])
    assert told.screen() in ("pass", "pass_with_conditions")
    told.pass_screening()
    match(told)
    acts.finish(told)


def test_there_is_no_second_appeal(at_screening: Story) -> None:
    told = at_screening
    declined(told)
    told.stage.move(told.who("government"), told.reference, "appeal", **GROUNDS)
    told.stage.move("desk2", told.reference, "grant_appeal", **REASON)
    found_infringing(told)
    decline(told)
    assert state(told) == "refused"
    for who in (told.who("government"), told.who("coordinator")):
        assert move_refused(told, who, "appeal", **GROUNDS).status == 409
        assert move_refused(told, who, "submit").status == 409
    assert acts.last_move(told)["data"]["trigger"] == "let_decline_stand"


def test_a_dismissed_appeal_ends_the_request_for_good(story: Tell) -> None:
    told = story("KEN")
    declined(told)
    told.stage.move(told.who("coordinator"), told.reference, "appeal", **GROUNDS)
    assert move_refused(told, "desk2", "uphold_decline").status == 422
    told.stage.move("desk2", told.reference, "uphold_decline", **REASON)
    assert state(told) == "refused"
    heard = told.stage.read("auditor", f"{told.path}/screening/appeal")
    assert (heard["outcome"], heard["reason"]) == ("dismissed", REASON["reason"])
    everyone = ("desk", "desk2", "screener", "reviewer2", told.who("government"))
    assert [acts.open_to(told, who) for who in everyone] == [set()] * 5
    for trigger in ("submit", "resubmit", "appeal", "withdraw"):
        why = move_refused(told, told.who("coordinator"), trigger)
        assert (why.status, why.code) == (409, "transition.not_from_here")


def test_an_appeal_out_of_time_is_refused_and_the_decline_stands(
    at_screening: Story, sweep: Sweep
) -> None:
    told = at_screening
    declined(told)
    with time_machine.travel(clock.now() + timedelta(days=29)):
        assert sweep() == 0
        assert "appeal" in acts.open_to(told, told.who("government"))
    with time_machine.travel(clock.now() + timedelta(days=31)):
        why = move_refused(told, told.who("government"), "appeal", **GROUNDS)
        assert why.cites == {"appeal.too_late": "F19"}
        assert sweep() == 1
        assert state(told) == "refused"
        assert acts.last_move(told)["actor"] == "system"
