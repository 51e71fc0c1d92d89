"""Return for revision: the country edits, earlier wordings stay readable, and it is screened anew."""

from typing import Any

from app.cli.demo.play import match
from app.cli.demo.story import Story
from tests.journeys import acts
from tests.journeys.acts import move_refused, refused, state
from tests.journeys.conftest import Tell


def decide(story: Story, outcome: str) -> None:
    """Decide and confirm as two persons."""
    room = f"{story.path}/screening"
    decided = {"outcome": outcome, "reason": "As the findings show."}
    story.stage.change("screener", "POST", f"{room}/decision", decided, room)
    story.stage.change("screener2", "POST", f"{room}/confirmation", {}, room)


def find(story: Story, principle: str, **found: Any) -> None:
    """Write the finding on one principle."""
    room = f"{story.path}/screening"
    who = "reviewer" if principle == "P3" else "screener"
    body = {"reason": "As its criteria were found."} | found
    story.stage.change(who, "PUT", f"{room}/principles/{principle}", body, room)


def revise(story: Story) -> None:
    """Edit the returned request; every earlier wording stays readable."""
    stage, coordinator = story.stage, story.who("coordinator")
    before = stage.read(coordinator, story.path)
    text = "Police, prosecutors and the national response team train together."
    stage.change(coordinator, "PATCH", story.path, {"summary": text}, story.path)
    need = {"text": "Joint training of all three sides.", "priority": 1}
    stage.change(coordinator, "PATCH", f"{story.path}/needs/1", need, story.path)
    assert stage.read(coordinator, story.path)["summary"] == text
    kept = stage.read(coordinator, f"{story.path}/versions")["items"]
    assert {one["part"]: one["content"] for one in kept} == {
        "request": {"summary": before["summary"]},
        "need:1": {"text": acts.TRAINING["text"], "priority": 3},
    }
    stage.change(coordinator, "PATCH", story.path, {"summary": None}, story.path)
    why = move_refused(story, coordinator, "resubmit")
    assert why.cites == {"request.summary_missing": "F10"}
    stage.change(coordinator, "PATCH", story.path, {"summary": text}, story.path)


def test_a_returned_request_is_revised_resubmitted_and_passes(story: Tell) -> None:
    told = story("KEN")
    stage, coordinator = told.stage, told.who("coordinator")
    acts.at_screening(told, acts.asking())
    room = f"{told.path}/screening"
    early = ("screener", "POST", f"{room}/decision")
    why = refused(told, early, {"outcome": "pass", "reason": "Soon."}, of=room)
    assert why.code == "screening.undetermined"
    assert {"screening.criterion_open", "screening.principle_open"} <= set(why.cites)
    told.screen()
    find(told, "P1", finding="not_met", reason="One side alone is served.")
    assert stage.read("screener", room)["derived"]["outcome"] == "return_for_revision"
    softer = ("screener", "POST", f"{room}/decision")
    body = {"outcome": "pass_with_conditions", "reason": "It will do."}
    assert "screening.more_lenient" in refused(told, softer, body, of=room).cites
    decide(told, "return_for_revision")
    for trigger in ("pass_screening", "decline"):
        assert "screening.other_outcome" in move_refused(told, "screener", trigger).cites
    stage.move("screener", told.reference, "return_for_revision")
    assert state(told) == "revision"
    assert stage.read(coordinator, f"{told.path}/status")["label"] == "Please revise"

    revise(told)
    stage.move(coordinator, told.reference, "resubmit")
    assert state(told) == "screening"
    (earlier,) = stage.read("screener", f"{room}/rounds")["items"]
    assert (earlier["round"], earlier["outcome"]) == (1, "return_for_revision")
    assert stage.read("screener", room)["decision"] is None
    assert "screening.undecided" in move_refused(told, "screener", "pass_screening").cites
    assert told.screen() in ("pass", "pass_with_conditions")
    told.pass_screening()
    match(told)
    acts.finish(told)


def test_an_approval_lapses_when_a_finding_changes(at_screening: Story) -> None:
    told = at_screening
    stage = told.stage
    room = f"{told.path}/screening"
    told.screen()
    assert stage.read("screener", room)["decision"]["confirmed_by"]
    find(told, "P3", finding="not_met", reason="Safeguards are missing after all.")
    assert stage.read("screener", room)["decision"] is None
    (lapsed,) = acts.happened(told, "screening_approval_lapsed")
    assert lapsed["data"]["confirmed"] is True
    assert "screening.undecided" in move_refused(told, "screener", "pass_screening").cites
    find(told, "P3", finding="met", reason="The safeguards were shown.")
    again = {"outcome": "pass_with_conditions", "reason": "As the findings show."}
    stage.change("screener", "POST", f"{room}/decision", again, room)
    assert "screening.unconfirmed" in move_refused(told, "screener", "pass_screening").cites
    own = ("screener", "POST", f"{room}/confirmation")
    assert refused(told, own, {}, of=room).cites == {"four_eyes.same_person": "C7"}
    stage.change("screener2", "POST", f"{room}/confirmation", {}, room)
    told.pass_screening()
    assert state(told) == "matching"
