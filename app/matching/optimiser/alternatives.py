"""The next best sets, in order, each with what it costs beside the best: exact.

After K. Lawler (1972): whatever is not the best set lacks one of its members; the sets are split by
the first member they lack, and the best of each part is found by the same search.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

from app.matching.optimiser.choosing import Choice, Holders, best_of, cost
from app.matching.optimiser.outcome import AlternativeOut
from app.matching.optimiser.search import smallest_cover
from app.matching.optimiser.values import HoldIn

MOST = 3
TRIES = 60
"""How many parts are looked into; what is found by then is in order, and no more is claimed."""


@dataclass(frozen=True, slots=True, order=True)
class _Part:
    """The best set among those that have `fixed` and lack `barred`."""

    rank_cost: int
    size: int
    entities: tuple[str, ...]
    fixed: frozenset[str]
    barred: frozenset[str]


def alternatives(choice: Choice) -> tuple[AlternativeOut, ...]:
    """Return up to three next best sets in which nobody comes for nothing."""
    found = []
    for part in _in_order(choice):
        if part.entities != choice.cover.entities and _all_needed(choice, part):
            found.append(_told(choice, part))
        if len(found) == MOST:
            break
    return tuple(found)


def _in_order(choice: Choice) -> Iterator[_Part]:
    """Yield the best sets of ever smaller parts, the best first, no set twice."""
    forced = frozenset(choice.cover.forced)
    first = _best(choice, forced, frozenset())
    waiting = [first] if first else []
    for _ in range(TRIES):
        if not waiting:
            return
        part = heapq.heappop(waiting)
        yield part
        fixed = part.fixed
        for entity in part.entities:
            if entity in fixed:
                continue
            inside = _best(choice, fixed, part.barred | {entity})
            if inside:
                heapq.heappush(waiting, inside)
            fixed |= {entity}


def _best(choice: Choice, fixed: frozenset[str], barred: frozenset[str]) -> _Part | None:
    left: Holders = {
        number: {entity: hold for entity, hold in held.items() if entity not in barred}
        for number, held in choice.holders.items()
    }
    if not all(left.values()):
        return None
    entities = smallest_cover(best_of(left), fixed).entities
    rank_cost = sum(min(map(cost, held.values())) for held in left.values())
    return _Part(rank_cost, len(entities), entities, fixed, barred)


def _all_needed(choice: Choice, part: _Part) -> bool:
    """Whether each member that is free to go is missed by some need."""
    chosen = set(part.entities)
    free = chosen - set(choice.cover.forced)
    ranked = [
        {entity: cost(hold) for entity, hold in held.items() if entity in chosen}
        for held in choice.holders.values()
    ]
    missed = set()
    for costs in ranked:
        least = min(costs.values())
        best = [entity for entity, rank in costs.items() if rank == least]
        if len(best) == 1:
            missed.add(best[0])
    return free <= missed


def _told(choice: Choice, part: _Part) -> AlternativeOut:
    now, then = _answering(choice, choice.cover.entities), _answering(choice, part.entities)
    changed = {number: one for number, one in then.items() if one[0] != now[number][0]}
    return AlternativeOut(
        entities=part.entities,
        more_rank=part.rank_cost - choice.rank_cost,
        more_entities=part.size - len(choice.cover.entities),
        answers=tuple((number, entity, hold.rank) for number, (entity, hold) in changed.items()),
    )


def _answering(choice: Choice, chosen: tuple[str, ...]) -> dict[int, tuple[str, HoldIn]]:
    """Return who of the chosen would answer for each need."""
    found = {}
    for number, held in sorted(choice.holders.items()):
        able = [(cost(held[entity]), entity) for entity in chosen if entity in held]
        entity = min(able)[1]
        found[number] = (entity, held[entity])
    return found
