"""Which kind of assessment may be planned when, and how long it stays valid (F32, F38)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.assessment.rules.kinds import opens_gate
from app.engine.questionnaires import AssessmentKind
from app.kit.errors import Blocker

VALID_DAYS: dict[AssessmentKind, int] = {
    "comprehensive": 730,
    "rapid": 180,
    "self": 365,
    "reassessment": 730,
}
"""How many days after its completion an assessment may be relied upon."""


@dataclass(frozen=True, slots=True)
class PlanningFacts:
    """What decides whether an assessment may be planned.

    recorded: kinds of the completed assessments that serve the request; valid: those of them that
    have not expired; under_way: kinds of its own ones that are neither completed nor void.
    """

    stage: str
    urgency: str
    recorded: frozenset[str]
    valid: frozenset[str]
    under_way: frozenset[str]


def valid_until(kind: AssessmentKind, completed_on: date) -> date:
    """Return the last day on which an assessment completed on a day may be relied upon."""
    return completed_on + timedelta(days=VALID_DAYS[kind])


def against_planning(kind: AssessmentKind, facts: PlanningFacts) -> Iterator[Blocker]:
    """Yield every reason why an assessment of `kind` cannot be planned now."""
    rivals = _rivals(kind, facts.under_way)
    for rival in sorted(rivals):
        yield Blocker("assessment.under_way", "F49, C49", {"kind": rival})
    if kind == "reassessment":
        yield from _against_reassessment(facts)
    elif opens_gate(kind):
        yield from _against_gate_opening(kind, facts)
    elif facts.stage != "assessment":
        yield Blocker("assessment.not_in_this_stage", "F43b", {"kind": kind})


def _rivals(kind: AssessmentKind, under_way: Collection[str]) -> set[str]:
    if opens_gate(kind):
        return set(under_way) & {"comprehensive", "rapid"}
    return set(under_way) & {kind}


def _against_reassessment(facts: PlanningFacts) -> Iterator[Blocker]:
    if facts.stage != "delivery":
        yield Blocker("assessment.reassessment_too_early", "C50")
    if not facts.recorded:
        yield Blocker("assessment.baseline_missing", "C50")


def _against_gate_opening(kind: AssessmentKind, facts: PlanningFacts) -> Iterator[Blocker]:
    """A valid one must not be repeated; a rapid one is for urgent requests and is followed up."""
    if kind == "rapid" and facts.urgency != "confirmed":
        yield Blocker("assessment.rapid_only_when_urgent", "F38")
    if "comprehensive" in facts.valid or (kind == "rapid" and facts.valid):
        yield Blocker("assessment.valid_one_serves", "F49, C49")
    elif facts.stage != "assessment" and not (
        kind == "comprehensive" and facts.stage == "delivery" and facts.recorded == {"rapid"}
    ):
        yield Blocker("assessment.not_in_this_stage", "F32", {"kind": kind})
