"""Which mandate reaches which need."""

from dataclasses import replace
from datetime import date
from typing import Literal

import pytest

from app.matching.optimiser import NeedIn, OverlapIn
from app.matching.rules import Scope, Work, limit_of, on_topic, overlaps, side_of, sided


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
        ("B6d", "B6 B6a", False),
        ("B6a", "B6 B6a", True),
        ("B6", "B6 B6a", True),
    ],
)
def test_a_topic_meets_itself_what_it_refines_and_what_refines_it(
    topic: str, held: str, meets: bool
) -> None:
    assert on_topic(a_need(topic), held.split()) is meets


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


def test_a_mandate_for_some_sectors_does_not_reach_a_need_of_another() -> None:
    scope = Scope(("D1",), sectors=("health", "education"))
    assert limit_of(replace(a_need("D1"), sector="financial_systems"), scope, ()) == "sector"
    assert limit_of(replace(a_need("D1"), sector="health"), scope, ()) == ""
    assert limit_of(a_need("D1"), scope, ()) == ""


@pytest.mark.parametrize(
    ("of_need", "limit"),
    [("cybersecurity", "side"), ("development", "side"), ("criminal_justice", ""), ("both", "")],
)
def test_a_party_to_an_arrangement_leaves_the_other_side_alone(of_need: str, limit: str) -> None:
    need = replace(a_need("B3"), side=of_need)
    assert limit_of(need, Scope(("B3c",), side="criminal_justice"), ()) == limit
    assert limit_of(need, Scope(("B3c",)), ()) == ""


def a_meeting(number: int) -> NeedIn:
    return replace(a_need("E5", "joint_meeting"), number=number, side="both")


@pytest.mark.parametrize("side", ["criminal_justice", "cybersecurity", "development", "both"])
def test_a_meeting_is_on_the_side_of_what_the_rest_of_the_request_is_about(side: str) -> None:
    other = replace(a_need("A2"), side=side)
    assert [need.side for need in sided([a_meeting(2), other])] == [side, side]
    assert sided([a_meeting(2)])[0].side == "both"


@pytest.mark.parametrize(
    ("ended", "state"),
    [(None, "running"), (date(2026, 12, 1), "running"), (date(2026, 1, 1), "past")],
)
def test_work_on_a_topic_meets_the_need_while_it_runs_and_two_years_after(
    ended: date | None, state: Literal["running", "past"]
) -> None:
    known = [Work("law", "unodc", ("A3",), ended), Work("other", "itu", ("B1",), ended)]
    found = overlaps([a_need("A3a")], known, date(2026, 11, 22))
    assert found == (OverlapIn(1, "law", "unodc", state),)
    assert overlaps([a_need("A3a")], known[1:], date(2026, 11, 22)) == ()
    old = [Work("law", "unodc", ("A3",), date(2023, 1, 1))]
    assert overlaps([a_need("A3a")], old, date(2026, 11, 22)) == ()


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
