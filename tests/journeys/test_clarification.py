"""Clarification: the clock stands still, answers count one by one, silence is no decline."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from app.cli.demo.story import Story
from app.kit import clock
from tests.journeys import acts
from tests.journeys.acts import move_refused, refused, state
from tests.journeys.conftest import Sweep, Tell

THREE = ("Which hospitals were disrupted?", "Since when?", "Which law applies?")


@pytest.fixture
def asked(story: Tell) -> Story:
    """A request in triage, about which there is something to ask."""
    told = story("KEN")
    acts.at_triage(told, acts.asking())
    return told


def ask(story: Story, *questions: str, days: int = 10) -> list[dict[str, Any]]:
    """Ask the country and return the questions as they stand."""
    body = {"questions": questions, "due_on": str(story.today + timedelta(days=days))}
    made = story.stage.add("desk", f"{story.path}/clarifications", body)
    return list(made["items"])


def answer(story: Story, number: int, *, partial: bool = False) -> dict[str, Any]:
    """Answer one question for the country."""
    path = f"{story.path}/clarifications/{number}/answer"
    body = {"answer": "Two referral hospitals in the west.", "partial": partial}
    who = story.who("coordinator")
    given: dict[str, Any] = story.stage.change(who, "PUT", path, body, story.path)
    return given


def due(story: Story) -> str:
    """Return when the present state is due."""
    return str(story.stage.read("desk", f"{story.path}/status")["due"])


def test_a_further_question_with_a_later_date_moves_the_deadline_of_the_pause(
    asked: Story,
) -> None:
    asked.triage()
    before = state(asked), due(asked)[:10]
    ask(asked, "Which hospitals were disrupted?", days=10)
    tag = asked.stage.read("desk", f"{asked.path}/status")["revision"]
    ask(asked, "Which law applies?", days=25)
    later = str(asked.today + timedelta(days=25))
    assert state(asked) == "clarification"
    assert due(asked).startswith(later)
    assert asked.stage.read("desk", f"{asked.path}/status")["revision"] > tag
    ask(asked, "Since when?", days=5)  # an earlier one does not bring it nearer
    assert due(asked).startswith(later)
    for number in (1, 2, 3):
        answer(asked, number)
    assert (state(asked), due(asked)[:10]) == before


def test_the_clock_of_the_state_stands_still_until_every_question_is_answered(asked: Story) -> None:
    stage = asked.stage
    asked.triage()
    before = due(asked)
    questions = ask(asked, *THREE)
    assert [one["number"] for one in questions] == [1, 2, 3]
    assert state(asked) == "clarification"
    assert due(asked).startswith(str(asked.today + timedelta(days=10)))
    paused = acts.last_move(asked)
    assert paused["actor"] == "system"
    with time_machine.travel(clock.now() + timedelta(days=3)):
        assert answer(asked, 1, partial=True)["open"] is True
        answer(asked, 2)
        why = move_refused(asked, "desk", "take_up_again")
        assert why.status == 409
        assert why.cites == {"clarification.open": "F10"}
        open_ones = stage.read("desk", f"{asked.path}/clarifications")["items"]
        assert [(one["open"], bool(one["answer"])) for one in open_ones] == [
            (True, True),
            (False, True),
            (True, False),
        ]
        assert move_refused(asked, asked.who("coordinator"), "complete_assessment").status == 409
        again = ("coordinator:KEN", "PUT", f"{asked.path}/clarifications/2/answer")
        assert refused(asked, again, {"answer": "Once more."}, of=asked.path).status == 409
        answer(asked, 1)
        assert state(asked) == "clarification"
        answer(asked, 3)
    assert state(asked) == "assessment"
    resumed = acts.last_move(asked)
    waited = acts.moment(resumed["at"]) - acts.moment(paused["at"])
    assert waited > timedelta(days=3)
    assert acts.moment(due(asked)) == acts.moment(before) + waited
    asked.assess()
    asked.complete_assessment()
    assert state(asked) == "screening"


def test_a_refusal_names_the_open_question(asked: Story) -> None:
    ask(asked, *THREE)
    answer(asked, 1)
    answer(asked, 2)
    why = move_refused(asked, "desk", "take_up_again")
    assert "3" in why.sentences["clarification.open"]
    assert why.cites == {"clarification.open": "F10"}


def test_silence_sets_a_request_aside_without_declining_it(asked: Story, sweep: Sweep) -> None:
    stage = asked.stage
    coordinator = asked.who("coordinator")
    ask(asked, *THREE)
    answer(asked, 1)
    with time_machine.travel(clock.now() + timedelta(days=10)):
        assert sweep() == 0
        why = move_refused(asked, "desk", "set_aside")
        assert why.cites == {"clarification.not_overdue": "F10"}
    reference = asked.reference
    with time_machine.travel(clock.now() + timedelta(days=12)):
        assert sweep() == 1
        assert sweep() == 0
        assert state(asked) == "set_aside"
        assert acts.last_move(asked)["actor"] == "system"
        assert stage.read(coordinator, f"{asked.path}/status")["label"] == (
            "Set aside until you reply"
        )
        assert "decline" not in str(stage.timeline("auditor", reference))
        why = move_refused(asked, coordinator, "revive")
        assert why.cites == {"clarification.open": "F10"}
        answer(asked, 2)
        answer(asked, 3)
        assert state(asked) == "set_aside"
        stage.move(coordinator, reference, "revive")
        status = stage.read(coordinator, f"{asked.path}/status")
        assert (status["reference"], status["state"]) == (reference, "triage")
        week = acts.moment(status["due"]) - acts.moment(status["since"])
        assert week == timedelta(days=7)
        asked.triage()
        assert state(asked) == "assessment"
    asked.today = clock.today()  # the gate in the database goes by its own clock
    asked.assess()
    asked.complete_assessment()
    assert state(asked) == "screening"


def test_the_desk_may_set_a_silent_request_aside_itself(asked: Story) -> None:
    ask(asked, *THREE, days=0)
    past = ("desk", "POST", f"{asked.path}/clarifications")
    yesterday = str(asked.today - timedelta(days=1))
    why = refused(asked, past, {"questions": ["Who?"], "due_on": yesterday})
    assert (why.status, why.code) == (422, "clarification.due_past")
    with time_machine.travel(clock.now() + timedelta(days=1)):
        asked.stage.move("desk", asked.reference, "set_aside")
    assert state(asked) == "set_aside"
    asked.stage.move(asked.who("government"), asked.reference, "withdraw")
    assert state(asked) == "withdrawn"
