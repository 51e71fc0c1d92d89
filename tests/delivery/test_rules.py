"""The pure rules of the delivery room."""

from datetime import date, timedelta

import pytest

from app.delivery import rules
from app.delivery.rules import Frame, Ground, Measure, Plan, Statement, Work

TODAY = date(2026, 5, 1)
VALID = TODAY + timedelta(days=300)
PAST = TODAY - timedelta(days=1)


def codes(plan: Plan, *grounds: Ground) -> list[str]:
    """Return the codes of the reasons against an activity."""
    return [reason.code for reason in rules.against_activity(plan, grounds, TODAY)]


def test_an_activity_rests_on_a_finding() -> None:
    whole = Ground("comprehensive", VALID)
    assert codes(Plan((), rapid=False), whole) == ["activity.without_finding"]
    assert codes(Plan((1,), rapid=False), whole) == []


def test_without_an_assessment_nothing_opens() -> None:
    assert codes(Plan((1,), rapid=True)) == ["assessment.incomplete"]
    assert codes(Plan((1,), rapid=True), Ground("self", VALID)) == ["assessment.incomplete"]


def test_a_rapid_assessment_opens_only_rapid_help() -> None:
    rapid = Ground("rapid", VALID)
    assert codes(Plan((1,), rapid=False), rapid) == ["activity.not_rapid"]
    assert codes(Plan((1,), rapid=True), rapid) == []
    assert codes(Plan((1,), rapid=False), rapid, Ground("comprehensive", VALID)) == []


def test_an_expired_assessment_opens_nothing() -> None:
    assert codes(Plan((1,), rapid=True), Ground("comprehensive", PAST)) == ["assessment.expired"]
    assert codes(Plan((1,), rapid=True), Ground("comprehensive", TODAY)) == []
    mixed = (Ground("comprehensive", PAST), Ground("rapid", VALID))
    assert codes(Plan((1,), rapid=False), *mixed) == ["activity.not_rapid"]


def test_every_reason_is_said_at_once() -> None:
    found = codes(Plan((), rapid=False), Ground("rapid", VALID))
    assert found == ["activity.without_finding", "activity.not_rapid"]


@pytest.mark.parametrize(
    ("status", "following"),
    [
        ("planned", {"running", "stopped"}),
        ("running", {"suspended", "done", "stopped"}),
        ("suspended", {"running", "stopped"}),
        ("done", set()),
        ("stopped", set()),
    ],
)
def test_an_activity_takes_only_the_steps_of_its_status(status: str, following: set[str]) -> None:
    assert {to for to in rules.CHANGES if rules.may_become(status, to)} == following


def test_what_is_ended_is_not_unended() -> None:
    assert {"planned", "running", "suspended"} == rules.UNENDED


@pytest.mark.parametrize(
    ("said", "against"),
    [
        (Statement(), ["closing.impact_missing", "closing.lesson_missing"]),
        (Statement(impact="Courts judge faster.", lesson="Begin with the judges."), []),
        (Statement(no_impact_reason="Too early.", no_lesson_reason="None was drawn."), []),
        (
            Statement(impact="a", no_impact_reason="b", lesson="c", no_lesson_reason="d"),
            ["closing.impact_twofold", "closing.lesson_twofold"],
        ),
    ],
)
def test_a_closing_says_one_of_each_pair(said: Statement, against: list[str]) -> None:
    assert [reason.code for reason in rules.against_closing(said)] == against


@pytest.mark.parametrize(
    ("measure", "way"),
    [
        (Measure(10, 20, None), None),
        (Measure(None, 20, 20), None),
        (Measure(10, 20, 10), 0.0),
        (Measure(0, 20, 0), 0.0),
        (Measure(10, 20, 15), 0.5),
        (Measure(10, 20, 5), -0.5),
        (Measure(40, 20, 20), 1.0),
        (Measure(20, 20, 20), 1.0),
        (Measure(20, 20, 19), None),
    ],
)
def test_not_measured_is_not_zero(measure: Measure, way: float | None) -> None:
    assert rules.progress(measure) == way


FRAME = Frame(("communication", "best_practice"), ("police", "ngos"), frozenset({"policy"}))


def work(number: int, status: str, kind: str = "training", *measures: Measure) -> Work:
    """Return an activity that serves communication among the police."""
    return Work(number, status, kind, ("communication",), ("police",), None, measures)


def test_results_show_coverage_and_measures() -> None:
    measures = (Measure(0, 10, 5), Measure(0, 10, None), Measure(0, 4, 4))
    found = rules.results([work(1, "done", "training", *measures), work(2, "stopped")], FRAME)
    assert (found.measured, found.unmeasured, found.mean_progress) == (2, 1, 0.75)
    assert found.objectives == {"communication": (1,), "best_practice": ()}
    assert found.stakeholders == {"police": (1,), "ngos": ()}
    assert found.activities == {"planned": 0, "running": 0, "suspended": 0, "done": 1, "stopped": 1}


def test_results_without_a_measurement_have_no_mean() -> None:
    assert rules.results([work(1, "running", "training", Measure(0, 1, None))], FRAME) == (
        rules.results([work(1, "running", "training", Measure(0, 9, None))], FRAME)
    )
    assert rules.results([], FRAME).mean_progress is None


def test_a_policy_shows_when_it_will_be_reviewed() -> None:
    found = rules.results([work(1, "done", "policy"), work(2, "done")], FRAME)
    assert found.follow_ups == {1: None}
