"""Scarce places by entity and quarter: what is free, and what beginning in a quarter costs."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from app.matching.portfolio.pieces import Column

Prices = dict[str, list[float]]
"""By entity with a limit: the price of its places, quarter by quarter, in points."""


@dataclass(frozen=True, slots=True)
class Places:
    """The free places of each entity that states a limit; a place is held for `lasts` quarters."""

    free: Mapping[str, Sequence[int]]
    lasts: int
    horizon: int

    def held(self, start: int) -> range:
        """Return the quarters in which who begins in one holds a place."""
        return range(start, min(start + self.lasts, self.horizon))

    def at_nothing(self) -> Prices:
        """Return a price of nothing for every place."""
        return {entity: [0.0] * self.horizon for entity in self.free}

    def fees(self, prices: Prices) -> dict[str, tuple[float, ...]]:
        """Return what beginning in each quarter costs at these prices."""
        return {
            entity: tuple(sum(each[q] for q in self.held(start)) for start in range(self.horizon))
            for entity, each in prices.items()
        }

    def worth(self, prices: Prices) -> float:
        """Return what all free places cost together."""
        return sum(
            price * free
            for entity, each in prices.items()
            for price, free in zip(each, self.free[entity], strict=True)
        )

    def taken(self, column: Column) -> list[tuple[str, int]]:
        """Return the places that a column holds, as entity and quarter."""
        return [
            (way.entity, quarter)
            for way in column.ways
            if way.bound
            for quarter in self.held(way.start)
        ]

    def wanted(self, columns: Iterable[Column]) -> dict[str, list[int]]:
        """Return how many places columns hold, by entity and quarter."""
        found = {entity: [0] * self.horizon for entity in self.free}
        for one in columns:
            for entity, quarter in self.taken(one):
                found[entity][quarter] += 1
        return found

    def hold(self, columns: Iterable[Column]) -> bool:
        """Whether no place is held twice."""
        return all(
            count <= free
            for entity, counts in self.wanted(columns).items()
            for count, free in zip(counts, self.free[entity], strict=True)
        )


class Left:
    """What is left of places while columns are put in and taken out; `fees` bar what is full."""

    def __init__(self, places: Places, prices: Prices) -> None:
        """Begin with every place free."""
        self._places = places
        self._left = {entity: list(free) for entity, free in places.free.items()}
        self._plain = places.fees(prices)
        self.fees: dict[str, tuple[float, ...]] = {}
        for entity in self._left:
            self._open(entity)

    def fits(self, column: Column) -> bool:
        """Whether there is a place for each beginning; one entity may begin twice in a column."""
        wanted = Counter(self._places.taken(column))
        return all(self._left[who][when] >= count for (who, when), count in wanted.items())

    def put(self, column: Column) -> None:
        """Let a column hold its places."""
        self._count(column, -1)

    def take_out(self, column: Column) -> None:
        """Give the places of a column back."""
        self._count(column, 1)

    def _count(self, column: Column, by: int) -> None:
        taken = self._places.taken(column)
        for entity, quarter in taken:
            self._left[entity][quarter] += by
        for entity in dict.fromkeys(entity for entity, _ in taken):
            self._open(entity)

    def _open(self, entity: str) -> None:
        left = self._left[entity]
        self.fees[entity] = tuple(
            fee if all(left[quarter] > 0 for quarter in self._places.held(start)) else inf
            for start, fee in enumerate(self._plain[entity])
        )
