"""The choice against a solver that others wrote: HiGHS finds no cheaper and no smaller set."""

from random import Random
from typing import Any, cast

import highspy
import pytest

from app.matching.optimiser import RANKS, Inputs, propose
from tests.matching.problems import of_size


def by_highs(problem: Inputs) -> tuple[int, int]:
    """The least rank cost, and the least number of entities at that cost.

    One variable an entity (it takes part) and one a hold (it answers): each need is answered once,
    by one who takes part. A unit of rank weighs more than everybody's taking part.
    """
    solver: Any = cast("Any", highspy).Highs()  # it comes without types
    solver.silent()
    heavy = len(problem.candidates) + 1
    takes_part = {one.entity: solver.addBinary(obj=1) for one in problem.candidates}
    answers: dict[int, list[Any]] = {}
    for one in problem.candidates:
        for hold in one.holds:
            variable = solver.addBinary(obj=heavy * RANKS[hold.rank])
            answers.setdefault(hold.need, []).append(variable)
            solver.addConstr(variable <= takes_part[one.entity])
    for each in answers.values():
        solver.addConstr(sum(each[1:], each[0]) == 1)
    solver.minimize()
    rank, size = divmod(round(solver.getObjectiveValue()), heavy)
    return rank, size


@pytest.mark.parametrize(
    ("needs", "entities", "times"), [(6, 8, 30), (15, 15, 10), (40, 30, 4)], ids=str
)
def test_highs_finds_no_better_set(needs: int, entities: int, times: int) -> None:
    random = Random(needs)
    for _ in range(times):
        problem = of_size(random, needs, entities)
        found = propose(problem)
        assert (found.rank_cost, len(found.entities)) == by_highs(problem)
