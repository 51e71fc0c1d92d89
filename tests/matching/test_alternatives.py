"""The alternatives and the proof: the next best sets in order, and bounds that anybody can check."""

from itertools import combinations
from random import Random

import pytest

from app.matching.optimiser import RANKS, Inputs, Proposal, propose
from tests.matching.samples import by_chance, candidate, inputs, need

Costs = dict[int, dict[str, int]]


def costs_of(problem: Inputs) -> Costs:
    """What it costs that an entity answers for a need: told anew, without arrangements."""
    found: Costs = {}
    for one in problem.candidates:
        barred = one.declined or not one.reachable or one.capacity_left == 0
        for hold in () if barred else one.holds:
            found.setdefault(hold.need, {})[one.entity] = RANKS[hold.rank]
    return found


def rank_cost(costs: Costs, chosen: set[str]) -> int | None:
    """What a set costs in all; None where it leaves a need open."""
    each = [[c for entity, c in row.items() if entity in chosen] for row in costs.values()]
    return sum(min(row) for row in each) if all(each) else None


def in_order(costs: Costs) -> list[tuple[int, int, tuple[str, ...]]]:
    """Every set in which each member is missed by some need, by cost, size and codes."""
    everyone = sorted({entity for row in costs.values() for entity in row})
    found = []
    for size in range(len(everyone) + 1):
        for chosen in combinations(everyone, size):
            cost = rank_cost(costs, set(chosen))
            missed = all(rank_cost(costs, set(chosen) - {one}) != cost for one in chosen)
            if cost is not None and missed:
                found.append((cost, size, chosen))
    return sorted(found)


def without_arrangement(problem: Inputs) -> Inputs:
    """The same problem where nobody has agreed on anything."""
    return inputs(problem.needs, *problem.candidates)


def facts_of(found: Proposal) -> list[tuple[int, int, tuple[str, ...]]]:
    """The proposed set and its alternatives as cost, size and codes."""
    size = len(found.entities)
    return [
        (found.rank_cost, size, tuple(sorted(found.entities))),
        *(
            (found.rank_cost + one.more_rank, size + one.more_entities, one.entities)
            for one in found.alternatives
        ),
    ]


@pytest.mark.parametrize("seed", range(10))
def test_the_alternatives_are_the_next_best_sets_in_which_nobody_comes_for_nothing(
    seed: int,
) -> None:
    random = Random(seed)
    for _ in range(60):
        problem = without_arrangement(by_chance(random))
        assert facts_of(propose(problem)) == in_order(costs_of(problem))[:4]


def test_an_alternative_says_who_would_answer_instead_and_what_that_costs() -> None:
    both = candidate("a", n1="provider", n2="provider")
    found = propose(
        inputs((need(1), need(2)), both, candidate("b", n1="lead"), candidate("c", n2="lead"))
    )
    first = found.alternatives[0]
    assert (first.entities, first.more_rank, first.more_entities) == (("a", "b"), 1, 0)
    assert first.answers == ((2, "a", "provider"),)
    last = found.alternatives[-1]
    assert (last.entities, last.more_rank, last.more_entities) == (("a",), 2, -1)


@pytest.mark.parametrize("seed", range(5))
def test_the_bounds_of_the_proof_hold_for_every_set(seed: int) -> None:
    random = Random(seed)
    for _ in range(60):
        problem = without_arrangement(by_chance(random))
        costs, proof = costs_of(problem), propose(problem).proof
        assert proof is not None
        assert proof.rank_bound == sum(min(row.values()) for row in costs.values())
        best = {
            number: {entity for entity, cost in row.items() if cost == min(row.values())}
            for number, row in costs.items()
        }
        apart = [best[number] for number in proof.apart]
        assert sum(map(len, apart)) == len(set().union(*apart))
        assert len(proof.forced) + len(apart) == proof.size_bound <= proof.size
