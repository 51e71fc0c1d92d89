"""Ways through the released definition that must work, and moves that must be refused."""

from pathlib import Path
from typing import Any

import pytest

from app.engine.definition import WorkflowDefinition
from app.engine.machine import Attempt, Engine
from app.engine.vocabulary import SYSTEM
from app.kit.errors import Blocked, Conflict, Forbidden
from app.lifecycle.vocabulary import VOCABULARY
from tests.factories.listed import listed
from tests.packs import pack_text
from tests.packs.situations import AUTHOR, FIRST, SIGNER, facts

HERE = Path(__file__).parent
FIRST_ONE: dict[str, Any] = listed(HERE / "needs_assessment.yaml")
SECOND_ONE: dict[str, Any] = listed(HERE / "needs_assessment_v2.yaml")
SCRIPTS = {1: [FIRST_ONE], 2: [FIRST_ONE, SECOND_ONE]}
"""What each version is held to: a later one also to what held before it."""


def engine_of(version: int) -> Engine:
    text = pack_text("definitions", "needs_assessment", version)
    return Engine(WorkflowDefinition.model_validate(text), VOCABULARY)


ENGINES = {version: engine_of(version) for version in SCRIPTS}
WAYS = [
    pytest.param(version, script["ways"][way], id=f"{version}-{way}")
    for version, scripts in SCRIPTS.items()
    for script in scripts
    for way in script["ways"]
]
REFUSED = [
    pytest.param(version, *one, id=f"{version}-{one[0]}-{one[2]}-{place}")
    for version, scripts in SCRIPTS.items()
    for place, one in enumerate(one for script in scripts for one in script["refused"])
]
SOMEBODY = 99


def attempt(state: str, role: str, situations: list[str], came_from: str | None = None) -> Attempt:
    persons = frozenset[int]() if role == SYSTEM else frozenset({SOMEBODY})
    return Attempt(state, came_from, frozenset({role}), persons, facts(situations))


@pytest.mark.parametrize(("version", "way"), WAYS)
def test_the_way_works(version: int, way: list[Any]) -> None:
    engine = ENGINES[version]
    state, came_from = engine.definition.initial, None
    if way[0][1] == "begin_delivery":
        state = "consent"
    for role, trigger, situations, reached in way:
        outcome = engine.fire(trigger, attempt(state, role, situations, came_from))
        assert (outcome.source, outcome.target) == (state, reached)
        state, came_from = reached, state


@pytest.mark.parametrize(("version", "state", "role", "trigger", "situations", "reason"), REFUSED)
def test_the_move_is_refused(
    version: int, state: str, role: str, trigger: str, situations: list[str], reason: str
) -> None:
    engine = ENGINES[version]
    wish = attempt(state, role, situations, came_from="triage")
    if reason in {"state", "role"}:
        kind = Conflict if reason == "state" else Forbidden
        with pytest.raises(kind):
            engine.fire(trigger, wish)
        return
    with pytest.raises(Blocked) as refused:
        engine.fire(trigger, wish)
    assert reason in {blocker.code for blocker in refused.value.blockers}


@pytest.mark.parametrize("version", SCRIPTS)
def test_every_state_and_every_trigger_is_on_some_way(version: int) -> None:
    definition = ENGINES[version].definition
    steps = [step for one in SCRIPTS[version] for way in one["ways"].values() for step in way]
    assert {trigger for _, trigger, *_ in steps} >= {t.trigger for t in definition.transitions} - {
        "withdraw_offer"
    }
    assert {definition.initial, *(reached for *_, reached in steps)} == set(definition.states)


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
        ENGINES[2].fire(trigger, own)
    assert [b.code for b in refused.value.blockers] == ["four_eyes.same_person"]
    other = Attempt(state, None, frozenset({role}), frozenset({SOMEBODY}), facts(situations))
    assert ENGINES[2].fire(trigger, other).source == state
