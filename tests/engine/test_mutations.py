"""Mutations: the gate of the released definition, broken in every way, is seen with its path."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from types import MappingProxyType

import pytest

from app.lifecycle.vocabulary import VOCABULARY
from tests.engine import (
    Text,
    added,
    check,
    named,
    proof,
    released_text,
    retargeted,
    unguarded,
    way,
)

ASSESSED, PASSED = "assessment.completed", "screening.passed"
ACCEPTED, CONSENTED = "match.accepted", "country.consented"

GATES = {
    "stage_complete": [
        *("complete_assessment", "resubmit", "pass_screening", "offer_match"),
        *("match_again", "begin_delivery", "resume_delivery"),
    ],
    "screening_outcome": ["pass_screening", "begin_delivery"],
    "all_accepted": ["match_accepted", "begin_delivery"],
    "country_consented": ["begin_delivery"],
}
"""Where the guards stand on which the invariants rest."""

MINIMAL: list[tuple[str, str, str, set[str]]] = [
    (
        *("stage_complete", "delivery", ASSESSED),
        {"complete_assessment", "pass_screening", "offer_match", "begin_delivery"},
    ),
    ("stage_complete", "matching", ASSESSED, {"complete_assessment", "pass_screening"}),
    ("screening_outcome", "delivery", PASSED, {"pass_screening", "begin_delivery"}),
    ("all_accepted", "delivery", ACCEPTED, {"match_accepted", "begin_delivery"}),
    ("country_consented", "delivery", CONSENTED, {"begin_delivery"}),
]
"""Guard, stage, mark, and the smallest set of places whose loss opens the gate."""

WHOLE_WAY = (
    "draft --submit--> triage --start_assessment--> assessment --complete_assessment--> screening "
    "--pass_screening--> matching --offer_match--> offered --match_accepted--> consent "
    "--begin_delivery--> delivery"
)
WAY_TO_MATCHING = (
    "draft --submit--> triage --start_assessment--> assessment --complete_assessment--> screening "
    "--pass_screening--> matching"
)


@pytest.mark.parametrize(("guard", "stage", "mark", "smallest"), MINIMAL)
def test_the_gate_opens_exactly_when_every_guard_on_some_way_is_gone(
    guard: str, stage: str, mark: str, smallest: set[str]
) -> None:
    for count in range(len(GATES[guard]) + 1):
        for places in combinations(GATES[guard], count):
            report = check(unguarded(released_text(), guard, places))
            assert proof(report, stage, mark).holds == (not smallest <= set(places)), places


@pytest.mark.parametrize(("guard", "stage", "mark", "smallest"), MINIMAL)
def test_without_those_guards_the_checker_names_the_shortest_way_round(
    guard: str, stage: str, mark: str, smallest: set[str]
) -> None:
    report = check(unguarded(released_text(), guard, smallest))
    assert not report.passed
    assert way(report, stage, mark) == (WHOLE_WAY if stage == "delivery" else WAY_TO_MATCHING)


@pytest.mark.parametrize("place", GATES["stage_complete"])
def test_one_lost_assessment_guard_alone_opens_nothing_since_another_proves_it_again(
    place: str,
) -> None:
    assert check(unguarded(released_text(), "stage_complete", [place])).passed


def test_a_guard_that_asks_for_another_stage_is_as_good_as_none() -> None:
    text = released_text()
    for place in ("complete_assessment", "pass_screening", "offer_match", "begin_delivery"):
        uses = named(text, place)[0]["guards"]
        uses[uses.index({"stage_complete": {"stage": "assessment"}})] = {
            "stage_complete": {"stage": "screening"}
        }
    assert way(check(text), "delivery", ASSESSED) == WHOLE_WAY


def test_an_outcome_guard_that_also_lets_a_decline_pass_proves_nothing() -> None:
    text = released_text()
    for place in ("pass_screening", "begin_delivery"):
        for use in named(text, place)[0]["guards"]:
            if "screening_outcome" in use:
                use["screening_outcome"]["any_of"].append("decline")
    assert way(check(text), "delivery", PASSED) == WHOLE_WAY


def back_to_delivery(text: Text) -> Text:
    return retargeted(text, "take_up_again", "delivery")


EDGES: list[tuple[Callable[[Text], Text], str, str, str]] = [
    (
        lambda text: retargeted(text, "start_assessment", "delivery"),
        *("delivery", ASSESSED),
        "draft --submit--> triage --start_assessment--> delivery",
    ),
    (
        lambda text: retargeted(text, "start_assessment", "matching"),
        *("matching", ASSESSED),
        "draft --submit--> triage --start_assessment--> matching",
    ),
    (
        back_to_delivery,
        *("delivery", ASSESSED),
        "draft --submit--> triage --await_clarification--> clarification --take_up_again--> delivery",
    ),
    (
        lambda text: retargeted(text, "set_aside", "matching"),
        *("matching", ASSESSED),
        "draft --submit--> triage --await_clarification--> clarification --set_aside--> matching",
    ),
    (
        lambda text: retargeted(text, "revive", "matching"),
        *("matching", ASSESSED),
        (
            "draft --submit--> triage --await_clarification--> clarification --set_aside--> set_aside "
            "--revive--> matching"
        ),
    ),
    (
        lambda text: retargeted(text, "complete_assessment", "delivery"),
        *("delivery", PASSED),
        (
            "draft --submit--> triage --start_assessment--> assessment "
            "--complete_assessment--> delivery"
        ),
    ),
    (
        lambda text: retargeted(text, "reopen_assessment", "matching"),
        *("matching", ASSESSED),
        (
            "draft --submit--> triage --start_assessment--> assessment --complete_assessment--> "
            "screening --reopen_assessment--> matching"
        ),
    ),
    (
        lambda text: retargeted(text, "return_for_revision", "delivery"),
        *("delivery", PASSED),
        (
            "draft --submit--> triage --start_assessment--> assessment --complete_assessment--> "
            "screening --return_for_revision--> delivery"
        ),
    ),
    (
        lambda text: retargeted(text, "appeal", "delivery"),
        *("delivery", PASSED),
        (
            "draft --submit--> triage --start_assessment--> assessment --complete_assessment--> "
            "screening --decline--> declined --appeal--> delivery"
        ),
    ),
    (
        lambda text: retargeted(text, "grant_appeal", "delivery"),
        *("delivery", PASSED),
        (
            "draft --submit--> triage --start_assessment--> assessment --complete_assessment--> "
            "screening --decline--> declined --appeal--> appeal --grant_appeal--> delivery"
        ),
    ),
    (
        lambda text: retargeted(text, "pass_screening", "delivery"),
        *("delivery", ACCEPTED),
        (
            "draft --submit--> triage --start_assessment--> assessment --complete_assessment--> "
            "screening --pass_screening--> delivery"
        ),
    ),
    (
        lambda text: retargeted(text, "offer_match", "delivery"),
        *("delivery", ACCEPTED),
        (
            "draft --submit--> triage --start_assessment--> assessment --complete_assessment--> "
            "screening --pass_screening--> matching --offer_match--> delivery"
        ),
    ),
    (
        lambda text: retargeted(text, "match_accepted", "delivery"),
        *("delivery", CONSENTED),
        (
            "draft --submit--> triage --start_assessment--> assessment --complete_assessment--> "
            "screening --pass_screening--> matching --offer_match--> offered "
            "--match_accepted--> delivery"
        ),
    ),
    (
        lambda text: added(
            text, "urgent_delivery", "triage", "delivery", guards=["urgency_settled"]
        ),
        *("delivery", ASSESSED),
        "draft --submit--> triage --urgent_delivery--> delivery",
    ),
    (
        lambda text: added(text, "resume_delivery", "set_aside", "delivery"),
        *("delivery", ASSESSED),
        (
            "draft --submit--> triage --await_clarification--> clarification --set_aside--> set_aside "
            "--resume_delivery--> delivery"
        ),
    ),
]
"""A changed or added edge, the stage and mark that it betrays, and the shortest way it opens."""


@pytest.mark.parametrize(
    ("mutate", "stage", "mark", "path"),
    EDGES,
    ids=[f"{place}-{mark}" for place, (_, _, mark, _) in enumerate(EDGES)],
)
def test_an_edge_that_leads_past_the_gate_is_named_with_its_shortest_path(
    mutate: Callable[[Text], Text], stage: str, mark: str, path: str
) -> None:
    report = check(mutate(released_text()))
    assert not report.passed
    assert way(report, stage, mark) == path


def open_states() -> list[str]:
    states = released_text()["states"]
    return [n for n, s in states.items() if not s.get("final") and s["stage"] != "delivery"]


@pytest.mark.parametrize("state", open_states())
def test_no_open_state_can_have_an_unguarded_shortcut_into_delivery(state: str) -> None:
    report = check(added(released_text(), "shortcut", state, "delivery"))
    assert not report.passed
    broken = " ".join(next(proof.path for proof in report.proofs if not proof.holds))
    assert broken.startswith("draft")
    assert broken.endswith(f"{state} --shortcut--> delivery")


def test_taking_up_again_into_delivery_leads_nowhere_unless_delivery_was_left_for_it() -> None:
    text = released_text()
    named(text, "take_up_again")[0]["back_to"].append("delivery")
    report = check(text)
    assert [fault.code for fault in report.faults] == ["check.dead_transition"]
    assert all(proof.holds for proof in report.proofs)


RE_ENTRY = (
    "draft --submit--> triage --start_assessment--> assessment --complete_assessment--> screening "
    "--pass_screening--> matching --reopen_assessment--> assessment --resume_matching--> matching"
)


def re_entry(text: Text) -> Text:
    """A way back from a reopened assessment to matching that asks for nothing."""
    added(text, "resume_matching", "assessment", "matching")
    step = text["transitions"][-1]
    step["back_to"] = [step.pop("to")]
    return text


def test_a_way_back_from_a_reopened_assessment_is_seen() -> None:
    assert way(check(re_entry(released_text())), "matching", ASSESSED) == RE_ENTRY


def test_it_would_not_be_seen_if_reopening_took_nothing_away() -> None:
    forgetful = replace(VOCABULARY.effects["reopen_assessment"], revokes=frozenset())
    effects = MappingProxyType({**VOCABULARY.effects, "reopen_assessment": forgetful})
    report = check(re_entry(released_text()), replace(VOCABULARY, effects=effects))
    assert proof(report, "matching", ASSESSED).holds


def test_the_order_of_guards_changes_nothing() -> None:
    text = released_text()
    for transition in text["transitions"]:
        transition.get("guards", []).reverse()
    before, after = check(released_text()), check(text)
    assert (after.faults, after.proofs, after.nodes) == (before.faults, before.proofs, before.nodes)
