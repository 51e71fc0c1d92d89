"""An urgent request: confirmed by a second person, helped rapidly, assessed fully afterwards."""

from datetime import timedelta

from app.cli.demo import delivery
from app.cli.demo.play import match
from app.cli.demo.story import Story
from app.directory.schemas import GrantBody
from tests.journeys import acts
from tests.journeys.acts import move_refused, refused, state
from tests.journeys.conftest import Enrol, Tell

CONTAIN = {
    "area": "D",
    "topic": "D9",
    "kind": "containment",
    "text": "Stop the attack on the payment network from spreading.",
}


def test_urgency_takes_a_second_person(story: Tell, enrol: Enrol) -> None:
    told = story("KEN")
    both = enrol(
        "both",
        GrantBody(role="resident_coordinator", country="KEN"),
        GrantBody(role="desk_officer"),
    )
    acts.at_triage(told, acts.asking(CONTAIN))
    path = f"{told.path}/urgency"
    reason = {"reason": "The attack goes on."}
    told.stage.change(both, "PUT", path, reason, told.path)
    settled = (both, "PUT", f"{path}/settlement")
    assert refused(told, settled, {"confirmed": True}, of=told.path).cites == {
        "four_eyes.same_person": "C7"
    }
    matter = {"internal": False, "reason": "A Member State asks."}
    told.stage.change("desk", "PUT", f"{told.path}/matter", matter, told.path)
    assert move_refused(told, "desk", "start_assessment").cites == {"urgency.unsettled": "F38"}
    refusal = {"confirmed": False, "reason": "It is over."}
    told.stage.change("desk", "PUT", f"{path}/settlement", refusal, told.path)
    told.stage.move("desk", told.reference, "start_assessment")
    plan = {"kind": "rapid", "comprehensive_due": str(told.today + timedelta(days=60))}
    why = refused(told, ("assessor:KEN", "POST", f"{told.path}/assessment"), plan)
    assert why.cites == {"assessment.rapid_only_when_urgent": "F38"}


def through_on_a_rapid_assessment(story: Story) -> None:
    """Assess rapidly, screen at most partly met, and match."""
    stage = story.stage
    story.assess("rapid")
    rapid = stage.read("desk", f"{story.path}/assessment?kind=rapid")
    assert rapid["status"] == "completed"
    assert rapid["comprehensive_due"] == str(story.today + timedelta(days=60))
    story.complete_assessment()
    room = f"{story.path}/screening"
    story.screen()
    fourth = stage.read("screener", room)["principles"][3]
    assert (fourth["best"], fourth["finding"]) == ("partly", "partly")
    better = ("screener", "PUT", f"{room}/principles/P4")
    why = refused(story, better, {"finding": "met", "reason": "Good enough."}, of=room)
    assert why.cites["screening.rapid_only"] == "F38, F32"
    story.pass_screening()
    match(story)


def test_a_rapid_assessment_opens_rapid_help_and_is_followed_before_closing(story: Tell) -> None:
    told = story("KEN")
    stage, coordinator = told.stage, told.who("coordinator")
    acts.at_triage(told, acts.asking(CONTAIN))
    reason = {"reason": "The attack goes on."}
    stage.change(coordinator, "PUT", f"{told.path}/urgency", reason, told.path)
    confirmed = {"confirmed": True}
    path = f"{told.path}/urgency/settlement"
    stage.change("desk", "PUT", path, confirmed, told.path)
    told.triage()
    status = stage.read("desk", f"{told.path}/status")
    assert acts.moment(status["due"]) - acts.moment(status["since"]) == timedelta(days=10)
    undated = ("assessor:KEN", "POST", f"{told.path}/assessment")
    assert refused(told, undated, {"kind": "rapid"}).code == "assessment.comprehensive_date_missing"

    through_on_a_rapid_assessment(told)
    (given,) = stage.read("desk", f"{told.path}/assignments")["items"]
    (need,) = stage.read("desk", f"{told.path}/needs")["items"]
    call = (f"focal:{given['entity']}", "POST", f"{told.path}/delivery/activities")
    for kind in ("training", "legislation", "cirt"):
        body = delivery.activity_for(told, given["entity"], need, kind)
        why = refused(told, call, body)
        assert (why.status, why.cites) == (409, {"activity.not_rapid": "F38"})
    for kind in ("containment", "restoration", "evidence_preservation"):
        number = delivery.plan_activity(told, given["entity"], need, kind)
        delivery.carry_out(told, given["entity"], number)
    delivery.meet_conditions(told)

    stage.move("desk", told.reference, "complete_delivery")
    why = move_refused(told, "desk2", "close")
    assert why.cites == {
        "assessment.comprehensive_due": "F32",
        "closing.impact_missing": "F55",
        "closing.lesson_missing": "F51",
    }
    stage.move("desk", told.reference, "resume_delivery", reason="The full assessment is due.")
    told.assess("comprehensive")
    assert set(acts.serving(told)) == {"rapid", "comprehensive"}
    number = delivery.plan_activity(told, given["entity"], need, "training")
    delivery.carry_out(told, given["entity"], number)
    stage.move("desk", told.reference, "complete_delivery")
    delivery.close(told)
    assert state(told) == "closed"
