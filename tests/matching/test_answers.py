"""The written requests, matched: each need on its right topic goes to who may answer for it."""

import pytest

from app.matching.optimiser import Proposal, propose
from tests.matching.answering import inputs_of
from tests.matching.reading import fits
from tests.matching.written import Case, open_cases

each_case = pytest.mark.parametrize("case", open_cases(), ids=lambda case: case.id)


def answering(found: Proposal) -> dict[int, str]:
    """Who answers for which need."""
    return {one.need: one.entity for one in found.assignments if one.part == "lead"}


def told(found: Proposal) -> dict[int, str]:
    """Why nobody answers for a need."""
    return {one.need: one.code for one in found.uncovered}


@each_case
def test_each_need_goes_to_one_who_may_answer_for_it_or_to_nobody_for_the_right_reason(
    case: Case,
) -> None:
    found = propose(inputs_of(case))
    who, why = answering(found), told(found)
    needs = enumerate(case.expected.needs, 1)
    assert [n for n, need in needs if not fits(need, who.get(n), why.get(n))] == []


@each_case
def test_the_lead_is_acceptable_the_authorities_are_heard_and_nobody_excluded_works(
    case: Case,
) -> None:
    found, answer = propose(inputs_of(case)), case.expected
    assert found.lead in answer.acceptable if answer.lead else found.lead is None
    assert len(answer.lead) < 2 or set(found.leads) == set(answer.lead)
    assert not set(found.entities) & set(answer.excluded)
    assert set(answer.consult) <= {one.entity for one in found.consult} | set(found.entities)


@each_case
def test_running_work_is_told_and_what_a_rapid_assessment_does_not_open_waits(case: Case) -> None:
    found = propose(inputs_of(case))
    for number, need in enumerate(case.expected.needs, 1):
        met = [one.code for one in found.overlaps if one.need == number]
        assert met == need.overlaps
        waits = {one.waits for one in found.assignments if one.need == number}
        assert waits <= {need.after == "full"}
