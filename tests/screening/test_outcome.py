"""Where findings lead: the published rule with its caps, and that worse never leads to better."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.principles import Criterion, Principle
from app.screening.rules import PrincipleWord, ceiling, derive, exceeds, is_more_lenient
from app.screening.rules.outcome import STRICTNESS
from tests.screening.samples import COMPREHENSIVE, FINDINGS, PRINCIPLES, VERDICTS

RAPID = frozenset({"rapid"})
P4 = next(p for p in PRINCIPLES.principles if p.code == "P4")
WORST_LAST = {
    "M": ("met", "not_applicable", "met_with_condition", "not_met"),
    "W": ("met", "not_applicable", "waived", "met_with_condition", "not_met"),
    "C": ("met", "not_applicable", "met_with_condition", "not_met"),
}
WORDS = (
    PrincipleWord("met"),
    PrincipleWord("partly"),
    PrincipleWord("not_met"),
    PrincipleWord("not_met", infringing=True),
)
KINDS = (COMPREHENSIVE, RAPID, frozenset[str]())


@pytest.mark.parametrize(
    ("verdicts", "findings", "kinds", "outcome"),
    [
        ({}, {}, COMPREHENSIVE, "pass"),
        ({"P1.4": "waived"}, {}, COMPREHENSIVE, "pass"),
        ({"P7.2": "not_applicable"}, {}, COMPREHENSIVE, "pass"),
        ({"P1.4": "not_met"}, {}, COMPREHENSIVE, "pass_with_conditions"),
        ({"P2.3": "not_met"}, {}, COMPREHENSIVE, "pass_with_conditions"),
        ({"P1.1": "met_with_condition"}, {}, COMPREHENSIVE, "pass_with_conditions"),
        ({}, {"P5": PrincipleWord("partly")}, COMPREHENSIVE, "pass_with_conditions"),
        ({"P1.1": "not_met"}, {}, COMPREHENSIVE, "return_for_revision"),
        ({"P1.1": "waived"}, {}, COMPREHENSIVE, "return_for_revision"),
        ({"P3.2": "waived"}, {}, COMPREHENSIVE, "return_for_revision"),
        ({"P3.9": "waived"}, {}, COMPREHENSIVE, "pass_with_conditions"),
        ({"P3.2": "not_met"}, {}, COMPREHENSIVE, "return_for_revision"),
        ({}, {"P6": PrincipleWord("not_met")}, COMPREHENSIVE, "return_for_revision"),
        ({}, {"P3": PrincipleWord("not_met")}, COMPREHENSIVE, "return_for_revision"),
        ({}, {"P3": PrincipleWord("not_met", infringing=True)}, COMPREHENSIVE, "decline"),
        ({}, {}, RAPID, "pass_with_conditions"),
        ({}, {}, frozenset(), "return_for_revision"),
        ({}, {}, frozenset({"rapid", "comprehensive"}), "pass"),
    ],
)
def test_findings_lead_to_the_published_outcome(
    verdicts: dict[str, str],
    findings: dict[str, PrincipleWord],
    kinds: frozenset[str],
    outcome: str,
) -> None:
    derived = derive(PRINCIPLES, VERDICTS | verdicts, FINDINGS | findings, kinds)
    assert derived.outcome == outcome
    assert bool(derived.reasons) == (outcome != "pass")
    assert all(reason.cite for reason in derived.reasons)


def test_everything_that_is_open_is_listed_at_once() -> None:
    verdicts = {code: "met" for code in VERDICTS if code not in ("P1.1", "P3.4")}
    findings = {code: word for code, word in FINDINGS.items() if code != "P7"}
    derived = derive(PRINCIPLES, verdicts, findings, COMPREHENSIVE)
    assert derived.outcome is None
    told = {next(iter(reason.params.values())) for reason in derived.reasons}
    assert told == {"P1.1", "P3.4", "P7"}


def test_an_infringing_purpose_is_declined_although_much_is_open() -> None:
    found = {"P3": PrincipleWord("not_met", infringing=True)}
    assert derive(PRINCIPLES, {}, found, COMPREHENSIVE).outcome == "decline"


def test_only_the_third_principle_can_be_infringed() -> None:
    found = FINDINGS | {"P5": PrincipleWord("not_met", infringing=True)}
    assert derive(PRINCIPLES, VERDICTS, found, COMPREHENSIVE).outcome == "return_for_revision"


@pytest.mark.parametrize(
    ("kinds", "best"), [(COMPREHENSIVE, "met"), (RAPID, "partly"), (frozenset(), "not_met")]
)
def test_the_assessment_bounds_the_fourth_principle(kinds: frozenset[str], best: str) -> None:
    bound = ceiling(P4, VERDICTS, kinds)
    assert bound.best == best
    assert bool(bound.reasons) == (best != "met")


def test_a_decision_may_be_stricter_and_never_more_lenient() -> None:
    for place, outcome in enumerate(STRICTNESS):
        assert not any(is_more_lenient(stricter, outcome) for stricter in STRICTNESS[place:])
        assert all(is_more_lenient(softer, outcome) for softer in STRICTNESS[:place])


@pytest.mark.parametrize(
    ("verdict", "bound", "beyond"),
    [
        ("met", "met", False),
        ("not_met", "met", False),
        ("met", "met_with_condition", True),
        ("met_with_condition", "not_met", True),
        ("waived", "not_met", True),
        ("not_applicable", "met", True),
    ],
)
def test_no_verdict_goes_beyond_what_the_evidence_allows(
    verdict: str, bound: str, beyond: bool
) -> None:
    assert exceeds(verdict, bound) == beyond


@st.composite
def screenings(draw: st.DrawFn) -> tuple[dict[str, str], dict[str, PrincipleWord], int]:
    verdicts = {c.code: draw(st.sampled_from(WORST_LAST[c.modality])) for c in PRINCIPLES.criteria}
    findings = {p.code: draw(st.sampled_from(WORDS)) for p in PRINCIPLES.principles}
    return verdicts, findings, draw(st.integers(0, 2))


def strictness(verdicts: dict[str, str], findings: dict[str, PrincipleWord], kinds: int) -> int:
    derived = derive(PRINCIPLES, verdicts, findings, KINDS[kinds])
    assert derived.outcome is not None
    return STRICTNESS.index(derived.outcome)


@given(screenings(), st.sampled_from(PRINCIPLES.criteria), st.integers(1, 4))
def test_a_worse_verdict_never_leads_to_a_more_lenient_outcome(
    screening: tuple[dict[str, str], dict[str, PrincipleWord], int],
    criterion: Criterion,
    steps: int,
) -> None:
    verdicts, findings, kinds = screening
    code, order = criterion.code, WORST_LAST[criterion.modality]
    worse = order[min(order.index(verdicts[code]) + steps, len(order) - 1)]
    before = strictness(verdicts, findings, kinds)
    assert strictness(verdicts | {code: worse}, findings, kinds) >= before


@given(screenings(), st.sampled_from(PRINCIPLES.principles), st.integers(1, 3))
def test_a_worse_finding_never_leads_to_a_more_lenient_outcome(
    screening: tuple[dict[str, str], dict[str, PrincipleWord], int],
    principle: Principle,
    steps: int,
) -> None:
    verdicts, findings, kinds = screening
    code: str = principle.code
    worse = WORDS[min(WORDS.index(findings[code]) + steps, len(WORDS) - 1)]
    before = strictness(verdicts, findings, kinds)
    assert strictness(verdicts, findings | {code: worse}, kinds) >= before


@given(screenings())
def test_a_weaker_assessment_never_leads_to_a_more_lenient_outcome(
    screening: tuple[dict[str, str], dict[str, PrincipleWord], int],
) -> None:
    verdicts, findings, kinds = screening
    weaker = min(kinds + 1, len(KINDS) - 1)
    assert strictness(verdicts, findings, weaker) >= strictness(verdicts, findings, kinds)
