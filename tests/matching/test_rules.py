"""Which mandate reaches which need."""

import pytest

from app.matching.optimiser import NeedIn
from app.matching.rules import Scope, limit_of, on_topic, side_of


def a_need(topic: str, kind: str = "", *sensitivities: str) -> NeedIn:
    return NeedIn(1, topic[0], topic if len(topic) > 1 else "", kind, sensitivities, "")


@pytest.mark.parametrize(
    ("topic", "held", "meets"),
    [
        ("A3a", "A3a", True),
        ("A3a", "A3", True),
        ("A3", "A3a", True),
        ("A3a", "A3b", False),
        ("A3", "A4", False),
        ("A", "A3a", True),
        ("A", "B1", False),
    ],
)
def test_a_topic_meets_itself_what_it_refines_and_what_refines_it(
    topic: str, held: str, meets: bool
) -> None:
    assert on_topic(a_need(topic), [held]) is meets


def test_a_regional_mandate_reaches_only_its_region() -> None:
    scope = Scope(("A2",), regions=("ESCWA",))
    assert limit_of(a_need("A2"), scope, {"ECA", "ESCWA"}) == ""
    assert limit_of(a_need("A2"), scope, {"ECA"}) == "region"


def test_a_mandate_for_a_sensitive_matter_reaches_only_needs_that_carry_it() -> None:
    scope = Scope(("D2",), sensitivities=("children",))
    assert limit_of(a_need("D2", "", "children"), scope, ()) == ""
    assert limit_of(a_need("D2", "", "women"), scope, ()) == "sensitivity"


def test_a_mandate_for_one_kind_does_not_reach_a_need_of_another() -> None:
    scope = Scope(("C4",), kinds=("repository_entry",))
    assert limit_of(a_need("C4", "training"), scope, ()) == "kind"
    assert limit_of(a_need("C4", "repository_entry"), scope, ()) == ""
    assert limit_of(a_need("C4"), scope, ()) == ""


@pytest.mark.parametrize(
    ("sides", "side"),
    [
        (["criminal_justice"], "criminal_justice"),
        (["criminal_justice", "cybersecurity"], "both"),
        (["both", "development"], "both"),
        (["development", "cybersecurity"], "cybersecurity"),
        ([], ""),
    ],
)
def test_several_topics_have_one_side_or_both(sides: list[str], side: str) -> None:
    assert side_of(sides) == side
