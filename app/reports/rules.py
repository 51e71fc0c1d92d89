"""How figures are made of what was counted, and what of them may be published: pure."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from math import ceil
from typing import Literal

Standing = Literal["orphan", "unheld", "contested", "led", "held"]
DAY = timedelta(days=1)
SMALLEST = 5
"""Of fewer than so many nothing is told in public but that they are fewer."""


def standing_of(demand: int, holders: Collection[str], leads: Collection[str]) -> Standing:
    """Return how a topic stands (C69).

    `orphan`: it is asked for and nobody gives help on it. `unheld`: nobody does, and nobody asks.
    `contested`: several do, and none leads. `led`: somebody leads in it. `held`: one gives help.
    """
    if not holders:
        return "orphan" if demand else "unheld"
    if leads:
        return "led"
    return "contested" if len(set(holders)) > 1 else "held"


def at_share(values: Sequence[timedelta], share: float) -> float:
    """Return the value that a share of all do not pass (nearest rank), in days to a tenth.

    `values` are sorted and not empty; a share of 0.5 is the median, of 0.9 the p90.
    """
    place = max(ceil(share * len(values)), 1) - 1
    return in_days(values[place])


def in_days(span: timedelta) -> float:
    """Return a span of time in days, to a tenth."""
    return round(span / DAY, 1)


def mean(values: Collection[int]) -> float:
    """Return the mean of values, of which there is one at least, to two decimals."""
    return round(sum(values) / len(values), 2)


def published(count: int) -> int | None:
    """Return what is told of a count in public: it is rounded down to a multiple of five.

    None stands for "fewer than five". One that is added or taken away so changes nothing most of
    the time, and no sum of published figures tells a count of one, two or three from another.
    """
    return count - count % SMALLEST or None
