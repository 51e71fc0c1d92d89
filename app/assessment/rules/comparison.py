"""What changed between a baseline and a later assessment, question by question (F43b, C50)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.assessment.rules.facts import AnswerFact, AnswerValue, counted
from app.assessment.rules.scoring import topic_levels
from app.engine.questionnaires import Questionnaire

Verdict = Literal["better", "worse", "same", "not_measured"]
RIGHTS = "rights"

_ORDER = {"no": 0, "partial": 1, "yes": 2}


@dataclass(frozen=True, slots=True)
class Change:
    """One question in both assessments; a missing or inapplicable side is "not measured"."""

    question: str
    topic: str
    before: AnswerValue | None
    after: AnswerValue | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class TopicChange:
    """The evidenced level of a topic in both; None means not measured, which is never zero."""

    topic: str
    before: int | None
    after: int | None
    change: int | None


def comparison(
    questionnaire: Questionnaire,
    baseline: Sequence[AnswerFact],
    later: Sequence[AnswerFact],
    today: date,
) -> list[Change]:
    """Return every maturity and rights question with its verdict, in the questionnaire's order."""
    before, after = counted(baseline, today), counted(later, today)
    return [_change(question, topic, before, after) for question, topic in _asked(questionnaire)]


def topic_changes(
    questionnaire: Questionnaire,
    baseline: Sequence[AnswerFact],
    later: Sequence[AnswerFact],
    today: date,
) -> list[TopicChange]:
    """Return the change of evidenced level for every scored topic."""
    before = topic_levels(questionnaire, baseline, today)
    after = topic_levels(questionnaire, later, today)
    changes = []
    for topic, now in after.items():
        old_level = before[topic].evidenced if before[topic].measured else None
        new_level = now.evidenced if now.measured else None
        changes.append(TopicChange(topic, old_level, new_level, _step(old_level, new_level)))
    return changes


def _step(old: int | None, new: int | None) -> int | None:
    return None if old is None or new is None else new - old


def _asked(questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    for section in questionnaire.sections:
        for block in section.blocks:
            yield from ((question.code, block.topic) for question in block.questions)
        yield from ((question.code, RIGHTS) for question in section.rights_questions)


def _change(
    question: str,
    topic: str,
    before: Mapping[str, AnswerFact],
    after: Mapping[str, AnswerFact],
) -> Change:
    old = before[question].value if question in before else None
    new = after[question].value if question in after else None
    return Change(question, topic, old, new, _verdict(old, new))


def _verdict(old: AnswerValue | None, new: AnswerValue | None) -> Verdict:
    if old is None or new is None or "not_applicable" in (old, new):
        return "not_measured"
    step = _ORDER[new] - _ORDER[old]
    if step == 0:
        return "same"
    return "better" if step > 0 else "worse"
