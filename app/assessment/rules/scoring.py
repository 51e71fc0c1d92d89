"""How answers become maturity levels: claimed, evidenced, and what to ask next (F35, C49).

The published method, version 1. A topic stands at the highest level whose questions, from level 2
upward, are all answered yes. A yes at level 3 stands for level 2 as well unless level 2 was
answered no. Nothing else is inferred: an unanswered, partial or inapplicable question ends the
climb. The evidenced level is climbed in the same way, on the yes answers that evidence shows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from app.assessment.rules.facts import AnswerFact, counted, is_evidenced
from app.engine.questionnaires import (
    TRIAGE_LEVEL,
    AskedLevel,
    Question,
    Questionnaire,
    TopicBlock,
)

START_UP = 1


@dataclass(frozen=True, slots=True)
class TopicLevel:
    """Where a topic stands, levels 1 to 5; `asked` counts what the adaptive order has put so far.

    A level of a topic that is not `measured` says nothing about the country.
    """

    claimed: int
    evidenced: int
    answered: int
    asked: int
    measured: bool


@dataclass(frozen=True, slots=True)
class TopicProfile:
    """A topic in the profile; levels are None when not measured, coverage is a ratio 0 to 1."""

    topic: str
    area: str
    label: str
    claimed: int | None
    evidenced: int | None
    coverage: float


@dataclass(frozen=True, slots=True)
class AreaProfile:
    """An area in the profile: mean levels of its measured topics, None without any."""

    area: str
    label: str
    claimed: float | None
    evidenced: float | None
    coverage: float
    measured: int
    topics: int


@dataclass(frozen=True, slots=True)
class Profile:
    """The maturity profile of a country, by topic and by area (F35)."""

    topics: tuple[TopicProfile, ...]
    areas: tuple[AreaProfile, ...]


def next_questions(block: TopicBlock, answers: Iterable[AnswerFact]) -> list[Question]:
    """Return what to ask next on a topic, empty when done.

    Level 3 comes first; a yes leads up to 4 and then 5, a no or partial down to 2 (C49).
    """
    given = {answer.question: answer.value for answer in answers}
    triage = block.triage
    if triage.code not in given:
        return [triage]
    if given[triage.code] in ("no", "partial"):
        return [q for q in (block.at(2),) if q.code not in given]
    if given[triage.code] == "yes":
        return _upward(block, given)
    return []


def topic_levels(
    questionnaire: Questionnaire, answers: Sequence[AnswerFact], today: date
) -> dict[str, TopicLevel]:
    """Return the level of every scored topic, by topic code."""
    by_code = counted(answers, today)
    return {block.topic: _level(block, by_code, today) for block in questionnaire.blocks}


def profile(questionnaire: Questionnaire, answers: Sequence[AnswerFact], today: date) -> Profile:
    """Return the profile by topic and area.

    Coverage is the share of a topic's questions, levels 2 to 5, that its evidenced level holds.
    Means are over measured topics and are rounded to two decimals.
    """
    levels = topic_levels(questionnaire, answers, today)
    topics = tuple(
        _topic_profile(block, section.area, levels[block.topic])
        for section in questionnaire.sections
        for block in section.blocks
        if section.area is not None
    )
    areas = tuple(
        _area_profile(section.area, section.label, topics)
        for section in questionnaire.sections
        if section.area is not None
    )
    return Profile(topics, areas)


def _upward(block: TopicBlock, given: Mapping[str, str]) -> list[Question]:
    above = (block.at(4), block.at(5))
    for question in above:
        if question.code not in given:
            return [question]
        if given[question.code] != "yes":
            break
    return []


def _level(block: TopicBlock, by_code: Mapping[str, AnswerFact], today: date) -> TopicLevel:
    own = {q.level: by_code[q.code] for q in block.questions if q.code in by_code}
    yes = {level for level, answer in own.items() if answer.value == "yes"}
    shown = {level for level in yes if is_evidenced(own[level], today)}
    denied = {level for level, answer in own.items() if answer.value == "no"}
    return TopicLevel(
        claimed=_climb(yes, denied),
        evidenced=_climb(shown, denied),
        answered=len(own),
        asked=len(own) + len(next_questions(block, own.values())),
        measured=any(answer.value != "not_applicable" for answer in own.values()),
    )


def _climb(held: set[AskedLevel], denied: set[AskedLevel]) -> int:
    reached = START_UP
    for level in get_args(AskedLevel):
        implied = level == 2 and TRIAGE_LEVEL in held and level not in denied
        if level not in held and not implied:
            break
        reached = level
    return reached


def _topic_profile(block: TopicBlock, area: str, level: TopicLevel) -> TopicProfile:
    return TopicProfile(
        topic=block.topic,
        area=area,
        label=block.label,
        claimed=level.claimed if level.measured else None,
        evidenced=level.evidenced if level.measured else None,
        coverage=(level.evidenced - START_UP) / len(block.questions),
    )


def _area_profile(area: str, label: str, topics: Sequence[TopicProfile]) -> AreaProfile:
    own = [topic for topic in topics if topic.area == area]
    claimed = [topic.claimed for topic in own if topic.claimed is not None]
    evidenced = [topic.evidenced for topic in own if topic.evidenced is not None]
    return AreaProfile(
        area=area,
        label=label,
        claimed=_mean(claimed),
        evidenced=_mean(evidenced),
        coverage=round(sum(topic.coverage for topic in own) / len(own), 2),
        measured=len(claimed),
        topics=len(own),
    )


def _mean(levels: Sequence[int]) -> float | None:
    return round(sum(levels) / len(levels), 2) if levels else None
