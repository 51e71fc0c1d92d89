"""The pure rules of screening: what data answers of the criteria, and where findings lead."""

from collections.abc import Callable

from app.screening.rules import ground, plan
from app.screening.rules.evidence import (
    SERVING,
    Answer,
    Evidence,
    FindingEvidence,
    NeedEvidence,
    RecordEvidence,
)
from app.screening.rules.facts import AppealFacts, ScreeningFacts
from app.screening.rules.outcome import (
    Ceiling,
    Derived,
    PrincipleWord,
    ceiling,
    cited,
    derive,
    exceeds,
    is_more_lenient,
    needs_assessment,
)

RULES: dict[str, Callable[[Evidence], Answer]] = {
    "two_sided_plan": plan.two_sided_plan,
    "phases_covered": plan.phases_covered,
    "international_cooperation": plan.international_cooperation,
    "prevention_present": plan.prevention_present,
    "response_support": plan.response_support,
    "continuity_treated": plan.continuity_treated,
    "mandates_cover": plan.mandates_cover,
    "elements_listed": plan.elements_listed,
    "nothing_unheld": plan.nothing_unheld,
    "assessment_complete": ground.assessment_complete,
    "risk_assessment_attached": ground.risk_assessment_attached,
    "risk_factors_answered": ground.risk_factors_answered,
    "interventions_rest_on_findings": ground.interventions_rest_on_findings,
    "stakeholders_state": ground.stakeholders_state,
    "capacity_and_structures": plan.capacity_and_structures,
    "stakeholders_non_state": ground.stakeholders_non_state,
    "formal_cooperation": plan.formal_cooperation,
    "informal_cooperation": plan.informal_cooperation,
    "sovereign_consent": ground.sovereign_consent,
    "stakeholders_private": ground.stakeholders_private,
    "standards_supported": plan.standards_supported,
}
"""The rule that answers a criterion, by the name that the principles pack gives it."""

__all__ = [
    "RULES",
    "SERVING",
    "Answer",
    "AppealFacts",
    "Ceiling",
    "Derived",
    "Evidence",
    "FindingEvidence",
    "NeedEvidence",
    "PrincipleWord",
    "RecordEvidence",
    "ScreeningFacts",
    "ceiling",
    "cited",
    "derive",
    "exceeds",
    "is_more_lenient",
    "needs_assessment",
]
