"""Rounds: every contender in turn, again and again, so that a slow minute strikes all alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

from bench.load import Load

Contender = Callable[[], Load]


@dataclass(frozen=True, slots=True)
class Series:
    """What one contender did in every round."""

    loads: tuple[Load, ...]

    def median(self, field: str) -> float:
        """Return the median of one figure."""
        return float(median(getattr(load, field) for load in self.loads))


def interleave(contenders: Mapping[str, Contender], rounds: int) -> dict[str, Series]:
    """Run every contender once a round, in turn; one round before them warms up and is dropped."""
    found: dict[str, list[Load]] = {name: [] for name in contenders}
    for number in range(rounds + 1):
        for name, contender in contenders.items():
            load = contender()
            if number:
                found[name].append(load)
    return {name: Series(tuple(loads)) for name, loads in found.items()}


def ratio(of: Series, to: Series, field: str = "rate") -> tuple[float, float, float]:
    """Return median, least and greatest of the ratio of two contenders within each round."""
    pairs = zip(of.loads, to.loads, strict=True)
    each = [getattr(a, field) / getattr(b, field) for a, b in pairs]
    return median(each), min(each), max(each)
