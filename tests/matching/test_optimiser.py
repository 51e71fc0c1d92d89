"""The optimiser: exact against brute force, the same whatever the order, and explained."""

from dataclasses import replace
from itertools import combinations
from random import Random

import pytest

from app.matching.optimiser import RANKS, CandidateIn, Inputs, propose
from tests.matching.samples import AGREED, by_chance, candidate, inputs, need, shuffled, why

Holders = dict[int, dict[str, int]]


def eligible(one: CandidateIn) -> bool:
    """Whether nothing forbids asking a candidate."""
    return (
        one.reachable and not one.declined and (one.capacity_left is None or one.capacity_left > 0)
    )


def stated(problem: Inputs) -> tuple[Holders, set[str]]:
    """Who may answer for what at which cost, and who must take part: told anew, without the code."""
    holders: Holders = {}
    for one in filter(eligible, problem.candidates):
        for hold in one.holds:
            holders.setdefault(hold.need, {})[one.entity] = RANKS[hold.rank]
    sides = {one.number: one.side for one in problem.needs if one.number in holders}
    split = dict(AGREED.split) if problem.arrangements else {}
    able = {
        party
        for party, side in split.items()
        if any(party in holders[n] for n, s in sides.items() if s == side)
    }
    if able != set(split):
        return holders, set()
    for number, side in sides.items():
        theirs = {party for party in split if split[party] == side and party in holders[number]}
        for other in set(split) - theirs if theirs else ():
            holders[number].pop(other, None)
    return holders, able


def brute(problem: Inputs) -> tuple[int, int, tuple[str, ...]]:
    """Look at every set of entities and return the best: rank cost, size, codes."""
    holders, forced = stated(problem)
    everyone = sorted({entity for held in holders.values() for entity in held})
    found = []
    for size in range(len(everyone) + 1):
        for chosen in combinations(everyone, size):
            if not forced <= set(chosen):
                continue
            costs = [[c for e, c in held.items() if e in chosen] for held in holders.values()]
            if all(costs):
                found.append((sum(min(cost) for cost in costs), size, chosen))
    return min(found)


@pytest.mark.parametrize("seed", range(20))
def test_no_set_of_entities_is_better_than_the_proposed_one(seed: int) -> None:
    random = Random(seed)
    for _ in range(200):
        problem = by_chance(random)
        found = propose(problem)
        chosen = tuple(sorted(found.entities))
        assert (found.rank_cost, len(chosen), chosen) == brute(problem)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_in_which_things_are_told_changes_nothing(seed: int) -> None:
    random = Random(seed)
    for _ in range(100):
        problem = by_chance(random)
        assert propose(shuffled(problem, random)) == propose(problem)


@pytest.mark.parametrize("seed", range(5))
def test_every_need_is_answered_for_once_or_told_as_uncovered_and_nobody_comes_for_nothing(
    seed: int,
) -> None:
    random = Random(seed)
    for _ in range(100):
        problem = by_chance(random)
        found = propose(problem)
        answered = [one.need for one in found.assignments if one.part == "lead"]
        missing = [one.need for one in found.uncovered]
        assert sorted(answered + missing) == [one.number for one in problem.needs]
        assert {one.entity for one in found.assignments} == set(found.entities)
        told = {one.entity for one in found.why_not} | set(found.entities)
        assert told == {one.entity for one in problem.candidates}
        assert all(one.cite and one.mandate for one in found.assignments)
        assert all(one.cite and one.reason for one in found.why_not)
        assert all(one.cite and one.reason for one in found.uncovered)


def test_leading_in_a_subject_comes_before_plain_competence() -> None:
    found = propose(inputs((need(1),), candidate("a", n1="provider"), candidate("b", n1="lead")))
    assert found.entities == ("b",)
    assert why(found, "a") == "outranked"


def test_competence_comes_before_a_regional_commission() -> None:
    found = propose(
        inputs((need(1),), candidate("a", n1="regional"), candidate("b", n1="provider"))
    )
    assert found.entities == ("b",)


def test_two_leads_come_before_one_that_is_competent_in_both() -> None:
    both = candidate("a", n1="provider", n2="provider")
    found = propose(
        inputs((need(1), need(2)), both, candidate("b", n1="lead"), candidate("c", n2="lead"))
    )
    assert found.entities == ("b", "c")


