"""What data answers: for each rule a case that meets it, and one that must not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.screening.rules import RULES, Evidence, FindingEvidence
from tests.screening.samples import (
    FULL,
    PRINCIPLES,
    RAPID,
    RECORD,
    TODAY,
    need,
    only,
)

UNHEARD = replace(FULL, records=(replace(RECORD, groups=frozenset({"police"})),))
EXPIRED = replace(FULL, records=(replace(RECORD, valid_until=TODAY - timedelta(days=1)),))
URGENT = replace(
    FULL,
    records=(RAPID,),
    needs=(need(1, "C8", kind="restoration"), need(2, "C7", kind="containment")),
)

AGAINST: dict[str, list[Evidence]] = {
    "two_sided_plan": [only(need(1, "C8")), only(need(1, "C1b")), only()],
    "phases_covered": [only(need(1, "D2")), only()],
    "international_cooperation": [only(need(1, "D2"), need(2, "E4")), only()],
    "prevention_present": [only(need(1, "B4"), need(2, "D6")), only()],
    "response_support": [only(need(1, "C3"), need(2, "D2"))],
    "continuity_treated": [only(need(1, "C7"))],
    "mandates_cover": [
        only(need(1, "C8"), need(2, "D2", holders=frozenset(), able=frozenset())),
        only(),
    ],
    "elements_listed": [
        replace(FULL, cyber_labelled=False),
        replace(FULL, cyber_labelled=False, elements={FULL.elements_known[0]: "present"}),
        only(),
    ],
    "nothing_unheld": [only(need(1, "C8", able=frozenset())), only()],
    "assessment_complete": [
        replace(FULL, records=()),
        EXPIRED,
        replace(FULL, records=(replace(RECORD, kind="self"),)),
        replace(FULL, records=(replace(RECORD, kind="reassessment"),)),
        replace(FULL, records=(RAPID,)),
    ],
    "risk_assessment_attached": [
        replace(FULL, records=(replace(RECORD, risk_dated=None),)),
        replace(FULL, records=(replace(RECORD, risk_dated=TODAY + timedelta(days=1)),)),
        EXPIRED,
    ],
    "risk_factors_answered": [
        replace(FULL, findings=(), records=()),
        replace(FULL, findings=()),
        replace(FULL, findings=(*FULL.findings, FindingEvidence(2, "C7", "Single cable", ()))),
    ],
    "interventions_rest_on_findings": [only(need(1, "C8"), need(2, "D2", findings=())), only()],
    "stakeholders_state": [UNHEARD, EXPIRED],
    "capacity_and_structures": [
        only(need(1, "D2")),
        only(need(1, "C8")),
        only(need(1, "D9", kind="cirt")),
        only(need(1, "A3a", kind="training")),
    ],
    "stakeholders_non_state": [UNHEARD, replace(FULL, records=())],
    "formal_cooperation": [only(need(1, "E3"))],
    "informal_cooperation": [only(need(1, "E2"))],
    "sovereign_consent": [
        replace(FULL, sharing={"KEN": True}),
        replace(FULL, sharing={"KEN": True, "UGA": False}),
        replace(FULL, countries=()),
        replace(FULL, publication={"KEN": True}),
    ],
    "stakeholders_private": [UNHEARD],
    "standards_supported": [only(need(1, "C7"))],
}


def test_the_pack_names_every_rule_and_no_other() -> None:
    assert {c.rule for c in PRINCIPLES.criteria if c.rule} == set(RULES) == set(AGAINST)


def test_no_rule_answers_the_third_principle() -> None:
    third = next(p for p in PRINCIPLES.principles if p.code == "P3")
    assert [criterion.rule for criterion in third.criteria if criterion.rule] == []


@pytest.mark.parametrize("rule", sorted(RULES))
def test_full_evidence_meets_the_rule_and_is_shown(rule: str) -> None:
    answer = RULES[rule](FULL)
    assert answer.verdict == "met"
    assert answer.reason
    assert answer.evidence


@pytest.mark.parametrize(
    ("rule", "evidence"), [(rule, case) for rule, cases in AGAINST.items() for case in cases]
)
def test_without_its_evidence_the_rule_is_not_met(rule: str, evidence: Evidence) -> None:
    answer = RULES[rule](evidence)
    assert answer.verdict == "not_met"
    assert answer.reason


def test_a_rapid_assessment_carries_the_condition_of_a_comprehensive_one() -> None:
    answer = RULES["assessment_complete"](URGENT)
    assert answer.verdict == "met_with_condition"
    assert answer.condition


@pytest.mark.parametrize("kind", ["", "training", "cirt"])
def test_a_rapid_assessment_opens_no_other_kind_of_help(kind: str) -> None:
    beyond = replace(URGENT, needs=(*URGENT.needs, need(3, "D6", kind=kind)))
    answer = RULES["assessment_complete"](beyond)
    assert answer.verdict == "not_met"
    assert "3" in answer.reason


def test_a_request_not_labelled_cyber_is_met_once_every_element_has_a_verdict() -> None:
    judged = dict.fromkeys(FULL.elements_known, "absent")
    answer = RULES["elements_listed"](replace(FULL, cyber_labelled=False, elements=judged))
    assert answer.verdict == "met"


def test_what_is_missing_is_named() -> None:
    assert "recovery" in RULES["phases_covered"](only(need(1, "D6"))).reason
    assert "academia" in RULES["stakeholders_non_state"](UNHEARD).reason
    assert "UGA" in RULES["sovereign_consent"](replace(FULL, sharing={"KEN": True})).reason
