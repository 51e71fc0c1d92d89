"""Which kind of assessment may be planned when."""

from datetime import date

import pytest

from app.assessment.rules import PlanningFacts, against_planning, valid_until
from app.engine.questionnaires import AssessmentKind

NONE: frozenset[str] = frozenset()
FRESH = PlanningFacts("assessment", "ordinary", NONE, NONE, NONE)
RAPID = frozenset({"rapid"})
WHOLE = frozenset({"comprehensive"})


@pytest.mark.parametrize(
    ("kind", "facts", "codes"),
    [
        ("comprehensive", FRESH, []),
        ("self", FRESH, []),
        ("rapid", FRESH, ["rapid_only_when_urgent"]),
        (
            "rapid",
            PlanningFacts("assessment", "asked", NONE, NONE, NONE),
            ["rapid_only_when_urgent"],
        ),
        ("rapid", PlanningFacts("assessment", "confirmed", NONE, NONE, NONE), []),
        ("reassessment", FRESH, ["reassessment_too_early", "baseline_missing"]),
        ("reassessment", PlanningFacts("delivery", "ordinary", WHOLE, WHOLE, NONE), []),
        ("reassessment", PlanningFacts("delivery", "ordinary", WHOLE, NONE, NONE), []),
        (
            "comprehensive",
            PlanningFacts("assessment", "ordinary", WHOLE, WHOLE, NONE),
            ["valid_one_serves"],
        ),
        ("comprehensive", PlanningFacts("assessment", "ordinary", WHOLE, NONE, NONE), []),
        ("comprehensive", PlanningFacts("delivery", "confirmed", RAPID, RAPID, NONE), []),
        ("comprehensive", PlanningFacts("delivery", "confirmed", RAPID, NONE, NONE), []),
        (
            "comprehensive",
            PlanningFacts("delivery", "ordinary", WHOLE, NONE, NONE),
            ["not_in_this_stage"],
        ),
        ("rapid", PlanningFacts("delivery", "confirmed", RAPID, NONE, NONE), ["not_in_this_stage"]),
        (
            "rapid",
            PlanningFacts("assessment", "confirmed", RAPID, RAPID, NONE),
            ["valid_one_serves"],
        ),
        ("rapid", PlanningFacts("assessment", "confirmed", NONE, NONE, WHOLE), ["under_way"]),
        ("self", PlanningFacts("assessment", "ordinary", NONE, NONE, WHOLE), []),
        ("self", PlanningFacts("delivery", "ordinary", NONE, NONE, NONE), ["not_in_this_stage"]),
    ],
)
def test_what_stands_against_planning_is_said_at_once(
    kind: AssessmentKind, facts: PlanningFacts, codes: list[str]
) -> None:
    found = [blocker.code.removeprefix("assessment.") for blocker in against_planning(kind, facts)]
    assert found == codes


def test_a_rapid_assessment_is_valid_for_half_a_year_and_a_comprehensive_one_for_two() -> None:
    assert valid_until("rapid", date(2026, 1, 1)) == date(2026, 6, 30)
    assert valid_until("comprehensive", date(2026, 1, 1)) == date(2028, 1, 1)
