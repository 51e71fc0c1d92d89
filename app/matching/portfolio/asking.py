"""From the inputs of one request's proposal to what it asks of the portfolio."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from app.matching.optimiser import Inputs
from app.matching.optimiser.choosing import choose, cost
from app.matching.portfolio.values import Ask, AskedNeed

NEXT = 1
"""The quarter in which what waits for a comprehensive assessment may begin at the earliest."""


def ask_of(
    reference: str,
    inputs: Inputs,
    held: Mapping[int, str],
    *,
    first: bool,
    assessed: bool,
) -> tuple[Ask, tuple[int, ...]]:
    """Return what a request asks, and the numbers of its needs that nobody may be asked for.

    Who may answer is what `optimiser.propose` chooses from, with the limits lifted: these are the
    portfolio's to keep. `held` says who answers for which need in a programme that runs: only its
    open needs are asked for, and who is at work there takes no further place. Nothing begins this
    quarter without a complete assessment (F32), and under a rapid one only what that opens (F38).
    """
    lifted = tuple(replace(one, capacity_left=None) for one in inputs.candidates)
    choice = choose(replace(inputs, candidates=lifted))
    ready = 0 if assessed else NEXT
    needs = [
        AskedNeed(
            number=need.number,
            ready=NEXT if need.number in inputs.waiting else ready,
            holders=tuple(
                (entity, cost(hold)) for entity, hold in sorted(choice.holders[need.number].items())
            ),
        )
        for need in choice.standing
        if need.number not in held
    ]
    inside = frozenset(held.values())
    called = [AskedNeed(0, ready, ((party, 0),)) for party in sorted(choice.split.keys() - inside)]
    open_ones = [need.number for need in choice.needs if need.number not in held]
    unheld = tuple(number for number in open_ones if number not in choice.holders)
    return Ask(reference, first, (*needs, *called), tuple(sorted(inside))), unheld


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
