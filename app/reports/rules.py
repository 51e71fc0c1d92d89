"""How a topic stands between what is asked and who may help: pure."""

from collections.abc import Collection
from typing import Literal

Standing = Literal["orphan", "unheld", "contested", "led", "held"]


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
