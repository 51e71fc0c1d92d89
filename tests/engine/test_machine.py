"""The machine: built once a version, no way round a guard, and every reason told at once."""

import pytest
from sqlalchemy import inspect

from app.engine.machine import Attempt, Engine, Token
from app.engine.packs import load_shelf
from app.engine.vocabulary import SYSTEM
from app.kit.errors import Blocked, Conflict, Forbidden
from app.lifecycle.vocabulary import VOCABULARY
from app.requests.tables import AssistanceRequest
from tests.engine import added, named, read, released_text
from tests.packs import WORKFLOWS
from tests.packs.situations import facts

ENGINE = Engine(read(released_text()), VOCABULARY)


def wish(
    state: str, *situations: str, roles: str = "desk_officer", came_from: str | None = None
) -> Attempt:
    return Attempt(
        state, came_from, frozenset(roles.split()), frozenset({99}), facts(list(situations))
    )


def test_a_version_has_one_machine_for_the_life_of_the_shelf() -> None:
    shelf = load_shelf(WORKFLOWS, VOCABULARY)
    first = shelf.get("needs_assessment", 1).engine.machine
    shelf.get("needs_assessment", 1).engine.fire("withdraw", wish("draft", roles="government"))
    assert shelf.get("needs_assessment", 1).engine.machine is first
    assert shelf.latest("needs_assessment").engine.machine is not first


def test_there_is_no_trigger_beyond_those_of_the_definition() -> None:
    defined = {t.trigger for t in ENGINE.definition.transitions}
    assert set(ENGINE.machine.events) == defined
    for state in ENGINE.definition.states:
        with pytest.raises(Conflict):
            ENGINE.fire(f"to_{state}", wish("draft", roles=f"desk_officer {SYSTEM}"))


def test_no_row_is_ever_a_model_of_the_machine() -> None:
    assert ENGINE.machine.models == []
    ENGINE.fire("withdraw", wish("draft", roles="government"))
    assert ENGINE.machine.models == []
    added_by_binding = {"trigger", "may_trigger", *(f"is_{s}" for s in ENGINE.definition.states)}
    assert added_by_binding.isdisjoint(dir(AssistanceRequest))
    assert added_by_binding.isdisjoint(dir(Token))
    assert "state" in inspect(AssistanceRequest).columns


def test_firing_leaves_the_wish_as_it_was() -> None:
    asked = wish("triage", "external")
    assert ENGINE.fire("start_assessment", asked).target == "assessment"
    assert asked.state == "triage"


def test_a_move_of_another_state_is_a_conflict_and_of_another_role_forbidden() -> None:
    with pytest.raises(Conflict, match=r"transition\.not_from_here"):
        ENGINE.fire("close", wish("triage"))
    with pytest.raises(Forbidden, match=r"transition\.role"):
        ENGINE.fire("start_assessment", wish("triage", "external", roles="government"))


def test_nobody_but_the_system_makes_its_moves() -> None:
    with pytest.raises(Forbidden):
        ENGINE.fire("await_clarification", wish("triage", "a question open"))
    moved = ENGINE.fire("await_clarification", wish("triage", "a question open", roles=SYSTEM))
    assert moved.target == "clarification"
    assert ENGINE.automatic("triage", SYSTEM) == ["await_clarification"]
    assert ENGINE.automatic("draft", SYSTEM) == []


def test_every_reason_is_told_at_once_and_none_twice() -> None:
    with pytest.raises(Blocked) as refused:
        ENGINE.fire("complete_assessment", wish("assessment", "a question open", "no need"))
    codes = [blocker.code for blocker in refused.value.blockers]
    assert codes == ["clarification.open", "assessment.incomplete", "needs.too_few"]
    assert all(blocker.cite for blocker in refused.value.blockers)


@pytest.mark.parametrize("origin", ["triage", "assessment", "screening"])
def test_a_returning_request_goes_back_to_where_it_came_from(origin: str) -> None:
    asked = wish("clarification", came_from=origin)
    assert ENGINE.fire("take_up_again", asked).target == origin
    assert [o.target for o in ENGINE.options(asked) if o.transition.trigger == "take_up_again"] == [
        origin
    ]


@pytest.mark.parametrize("origin", [None, "delivery", "draft"])
def test_a_request_that_came_from_elsewhere_returns_nowhere(origin: str | None) -> None:
    with pytest.raises(Blocked):
        ENGINE.fire("take_up_again", wish("clarification", came_from=origin))


def test_of_several_edges_the_first_whose_guards_pass_wins() -> None:
    text = released_text()
    named(text, "redirect")[0]["trigger"] = "judge"
    named(text, "start_assessment")[0]["trigger"] = "judge"
    added(text, "judge", "triage", "withdrawn")
    engine = Engine(read(text), VOCABULARY)
    assert engine.fire("judge", wish("triage", "internal")).target == "redirected"
    assert engine.fire("judge", wish("triage", "external")).target == "assessment"
    assert engine.fire("judge", wish("triage", "written")).target == "withdrawn"


def test_an_edge_for_another_role_neither_wins_nor_blocks() -> None:
    text = added(released_text(), "start_assessment", "triage", "matching", by=["auditor"])
    engine = Engine(read(text), VOCABULARY)
    assert engine.fire("start_assessment", wish("triage", "external")).target == "assessment"
    assert engine.fire("start_assessment", wish("triage", roles="auditor")).target == "matching"


def test_options_show_what_is_allowed_and_why_the_rest_is_not() -> None:
    shown = {o.transition.trigger: o for o in ENGINE.options(wish("triage", "external"))}
    assert set(shown) == {"redirect", "redirect_non_cyber", "start_assessment"}
    assert shown["start_assessment"].allowed
    assert [b.code for b in shown["redirect"].blockers] == ["matter.not_internal"]
    assert ENGINE.options(wish("closed")) == []


def test_only_the_facts_that_a_move_asks_for_are_read() -> None:
    assert ENGINE.reads("draft", "submit") == {"text", "needs"}
    assert ENGINE.reads("evaluation", "close") == {"records", "delivery", "acting"}
    assert ENGINE.reads("draft", "withdraw") == frozenset()
    assert ENGINE.reads("appeal", "grant_appeal") == {"screening", "acting"}
