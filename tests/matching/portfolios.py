"""Portfolios to plan: small ones by chance, large ones of a given tightness, and the plain truth.

`cheapest_of` looks at every way of giving one half of the requests away, need by need; it shares no
code with what it judges.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from random import Random
from typing import Any, cast

import highspy

from app.matching.portfolio import (
    LEFT,
    RANK,
    TAKES_PART,
    WAIT,
    Ask,
    AskedNeed,
    GivenOut,
    Holder,
    Plan,
    Problem,
    Room,
)

Slots = tuple[int, ...]


def by_chance(random: Random) -> Problem:
    """Up to four requests of up to three needs, three entities, two or three quarters."""
    entities = ("e0", "e1", "e2")
    horizon = random.choice((2, 3))
    asks = []
    for number in range(random.randint(1, 4)):
        needs = []
        for place in range(1, random.randint(1, 3) + 1):
            held = random.sample(entities, random.randint(1, 3))
            holders = tuple(_spans(random, horizon, sorted(held)))
            needs.append(AskedNeed(place, random.choice((0, 0, 0, 1)), holders))
        inside = tuple(random.sample(entities, random.choice((0, 0, 0, 1))))
        asks.append(Ask(f"TA-{number}", random.random() < 0.4, tuple(needs), inside))
    rooms = tuple(
        Room(entity, tuple(random.randint(0, 2) for _ in range(horizon)))
        for entity in entities
        if random.random() < 0.8
    )
    quarters = tuple(f"2027-Q{number + 1}" for number in range(horizon))
    return Problem(quarters, random.choice((1, 2)), tuple(asks), rooms)


def _spans(random: Random, horizon: int, held: Sequence[str]) -> Iterator[Holder]:
    """Yield who holds a need: mostly always, else from a quarter on, up to one, or at two ranks."""
    for one in held:
        rank, turn = random.choice((0, 0, 1, 2)), random.randint(1, horizon - 1)
        way = random.choice(("always", "always", "always", "late", "early", "both"))
        if way in ("always", "early", "both"):
            yield Holder(one, rank, 0, horizon if way == "always" else turn)
        if way in ("late", "both"):
            yield Holder(one, rank if way == "late" else rank + 1, turn, horizon)


def of_size(random: Random, requests: int, entities: int, tightness: float) -> Problem:
    """Requests of one to six needs, each held by two to six entities, over four quarters.

    `tightness` is the part of the wishes for which there are places, roughly.
    """
    asks = []
    for number in range(requests):
        needs = []
        for place in range(1, random.randint(1, 6) + 1):
            held = random.sample(range(entities), random.randint(2, 6))
            ranks = sorted((f"e{one:02}", random.choice((0, 1, 1, 1, 2))) for one in held)
            needs.append(AskedNeed(place, 0, tuple(Holder(*one) for one in ranks)))
        asks.append(Ask(f"TA-{number:04}", random.random() < 0.45, tuple(needs)))
    usual = tightness * requests * 2.2 / entities
    rooms = tuple(
        Room(
            f"e{one:02}",
            tuple(round(usual * random.uniform(0.3, 1.7)) for _ in range(4)),
        )
        for one in range(entities)
    )
    return Problem(tuple(f"2027-Q{n}" for n in (1, 2, 3, 4)), 2, tuple(asks), rooms)


def cheapest_of(problem: Problem, asks: Sequence[Ask], free: dict[str, Slots]) -> int | None:
    """Return the least points that some requests cost within these free places."""
    slots = [(entity, quarter) for entity in sorted(free) for quarter in range(len(free[entity]))]
    ways = [list(_ways(problem, ask, slots)) for ask in asks]

    @cache
    def least(place: int, left: Slots) -> int | None:
        if place == len(ways):
            return 0
        found = []
        for cost, used in ways[place]:
            after = tuple(a - b for a, b in zip(left, used, strict=True))
            rest = least(place + 1, after) if min(after, default=0) >= 0 else None
            if rest is not None:
                found.append(cost + rest)
        return min(found, default=None)

    return least(0, tuple(free[entity][quarter] for entity, quarter in slots))


def _ways(
    problem: Problem, ask: Ask, slots: Sequence[tuple[str, int]]
) -> Iterator[tuple[int, Slots]]:
    """Yield each way of giving the needs of a request away: its points and the places it uses."""
    horizon = len(problem.quarters)
    choices = [[None, *_begun(need, horizon)] for need in ask.needs]
    cheapest: dict[Slots, int] = {}
    for chosen in product(*choices):
        cost, begun = 0, set()
        for need, one in zip(ask.needs, chosen, strict=True):
            if one is None:
                cost += WAIT * (horizon - need.ready) + LEFT
            else:
                entity, rank, start = one
                cost += RANK * rank + WAIT * (start - need.ready)
                begun.add((entity, start, need.ready))
        cost += TAKES_PART * len(begun)
        used = tuple(
            sum(
                e == entity and s <= quarter < s + problem.lasts
                for e, s, _ in begun
                if e not in ask.inside
            )
            for entity, quarter in slots
        )
        cheapest[used] = min(cost, cheapest.get(used, cost))
    yield from ((cost, used) for used, cost in cheapest.items())


def _begun(need: AskedNeed, horizon: int) -> Iterator[tuple[str, int, int]]:
    """Yield who could begin with a need, at which rank and in which quarter."""
    for (entity, rank, since, until), start in product(need.holders, range(horizon)):
        if start >= need.ready and since <= start < until:
            yield entity, rank, start


def by_highs(problem: Problem, asks: Sequence[Ask], free: dict[str, Slots]) -> int:
    """Return the same as HiGHS finds it alone."""
    solver = whole_problem(problem, asks, free)
    solver.minimize()
    points: float = solver.getObjectiveValue()
    return round(points)


def whole_problem(problem: Problem, asks: Sequence[Ask], free: dict[str, Slots]) -> Any:
    """Return HiGHS with all of it at once: a need is answered by who begins in its request."""
    library = cast("Any", highspy)  # it comes without types
    library.Highs.resetGlobalScheduler(True)  # with as many threads as it likes
    solver: Any = library.Highs()
    solver.silent()
    solver.setOptionValue("mip_rel_gap", 0.0)
    horizon = len(problem.quarters)
    held: dict[tuple[str, int], list[Any]] = {}
    for ask in asks:
        for (entity, start), variable in _begins(solver, ask, horizon).items():
            for quarter in range(start, min(start + problem.lasts, horizon)):
                if entity not in ask.inside:
                    held.setdefault((entity, quarter), []).append(variable)
    for (entity, quarter), users in held.items():
        if entity in free:
            solver.addConstr(sum(users[1:], users[0]) <= free[entity][quarter])
    return solver


def _begins(solver: Any, ask: Ask, horizon: int) -> dict[tuple[str, int], Any]:
    """Add a request to HiGHS; return the variables that say who begins in it, and when."""
    begins: dict[tuple[str, int], Any] = {}
    for need in ask.needs:
        answers = [solver.addBinary(obj=WAIT * (horizon - need.ready) + LEFT)]
        for entity, rank, start in _begun(need, horizon):
            if (entity, start) not in begins:
                begins[entity, start] = solver.addBinary(obj=TAKES_PART)
            points = RANK * rank + WAIT * (start - need.ready)
            answers.append(solver.addBinary(obj=points))
            solver.addConstr(answers[-1] <= begins[entity, start])
        solver.addConstr(sum(answers[1:], answers[0]) == 1)
    return begins


def free_of(problem: Problem) -> dict[str, Slots]:
    """Return the free places by entity."""
    return {room.entity: room.free for room in problem.rooms}


def begun_in(problem: Problem, plan: Plan, *halves: bool) -> list[tuple[str, int, bool]]:
    """Return who begins in which quarter in the requests of these halves, and if it is inside.

    Needs of a request that are ready at different times are planned apart.
    """
    ready = {(ask.reference, n.number): n.ready for ask in problem.asks for n in ask.needs}
    inside = {(ask.reference, entity) for ask in problem.asks for entity in ask.inside}
    found = {
        (request.reference, one.entity, one.begins, ready[request.reference, one.need])
        for request in plan.requests
        for one in request.needs
        if one.entity and request.first in halves
    }
    return [
        (entity, problem.quarters.index(begins), (reference, entity) in inside)
        for reference, entity, begins, _ in sorted(found)
    ]


def used_by(problem: Problem, plan: Plan, *halves: bool) -> dict[tuple[str, int], int]:
    """Count the places that some halves of a plan hold, by entity and quarter."""
    counts: dict[tuple[str, int], int] = {}
    for entity, start, inside in begun_in(problem, plan, *halves):
        for quarter in range(start, min(start + problem.lasts, len(problem.quarters))):
            if not inside:
                counts[entity, quarter] = counts.get((entity, quarter), 0) + 1
    return counts


def cost_of(problem: Problem, plan: Plan, *, first: bool) -> int:
    """Return the points of one half of a plan, counted from what it says."""
    asked = {(ask.reference, n.number): n for ask in problem.asks for n in ask.needs}
    cost = TAKES_PART * len(begun_in(problem, plan, first))
    for request in plan.requests:
        if request.first is first:
            cost += sum(
                _points(problem, asked[request.reference, one.need], one) for one in request.needs
            )
    return cost


def _points(problem: Problem, need: AskedNeed, given: GivenOut) -> int:
    if not given.entity:
        return WAIT * (len(problem.quarters) - need.ready) + LEFT
    start = problem.quarters.index(given.begins)
    ranks = {(who, when): rank for who, rank, when in _begun(need, len(problem.quarters))}
    return RANK * ranks[given.entity, start] + WAIT * (start - need.ready)
