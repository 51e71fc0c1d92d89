"""From the inputs of one request's proposal to what it asks of the portfolio."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from app.matching.optimiser import Inputs
from app.matching.optimiser.choosing import Choice, choose, cost
from app.matching.portfolio.values import Ask, AskedNeed, Holder

NEXT = 1
"""The quarter in which what waits for a comprehensive assessment may begin at the earliest."""


def ask_of(
    reference: str,
    each: Sequence[Inputs],
    held: Mapping[int, str],
    *,
    first: bool,
    assessed: bool,
) -> tuple[Ask, tuple[int, ...]]:
    """Return what a request asks, and the numbers of its needs that nobody may be asked for.

    `each` are the inputs as of every quarter that is planned: who may begin in a quarter is who
    holds the mandate then. Who may answer is what `optimiser.propose` chooses from, with the limits
    lifted: these are the portfolio's to keep. `held` says who answers for which need in a programme
    that runs: only its open needs are asked for, and who is at work there takes no further place.
    Nothing begins this quarter without a complete assessment (F32), and under a rapid one only what
    that opens (F38).
    """
    choices = _choices(each)
    ready = 0 if assessed else NEXT
    needs, unheld = [], []
    for number in (need.number for need in choices[0].needs if need.number not in held):
        begins = NEXT if number in each[0].waiting else ready
        ranks = [
            {entity: cost(hold) for entity, hold in choice.holders.get(number, {}).items()}
            for choice in choices
        ]
        holders = holders_of(ranks, begins)
        if holders:
            needs.append(AskedNeed(number, begins, holders))
        else:
            unheld.append(number)
    inside = frozenset(held.values())
    sides = [dict.fromkeys(choice.split.keys() - inside, 0) for choice in choices]
    called = [AskedNeed(0, ready, (party,)) for party in holders_of(sides, ready)]
    return Ask(reference, first, (*needs, *called), tuple(sorted(inside))), tuple(unheld)


def _choices(each: Sequence[Inputs]) -> list[Choice]:
    """Return the choice as of every quarter, made once where two rest on the same inputs."""
    made: list[Choice] = []
    for number, inputs in enumerate(each):
        if number and inputs is each[number - 1]:
            made.append(made[-1])
            continue
        lifted = tuple(replace(one, capacity_left=None) for one in inputs.candidates)
        made.append(choose(replace(inputs, candidates=lifted)))
    return made


def holders_of(ranks: Sequence[Mapping[str, int]], ready: int) -> tuple[Holder, ...]:
    """Return who may begin at which rank from when to when, by who may in each quarter.

    What ends before the quarter in which the need is ready is left out.
    """
    found = []
    for entity in sorted({entity for each in ranks for entity in each}):
        since = 0
        for quarter, each in enumerate(ranks):
            rank = each.get(entity)
            after = ranks[quarter + 1].get(entity) if quarter + 1 < len(ranks) else None
            if rank is not None and rank == after:
                continue
            if rank is not None and quarter >= ready:
                found.append(Holder(entity, rank, since, quarter + 1))
            since = quarter + 1
    return tuple(found)


def quarters_from(day: date, count: int) -> list[date]:
    """Return the first days of the quarter of a day and of those after it."""
    months = (day.year * 12 + day.month - 1) // 3 * 3
    return [
        date((months + 3 * number) // 12, (months + 3 * number) % 12 + 1, 1)
        for number in range(count)
    ]


def name_of(quarter: date) -> str:
    """Return the name of a quarter as the compendium writes it: "2027-Q1"."""
    return f"{quarter.year}-Q{(quarter.month + 2) // 3}"


def held_in(began: date, quarters: Sequence[date], lasts: int) -> list[int]:
    """Return in which of some quarters a request that is under way still holds a place.

    For `lasts` quarters from the one in which it began; it goes on now in any case.
    """
    until = quarters_from(began, lasts + 1)[-1]
    return [number for number, quarter in enumerate(quarters) if number == 0 or quarter < until]


def free_places(
    stated: Sequence[dict[str, int]], under_way: Iterable[tuple[str, list[int]]], most: int
) -> dict[str, tuple[int, ...]]:
    """Return the free places of each entity that states a limit in some quarter; `most` is none."""
    entities = sorted({entity for each in stated for entity in each})
    free = {entity: [each.get(entity, most) for each in stated] for entity in entities}
    for entity, quarters in under_way:
        for quarter in quarters if entity in free else ():
            if free[entity][quarter] < most:
                free[entity][quarter] = max(0, free[entity][quarter] - 1)
    return {entity: tuple(each) for entity, each in free.items()}
