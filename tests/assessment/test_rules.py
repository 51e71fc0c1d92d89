"""What answers prove: the next question, claimed and evidenced levels, the profile, the gate."""

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assessment.rules import (
    AnswerFact,
    AnswerValue,
    EvidenceFact,
    TopicLevel,
    allowed_kinds,
    next_questions,
    opens_gate,
    profile,
    topic_levels,
)
from app.engine.questionnaires import AssessmentKind
from tests.assessment.samples import LAW, TODAY, TOMORROW, WORTHLESS, Q, says

A1 = Q.blocks_of("A1")[0]


def a1(*answers: AnswerFact) -> TopicLevel:
    return topic_levels(Q, answers, TODAY)["A1"]


def levels(*answers: AnswerFact) -> tuple[int, int]:
    level = a1(*answers)
    return level.claimed, level.evidenced


@pytest.mark.parametrize(
    ("given_answers", "asked"),
    [
        ({}, ["A1.3"]),
        ({3: "yes"}, ["A1.4"]),
        ({3: "yes", 4: "yes"}, ["A1.5"]),
        ({3: "yes", 4: "yes", 5: "no"}, []),
        ({3: "yes", 4: "no"}, []),
        ({3: "yes", 4: "partial"}, []),
        ({3: "no"}, ["A1.2"]),
        ({3: "partial"}, ["A1.2"]),
        ({3: "no", 2: "yes"}, []),
        ({3: "not_applicable"}, []),
        ({2: "yes"}, ["A1.3"]),
    ],
)
def test_triage_comes_first_and_only_neighbours_follow(
    given_answers: dict[int, AnswerValue], asked: list[str]
) -> None:
    answers = [says(f"A1.{level}", value) for level, value in given_answers.items()]
    assert [question.code for question in next_questions(A1, answers)] == asked


def test_a_topic_nobody_answered_is_not_measured() -> None:
    assert a1() == TopicLevel(claimed=1, evidenced=1, answered=0, asked=1, measured=False)


def test_a_level_counts_only_when_its_claim_is_evidenced() -> None:
    assert levels(says("A1.3", "yes")) == (3, 1)
    assert levels(says("A1.3", "yes", LAW)) == (3, 3)


def test_a_yes_at_level_3_holds_level_2_unless_level_2_was_denied() -> None:
    assert levels(says("A1.3", "yes", LAW), says("A1.2", "partial")) == (3, 3)
    assert levels(says("A1.3", "yes", LAW), says("A1.2", "no")) == (1, 1)


def test_a_level_does_not_stand_on_a_missing_one() -> None:
    assert levels(says("A1.3", "yes", LAW), says("A1.5", "yes", LAW)) == (3, 3)
    assert levels(says("A1.4", "yes", LAW)) == (1, 1)


def test_evidence_at_level_4_does_not_carry_an_unevidenced_level_3() -> None:
    assert levels(says("A1.3", "yes"), says("A1.4", "yes", LAW)) == (4, 1)


def test_a_no_at_level_3_leaves_level_2() -> None:
    assert levels(says("A1.3", "no"), says("A1.2", "yes", LAW)) == (2, 2)


def test_all_questions_evidenced_reach_level_5() -> None:
    assert levels(*(says(f"A1.{level}", "yes", LAW) for level in (2, 3, 4, 5))) == (5, 5)


@pytest.mark.parametrize(
    "answer",
    [
        replace(says("A1.3", "yes", LAW), author_id=None),
        replace(says("A1.3", "yes", LAW), answered_on=TOMORROW),
        replace(says("A1.3", "yes", LAW), answered_on=None),
        says("A1.3", "not_applicable", note=" "),
    ],
)
def test_an_answer_without_author_day_or_reason_measures_nothing(answer: AnswerFact) -> None:
    assert a1(answer) == a1()


def test_not_applicable_with_a_reason_is_an_answer_but_no_measure() -> None:
    level = a1(says("A1.3", "not_applicable", note="No written constitution."))
    assert (level.answered, level.measured, level.claimed) == (1, False, 1)


@pytest.mark.parametrize("fault", WORTHLESS)
def test_worthless_evidence_changes_nothing(fault: str) -> None:
    assert a1(says("A1.3", "yes", WORTHLESS[fault])) == a1(says("A1.3", "yes"))


VALUES = st.sampled_from(get_args(AnswerValue))
CODES = st.sampled_from([question.code for question in A1.questions])
NO_EVIDENCE: tuple[EvidenceFact, ...] = ()
EVIDENCE = st.sampled_from([NO_EVIDENCE, (LAW,), tuple(WORTHLESS.values())])
ANSWERS = st.dictionaries(CODES, st.tuples(VALUES, EVIDENCE)).map(
    lambda chosen: [
        says(code, value, *proof, note="why") for code, (value, proof) in chosen.items()
    ]
)


def with_more(answers: list[AnswerFact], code: str, more: EvidenceFact) -> list[AnswerFact]:
    return [
        replace(answer, evidence=(*answer.evidence, more)) if answer.question == code else answer
        for answer in answers
    ]


@given(answers=ANSWERS)
def test_the_evidenced_level_never_exceeds_the_claimed_one(answers: list[AnswerFact]) -> None:
    level = a1(*answers)
    assert 1 <= level.evidenced <= level.claimed <= 5


@given(answers=ANSWERS, code=CODES)
def test_more_valid_evidence_never_lowers_a_level(answers: list[AnswerFact], code: str) -> None:
    before, after = a1(*answers), a1(*with_more(answers, code, LAW))
    assert after.evidenced >= before.evidenced
    assert after.claimed == before.claimed


@given(answers=ANSWERS, code=CODES, more=st.sampled_from(list(WORTHLESS.values())))
def test_more_worthless_evidence_never_moves_a_level(
    answers: list[AnswerFact], code: str, more: EvidenceFact
) -> None:
    assert a1(*with_more(answers, code, more)) == a1(*answers)


def test_the_profile_means_only_what_was_measured() -> None:
    answers = [
        says("A1.3", "yes", LAW),
        says("A2.3", "yes"),
        says("A4.3", "no"),
        says("A4.2", "no"),
    ]
    shown = profile(Q, answers, TODAY)
    legal = next(area for area in shown.areas if area.area == "A")
    assert (legal.claimed, legal.evidenced) == (2.33, 1.67)
    assert (legal.measured, legal.topics) == (3, 9)
    assert legal.coverage == round(0.5 / 9, 2)


def test_an_unmeasured_topic_or_area_has_no_level() -> None:
    shown = profile(Q, [says("A1.3", "yes", LAW)], TODAY)
    by_topic = {topic.topic: topic for topic in shown.topics}
    assert (by_topic["A1"].evidenced, by_topic["A1"].coverage) == (3, 0.5)
    assert (by_topic["A2"].claimed, by_topic["A2"].evidenced) == (None, None)
    assert next(area for area in shown.areas if area.area == "B").evidenced is None
    assert [area.area for area in shown.areas] == ["A", "B", "C", "D", "E"]
    assert len(shown.topics) == 41


@pytest.mark.parametrize(
    ("kind", "opens", "allowed"),
    [
        ("comprehensive", True, None),
        ("rapid", True, {"containment", "restoration", "evidence_preservation"}),
        ("self", False, set()),
        ("reassessment", False, set()),
    ],
)
def test_only_in_country_assessments_open_the_gate(
    kind: AssessmentKind, opens: bool, allowed: set[str] | None
) -> None:
    assert opens_gate(kind) is opens
    assert allowed_kinds(kind) == allowed
