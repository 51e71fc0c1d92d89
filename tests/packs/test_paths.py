"""Ways through the released definition that must work, and moves that must be refused."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from app.engine.definition import WorkflowDefinition
from app.engine.machine import Attempt, Engine
from app.engine.vocabulary import SYSTEM
from app.kit.errors import Blocked, Conflict, Forbidden
from app.lifecycle.vocabulary import VOCABULARY
from tests.packs import pack_text
from tests.packs.situations import AUTHOR, FIRST, SIGNER, facts

SCRIPT: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_name("needs_assessment.yaml").read_text("utf-8")
)
NAME, VERSION = SCRIPT["definition"].split("@")
DEFINITION = WorkflowDefinition.model_validate(pack_text("definitions", NAME, int(VERSION)))
ENGINE = Engine(DEFINITION, VOCABULARY)
SOMEBODY = 99


def attempt(state: str, role: str, situations: list[str], came_from: str | None = None) -> Attempt:
    persons = frozenset[int]() if role == SYSTEM else frozenset({SOMEBODY})
    return Attempt(state, came_from, frozenset({role}), persons, facts(situations))


@pytest.mark.parametrize("way", SCRIPT["ways"])
def test_the_way_works(way: str) -> None:
    state, came_from = DEFINITION.initial, None
    for role, trigger, situations, reached in SCRIPT["ways"][way]:
        outcome = ENGINE.fire(trigger, attempt(state, role, situations, came_from))
        assert (outcome.source, outcome.target) == (state, reached)
        state, came_from = reached, state


@pytest.mark.parametrize(
    ("state", "role", "trigger", "situations", "reason"),
    SCRIPT["refused"],
    ids=[f"{state}-{trigger}-{n}" for n, (state, _, trigger, *_) in enumerate(SCRIPT["refused"])],
)
def test_the_move_is_refused(
    state: str, role: str, trigger: str, situations: list[str], reason: str
) -> None:
    wish = attempt(state, role, situations, came_from="triage")
    if reason in {"state", "role"}:
        kind = Conflict if reason == "state" else Forbidden
        with pytest.raises(kind):
            ENGINE.fire(trigger, wish)
        return
    with pytest.raises(Blocked) as refused:
        ENGINE.fire(trigger, wish)
    assert reason in {blocker.code for blocker in refused.value.blockers}


def test_every_state_and_every_trigger_is_on_some_way() -> None:
    steps = [step for way in SCRIPT["ways"].values() for step in way]
    assert {trigger for _, trigger, *_ in steps} >= {t.trigger for t in DEFINITION.transitions} - {
        "withdraw_offer"
    }
    assert {DEFINITION.initial, *(reached for *_, reached in steps)} == set(DEFINITION.states)


@pytest.mark.parametrize(
    ("state", "trigger", "role", "situations", "person"),
    [
        ("assessment", "complete_assessment", "resident_coordinator", ["assessed"], SIGNER),
        ("appeal", "grant_appeal", "rights_reviewer", ["declined"], FIRST),
        ("appeal", "uphold_decline", "rights_reviewer", ["declined"], FIRST),
        ("evaluation", "close", "desk_officer", ["assessed", "closing written"], AUTHOR),
    ],
)
def test_whoever_had_a_hand_in_it_cannot_also_decide_it(
    state: str, trigger: str, role: str, situations: list[str], person: int
) -> None:
    own = Attempt(state, None, frozenset({role}), frozenset({person}), facts(situations))
    with pytest.raises(Blocked) as refused:
        ENGINE.fire(trigger, own)
    assert [b.code for b in refused.value.blockers] == ["four_eyes.same_person"]
    other = Attempt(state, None, frozenset({role}), frozenset({SOMEBODY}), facts(situations))
    assert ENGINE.fire(trigger, other).source == state