def test_among_equals_the_fewest_entities_are_taken() -> None:
    one = candidate("z", n1="provider", n2="provider")
    others = candidate("a", n1="provider"), candidate("b", n2="provider")
    found = propose(inputs((need(1), need(2)), one, *others))
    assert found.entities == ("z",)
    assert why(found, "a") == why(found, "b") == "not_needed"


def test_among_equal_sets_the_first_by_code_is_taken() -> None:
    found = propose(inputs((need(1),), candidate("b", n1="lead"), candidate("a", n1="lead")))
    assert found.entities == ("a",)


def test_the_lead_is_who_leads_in_most_of_what_it_answers_for() -> None:
    found = propose(
        inputs(
            (need(1), need(2), need(3)),
            candidate("a", n1="provider", n2="provider"),
            candidate("b", n3="lead"),
        )
    )
    assert (found.lead, found.support) == ("b", ("a",))


LEADER = candidate("a", n1="lead")


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (replace(LEADER, declined=True), "declined"),
        (replace(LEADER, reachable=False), "unreachable"),
        (replace(LEADER, capacity_left=0), "no_capacity"),
    ],
)
def test_who_cannot_be_asked_is_not_proposed_even_alone(one: CandidateIn, code: str) -> None:
    found = propose(inputs((need(1),), one))
    assert found.entities == ()
    assert found.reason
    assert why(found, "a") == code
    assert [missed.code for missed in found.uncovered] == ["no_eligible_holder"]


def test_a_need_without_any_mandate_is_told_beside_those_that_are_covered() -> None:
    found = propose(inputs((need(1), need(2, topic="D3")), candidate("a", n1="lead")))
    assert found.entities == ("a",)
    assert [(one.need, one.code, one.cite) for one in found.uncovered] == [
        (2, "no_mandate", ("F15", "C69"))
    ]


def test_who_holds_nothing_on_the_topics_is_told_so() -> None:
    found = propose(inputs((need(1),), candidate("a", n1="lead"), candidate("b")))
    assert (found.entities, why(found, "b")) == (("a",), "off_topic")


def test_no_need_no_entity() -> None:
    found = propose(inputs(()))
    assert (found.lead, found.reason) == (None, "No need stands.")


def test_a_need_that_takes_both_sides_calls_no_two() -> None:
    found = propose(
        inputs(
            (need(1, "both"),),
            candidate("e0", n1="provider"),
            candidate("e1", n1="provider"),
            arrangements=(AGREED,),
        )
    )
    assert found.entities == ("e0",)
    assert found.arrangements == ()


def test_needs_of_both_sides_bring_both_parties_each_to_its_side() -> None:
    needs = (need(1, "criminal_justice"), need(2, "cybersecurity"), need(3, "both"))
    found = propose(
        inputs(
            needs,
            candidate("e0", n1="provider", n2="lead", n3="lead"),
            candidate("e1", n1="lead", n2="provider", n3="provider"),
            arrangements=(AGREED,),
        )
    )
    given = {(one.need, one.entity): one.part for one in found.assignments}
    assert given == {(1, "e0"): "lead", (2, "e1"): "lead", (3, "e0"): "lead", (3, "e1"): "support"}
    (agreed,) = found.arrangements
    assert agreed.cite == ("F10",)
    assert agreed.split == (("e0", "criminal_justice", (1, 3)), ("e1", "cybersecurity", (2, 3)))


def test_one_side_alone_brings_one_party() -> None:
    found = propose(
        inputs(
            (need(1, "criminal_justice"),),
            candidate("e0", n1="provider"),
            candidate("e1", n1="provider"),
            arrangements=(AGREED,),
        )
    )
    assert found.entities == ("e0",)
    assert found.arrangements == ()


def test_an_arrangement_rests_when_a_party_cannot_be_asked() -> None:
    needs = (need(1, "criminal_justice"), need(2, "cybersecurity"))
    gone = replace(candidate("e1", n2="lead"), declined=True)
    found = propose(
        inputs(needs, candidate("e0", n1="lead", n2="provider"), gone, arrangements=(AGREED,))
    )
    assert found.entities == ("e0",)
    assert found.arrangements == ()
