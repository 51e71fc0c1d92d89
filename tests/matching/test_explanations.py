"""Explanations: each claim ends in a paragraph and an entry, each counterfactual flips the result."""

import re
from collections.abc import Iterator
from itertools import combinations
from random import Random
from typing import Literal

import pytest

from app.compendium.rules import meets
from app.engine.mandates import GIVES_HELP
from app.matching.optimiser import ChangeOut, Inputs, Proposal, explain, propose
from app.matching.optimiser.changes import applied
from tests.matching.answering import inputs_of, seed
from tests.matching.samples import by_chance
from tests.matching.written import Case, open_cases

PARAGRAPH = re.compile(r"(F\d+[a-i]?(-\d)?|C\d+|N[0-2]|R\d+|f[abc])")
ABSENCES = {"off_topic", "no_mandate", "internal", "outside", "between_organizations"}
BARS: tuple[Literal["reachable", "capacity", "not_declined"], ...] = (
    "reachable",
    "capacity",
    "not_declined",
)
HELD: tuple[Literal["covers", "leads"], ...] = ("covers", "leads")
each_case = pytest.mark.parametrize("case", open_cases(), ids=lambda case: case.id)
Claim = tuple[str, tuple[str, ...], tuple[str, ...]]


def claims(found: Proposal) -> Iterator[Claim]:
    """Every sentence of a proposal with its paragraphs and entries."""
    for given in found.assignments:
        yield given.reason, given.cite, (given.mandate,)
    for open_need in found.uncovered:
        assert open_need.entries or open_need.code in ABSENCES
        yield open_need.reason, open_need.cite, open_need.entries
    for left_out in found.why_not:
        assert left_out.entries or left_out.code in ABSENCES
        yield left_out.reason, left_out.cite, left_out.entries
    for heard in found.consult:
        yield heard.entity, heard.cite, (heard.mandate,)
    for touched in found.interested:
        yield touched.entity, touched.cite, (touched.mandate,)
    for changed in found.what_if:
        yield changed.reason, changed.cite, ()


@each_case
def test_every_sentence_ends_in_a_paragraph_and_in_entries_of_the_compendium(case: Case) -> None:
    known = {f"{one.code}@1" for one in seed().mandates}
    for sentence, cite, entries in claims(explain(inputs_of(case))):
        assert sentence
        assert cite
        assert all(PARAGRAPH.fullmatch(mark) for mark in cite)
        assert set(entries) <= known


@each_case
def test_who_is_told_to_hold_nothing_gives_no_help_on_any_of_the_topics(case: Case) -> None:
    problem = inputs_of(case)
    found = propose(problem)
    absent = {one.entity for one in found.why_not if one.code == "off_topic"}
    giving = [m for m in seed().mandates if m.entity in absent and m.role in GIVES_HELP]
    open_needs = [need for need in problem.needs if not need.apart]
    assert not any(meets(n.area, n.topic, m.topics) for n in open_needs for m in giving)
    assert open_needs or not found.why_not


@each_case
def test_a_counterfactual_that_is_applied_brings_the_entity_in(case: Case) -> None:
    problem = inputs_of(case)
    found = explain(problem)
    for one in found.what_if:
        then = propose(applied(problem, one.changes))
        assert one.entity not in found.entities
        assert one.entity in then.entities
        assert sorted(then.entities) == sorted(one.then)


def every_change(problem: Inputs, found: Proposal, entity: str) -> list[ChangeOut]:
    """Each single change in favour of an entity: told anew, without the code that searches."""
    numbers = [need.number for need in problem.needs]
    bars = [ChangeOut(code, entity) for code in BARS]
    held = [ChangeOut(code, entity, number) for code in HELD for number in numbers]
    return [*bars, *held, *(ChangeOut("out", rival) for rival in found.entities)]


def test_no_smaller_change_brings_the_entity_in() -> None:
    random, seen = Random(11), 0
    for _ in range(100):
        problem = by_chance(random)
        found = explain(problem)
        for one in found.what_if:
            singles = every_change(problem, found, one.entity)
            for size in range(len(one.changes)):
                for changes in combinations(singles, size):
                    then = propose(applied(problem, changes)).entities
                    assert one.entity not in then
                    seen += 1
    assert seen > 1000


def test_a_change_names_the_quarter_in_which_capacity_is_missing() -> None:
    random = Random(3)
    told = [one for _ in range(80) for one in explain(by_chance(random)).what_if]
    reasons = [one.reason for one in told if any(c.code == "capacity" for c in one.changes)]
    assert reasons
    assert all("2026-Q4" in reason for reason in reasons)
