"""The principles pack holds seven principles and 36 criteria with the modality of the text."""

import copy
from typing import Any

import pytest
from pydantic import ValidationError

from app.engine.frameworks import Principles
from tests.packs import entries_below, pack_text
from tests.packs.test_areas import CITATION

MODALITIES = {
    "P1.1": "M",
    "P1.2": "M",
    "P1.3": "M",
    "P1.4": "W",
    "P1.5": "W",
    "P1.6": "W",
    "P2.1": "M",
    "P2.2": "M",
    "P2.3": "C",
    "P2.4": "M",
    "P3.1": "M",
    "P3.2": "M",
    "P3.3": "M",
    "P3.4": "M",
    "P3.5": "M",
    "P3.6": "M",
    "P3.7": "M",
    "P3.8": "M",
    "P3.9": "C",
    "P3.10": "M",
    "P3.11": "M",
    "P4.1": "M",
    "P4.2": "M",
    "P4.3": "M",
    "P4.4": "M",
    "P5.1": "W",
    "P5.2": "W",
    "P5.3": "M",
    "P5.4": "W",
    "P6.1": "W",
    "P6.2": "W",
    "P6.3": "M",
    "P6.4": "M",
    "P7.1": "M",
    "P7.2": "C",
    "P7.3": "M",
}
RULES = {
    "P1.1": "two_sided_plan",
    "P1.2": "phases_covered",
    "P1.3": "international_cooperation",
    "P1.4": "prevention_present",
    "P1.5": "response_support",
    "P1.6": "continuity_treated",
    "P2.1": "mandates_cover",
    "P2.2": "elements_listed",
    "P2.4": "nothing_unheld",
    "P4.1": "assessment_complete",
    "P4.2": "risk_assessment_attached",
    "P4.3": "risk_factors_answered",
    "P4.4": "interventions_rest_on_findings",
    "P5.1": "stakeholders_state",
    "P5.2": "capacity_and_structures",
    "P5.3": "stakeholders_non_state",
    "P6.1": "formal_cooperation",
    "P6.2": "informal_cooperation",
    "P6.3": "sovereign_consent",
    "P7.1": "stakeholders_private",
    "P7.3": "standards_supported",
}


@pytest.fixture
def text() -> dict[str, Any]:
    """A copy of the released text that a test may break."""
    return copy.deepcopy(pack_text("principles", "un_cyber"))


@pytest.fixture
def pack(text: dict[str, Any]) -> Principles:
    """The released pack."""
    return Principles.model_validate(text)


def test_seven_principles_hold_36_criteria_with_the_modality_of_the_text(pack: Principles) -> None:
    assert [principle.code for principle in pack.principles] == [f"P{n}" for n in range(1, 8)]
    assert len(pack.criteria) == 36
    assert {criterion.code: criterion.modality for criterion in pack.criteria} == MODALITIES


def test_rules_answer_what_the_dossier_can_and_nothing_else(pack: Principles) -> None:
    assert {c.code: c.rule for c in pack.criteria if c.rule} == RULES


def test_the_third_principle_is_never_waived_nor_decided_by_rule(pack: Principles) -> None:
    third = pack.principle_of("P3.2")
    assert (third.waivable, third.rule_decides, third.reviewer_role) == (
        False,
        False,
        "rights_reviewer",
    )
    assert all(criterion.rule is None for criterion in third.criteria)
    others = [principle for principle in pack.principles if principle.code != "P3"]
    assert all(p.rule_decides and p.reviewer_role == "screening_officer" for p in others)


def test_waivers_are_open_where_the_text_says_where_possible(pack: Principles) -> None:
    assert [p.code for p in pack.principles if p.waivable] == ["P1", "P5", "P6"]


def test_the_vocabulary_of_screening_is_closed(pack: Principles) -> None:
    assert [verdict.code for verdict in pack.verdicts] == [
        "met",
        "met_with_condition",
        "waived",
        "not_met",
        "not_applicable",
    ]
    assert [f.code for f in pack.principle_findings] == ["met", "partly", "not_met"]
    assert [outcome.code for outcome in pack.outcomes] == [
        "pass",
        "pass_with_conditions",
        "return_for_revision",
        "decline",
    ]


def test_every_entry_names_its_paragraph_and_has_words(text: dict[str, Any]) -> None:
    for path, entry in entries_below(text):
        assert entry["cite"], path
        assert all(CITATION.match(mark) for mark in entry["cite"]), path
        assert all(entry[words].strip() for words in ("label", "text")), path


def test_each_principle_cites_the_paragraph_that_states_it(pack: Principles) -> None:
    stated = [principle.cite[0] for principle in pack.principles]
    assert stated == [f"F{n}" for n in range(14, 21)]


def test_a_criterion_of_the_third_principle_cannot_be_given_a_rule(text: dict[str, Any]) -> None:
    text["principles"][2]["criteria"][0]["rule"] = "two_sided"
    with pytest.raises(ValidationError, match="P3 is not decided by rule"):
        Principles.model_validate(text)


def test_the_third_principle_cannot_be_opened_to_waivers(text: dict[str, Any]) -> None:
    text["principles"][2]["criteria"][0]["modality"] = "W"
    with pytest.raises(ValidationError, match="P3: waivable"):
        Principles.model_validate(text)


def test_a_criterion_cannot_stand_under_another_principle(text: dict[str, Any]) -> None:
    text["principles"][0]["criteria"].append(text["principles"][1]["criteria"].pop())
    with pytest.raises(ValidationError, match=r"P1 cannot hold P2\.4"):
        Principles.model_validate(text)


def test_one_rule_cannot_answer_two_criteria(text: dict[str, Any]) -> None:
    text["principles"][0]["criteria"][1]["rule"] = "two_sided_plan"
    with pytest.raises(ValidationError, match="two_sided_plan stands more than once"):
        Principles.model_validate(text)


@pytest.mark.parametrize("modality", ["X", "m", "", None, False])
def test_an_unknown_modality_is_refused(text: dict[str, Any], modality: object) -> None:
    text["principles"][0]["criteria"][0]["modality"] = modality
    with pytest.raises(ValidationError, match="modality"):
        Principles.model_validate(text)


def test_an_unknown_criterion_belongs_to_no_principle(pack: Principles) -> None:
    with pytest.raises(KeyError):
        pack.principle_of("P8.1")
