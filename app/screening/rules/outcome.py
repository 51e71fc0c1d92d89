"""The published rule: from verdicts and findings to an outcome (F14 to F20).

The rule recommends and people decide (N0); they may be stricter, never more lenient.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.engine.principles import Criterion, FindingCode, OutcomeCode, Principle, Principles
from app.kit.errors import Blocker

STRICTNESS: tuple[OutcomeCode, ...] = (
    "pass",
    "pass_with_conditions",
    "return_for_revision",
    "decline",
)
"""Outcomes from the most lenient to the strictest."""
FINDINGS: tuple[FindingCode, ...] = ("met", "partly", "not_met")
"""Findings on a principle from the best to the worst."""
VERDICTS = ("met", "met_with_condition", "not_met")
"""Verdicts that data can bound, from the best to the worst."""


@dataclass(frozen=True, slots=True)
class PrincipleWord:
    """What was found on a principle; infringing: the purpose itself offends against it (F16)."""

    finding: FindingCode
    infringing: bool = False


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The best finding that the criteria and the evidence allow on a principle, and why."""

    best: FindingCode
    reasons: tuple[Blocker, ...]


@dataclass(frozen=True, slots=True)
class Derived:
    """What the rule leads to; an empty outcome means that `reasons` name what is still open."""

    outcome: OutcomeCode | None
    reasons: tuple[Blocker, ...]


def cited(entry: Criterion | Principle) -> str:
    """Return the paragraphs behind a criterion or principle as one text."""
    return ", ".join(entry.cite)


def needs_assessment(principle: Principle) -> bool:
    """Return whether the finding is bounded by the assessment that stands behind the plan (F17)."""
    return any(criterion.rule == "assessment_complete" for criterion in principle.criteria)


def ceiling(
    principle: Principle, verdicts: Mapping[str, str], assessment_kinds: Collection[str]
) -> Ceiling:
    """Return the best finding that is possible; criteria without a verdict do not bound it yet."""
    bounds = [_bound(criterion, verdicts.get(criterion.code)) for criterion in principle.criteria]
    if needs_assessment(principle):
        bounds.append(_assessment_bound(principle, assessment_kinds))
    found = [bound for bound in bounds if bound is not None]
    best = worst([finding for finding, _ in found])
    return Ceiling(best, tuple(reason for _, reason in found))


def worst(findings: Collection[FindingCode]) -> FindingCode:
    """Return the worst of some findings; of none, met."""
    return max(findings, key=FINDINGS.index, default="met")


def _bound(criterion: Criterion, verdict: str | None) -> tuple[FindingCode, Blocker] | None:
    params = {"criterion": criterion.code}
    if verdict == "met_with_condition":
        return "partly", Blocker("screening.condition_set", cited(criterion), params)
    if verdict == "not_met" or (verdict == "waived" and criterion.modality != "W"):
        finding: FindingCode = "not_met" if criterion.modality == "M" else "partly"
        return finding, Blocker("screening.criterion_not_met", cited(criterion), params)
    return None


def _assessment_bound(
    principle: Principle, kinds: Collection[str]
) -> tuple[FindingCode, Blocker] | None:
    params = {"principle": principle.code}
    if "comprehensive" in kinds:
        return None
    if "rapid" in kinds:
        return "partly", Blocker("screening.rapid_only", "F38, F32", params)
    return "not_met", Blocker("screening.no_assessment", "F32, F41", params)


def derive(
    principles: Principles,
    criterion_verdicts: Mapping[str, str],
    principle_findings: Mapping[str, PrincipleWord],
    assessment_kinds: Collection[str],
) -> Derived:
    """Return the outcome that the findings lead to, with the reasons.

    assessment_kinds: kinds of the valid assessments behind the request. A purpose that infringes
    is declined at once, because nothing that is still open could cure it; otherwise everything
    must be answered first.
    """
    infringing = tuple(
        Blocker("screening.infringing", cited(principle), {"principle": principle.code})
        for principle in principles.principles
        if not principle.rule_decides and _infringes(principle_findings.get(principle.code))
    )
    if infringing:
        return Derived("decline", infringing)
    if missing := _open(principles, criterion_verdicts, principle_findings):
        return Derived(None, missing)
    reasons: list[Blocker] = []
    standing: list[FindingCode] = []
    for principle in principles.principles:
        bound = ceiling(principle, criterion_verdicts, assessment_kinds)
        said = principle_findings[principle.code].finding
        standing.append(worst([bound.best, said]))
        reasons += bound.reasons
        if said != "met":
            params = {"principle": principle.code}
            reasons.append(Blocker(f"screening.principle_{said}", cited(principle), params))
    return Derived(LEADS_TO[worst(standing)], tuple(reasons))


LEADS_TO: dict[FindingCode, OutcomeCode] = {
    "met": "pass",
    "partly": "pass_with_conditions",
    "not_met": "return_for_revision",
}


def _infringes(word: PrincipleWord | None) -> bool:
    return word is not None and word.infringing


def _open(
    principles: Principles, verdicts: Mapping[str, str], findings: Mapping[str, PrincipleWord]
) -> tuple[Blocker, ...]:
    criteria = [
        Blocker("screening.criterion_open", cited(criterion), {"criterion": criterion.code})
        for criterion in principles.criteria
        if criterion.code not in verdicts
    ]
    whole = [
        Blocker("screening.principle_open", cited(principle), {"principle": principle.code})
        for principle in principles.principles
        if principle.code not in findings
    ]
    return (*criteria, *whole)


def is_more_lenient(outcome: OutcomeCode, than: OutcomeCode) -> bool:
    """Return whether `outcome` asks less of the request than another."""
    return STRICTNESS.index(outcome) < STRICTNESS.index(than)


def exceeds(verdict: str, bound: str) -> bool:
    """Return whether a verdict is better than the one that data allows.

    What is not among the verdicts that data bounds (waived, not applicable) counts as better.
    """
    return verdict not in VERDICTS or VERDICTS.index(verdict) < VERDICTS.index(bound)
