"""A re-assessment is compared question by question; what was not measured is never zero."""

import pytest

from app.assessment.rules import AnswerValue, comparison, topic_changes
from tests.assessment.samples import LAW, TODAY, Q, says


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ("no", "yes", "better"),
        ("no", "partial", "better"),
        ("partial", "yes", "better"),
        ("yes", "partial", "worse"),
        ("partial", "no", "worse"),
        ("no", "no", "same"),
        ("yes", "not_applicable", "not_measured"),
        ("not_applicable", "not_applicable", "not_measured"),
    ],
)
def test_a_question_is_compared_with_itself(
    before: AnswerValue, after: AnswerValue, verdict: str
) -> None:
    old, new = says("A1.3", before, note="why"), says("A1.3", after, note="why")
    change = next(c for c in comparison(Q, [old], [new], TODAY) if c.question == "A1.3")
    assert (change.topic, change.before, change.after) == ("A1", before, after)
    assert change.verdict == verdict


def test_an_unanswered_side_is_not_measured_and_never_zero() -> None:
    later = [says("A1.3", "no"), says("A1.2", "no")]
    verdicts = {c.question: (c.before, c.verdict) for c in comparison(Q, [], later, TODAY)}
    assert verdicts["A1.3"] == (None, "not_measured")
    change = next(c for c in topic_changes(Q, [], later, TODAY) if c.topic == "A1")
    assert (change.before, change.after, change.change) == (None, 1, None)


def test_every_maturity_and_rights_question_is_compared_once() -> None:
    asked = [change.question for change in comparison(Q, [], [], TODAY)]
    assert len(asked) == len(set(asked)) == 164 + 11


def test_an_evidenced_level_rises_only_with_evidence() -> None:
    baseline = [says("A1.3", "no"), says("A1.2", "yes", LAW)]
    claimed, shown = [says("A1.3", "yes")], [says("A1.3", "yes", LAW)]
    changes = [
        next(c for c in topic_changes(Q, baseline, later, TODAY) if c.topic == "A1")
        for later in (claimed, shown)
    ]
    assert [(c.before, c.after, c.change) for c in changes] == [(2, 1, -1), (2, 3, 1)]
