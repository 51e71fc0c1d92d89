"""One piece of work under prices: the cheapest way to give its needs to entities and quarters.

A piece is what of a request is ready in the same quarter, up to LARGEST kinds of needs: needs with
the same holders go together in the best of all ways, and count as one kind. The search is exact:
needs are parted among entities, the lowest need of each part first. An entity begins twice in a
piece only where its mandates for the two parts hold in different quarters; it then takes a place
for each, as in two pieces.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from app.matching.portfolio.values import LEFT, RANK, TAKES_PART, WAIT, Ask, Holder

LARGEST = 7
"""Kinds of needs in a piece: the search takes at most three to this power steps."""
NOBODY = ""
"""Who answers for a need that finds no place."""

Fees = Mapping[str, Sequence[float]]
"""By entity with a limit: what a place costs for who begins in each quarter; infinite: none."""


class Kind(NamedTuple):
    """Needs of one piece that are alike, and who may answer for them at which rank, and when."""

    numbers: tuple[int, ...]
    holders: tuple[Holder, ...]


class Share(NamedTuple):
    """Some kinds of needs that one entity could take, in the quarters from `since` to `until`.

    It costs `cost` points, and `slope` more for each quarter counted from the first.
    """

    cost: int
    entity: str
    slope: int
    since: int
    until: int

    def at(self, quarter: int) -> int:
        """Return what it costs to begin in a quarter."""
        return self.cost + self.slope * quarter


class Way(NamedTuple):
    """Some kinds of needs (as bits) given to an entity from a quarter on, with what it costs.

    `bound`: it takes a place of an entity that has a limit.
    """

    kinds: int
    entity: str
    start: int
    cost: int
    bound: bool = False


class Column(NamedTuple):
    """A whole piece given away, with what it costs in points, fees left out."""

    cost: int
    ways: tuple[Way, ...]


Priced = tuple[float, Way]
Steps = list[tuple[int, list[tuple[int, int]]]]
"""For each set of kinds that can be left over: a part to give away first, and the rest."""


class Piece:
    """A piece of work, prepared to be solved under one set of fees after another."""

    def __init__(
        self, kinds: Sequence[Kind], ready: int, horizon: int, limited: Collection[str]
    ) -> None:
        """Prepare every share that some entity could take in the quarters from `ready` on."""
        self.kinds = tuple(kinds)
        self.ready = ready
        self.horizon = horizon
        shares = _shares(self.kinds, ready, horizon)
        self._limited = {part: [s for s in all_ if s.entity in limited] for part, all_ in shares}
        self._free: dict[int, Priced] = {}
        for part, all_ in shares:
            free = [Way(part, s.entity, s.since, s.at(s.since)) for s in all_]
            best = min((w for w in free if w.entity not in limited), key=_by_cost, default=None)
            if best is not None:
                self._free[part] = (best.cost, best)
        self._whole = (1 << len(self.kinds)) - 1
        self._steps = _steps(self._whole, [part for part, _ in shares])
        self.limited = tuple(sorted({s.entity for each in self._limited.values() for s in each}))
        self._last: tuple[tuple[Sequence[float], ...], tuple[float, Column]] | None = None
        self.ideal = self.solve(dict.fromkeys(self.limited, (0.0,) * horizon))[1].cost

    def cheapest(self, fees: Fees) -> tuple[float, Column]:
        """Do as `solve`, and remember the last answer: most fees change little."""
        asked = tuple(fees[entity] for entity in self.limited)
        if self._last is None or self._last[0] != asked:
            self._last = (asked, self.solve(fees))
        return self._last[1]

    def solve(self, fees: Fees) -> tuple[float, Column]:
        """Return the least that the piece costs with these fees, and the column that costs it."""
        best = self._best(fees)
        value, taken = self._values(best)
        ways, mask = [], self._whole
        while mask:
            ways.append(best[taken[mask]][1])
            mask ^= taken[mask]
        return value[self._whole], column(ways)

    def near(self, fees: Fees, most: float) -> Iterator[Column]:
        """Yield every column that costs at most `most` with these fees, in a fixed order."""
        value, _ = self._values(self._best(fees))
        parts = dict(self._steps)
        waiting: list[tuple[int, float, tuple[Way, ...]]] = [(self._whole, most, ())]
        while waiting:
            mask, left, ways = waiting.pop()
            if not mask:
                yield column(ways)
                continue
            for part, rest in parts[mask]:
                for price, way in self._ways(part, fees):
                    if price + value[rest] <= left:
                        waiting.append((rest, left - price, (*ways, way)))

    def _best(self, fees: Fees) -> dict[int, Priced]:
        """Return the cheapest way for each set of kinds that one entity could take."""
        found = {}
        for part, shares in self._limited.items():
            best = self._free.get(part)
            least = best[0] if best else None
            for share in shares:
                cost, _, slope, since, until = share
                places = fees[share.entity]
                for quarter in range(since, until):
                    price = cost + slope * quarter + places[quarter]
                    if least is None or price < least:
                        least, chosen, start, best = price, share, quarter, None
            if best is None and least is not None:
                best = (least, Way(part, chosen.entity, start, chosen.at(start), bound=True))
            if best is not None:
                found[part] = best
        return found

    def _values(self, best: Mapping[int, Priced]) -> tuple[dict[int, float], dict[int, int]]:
        """Return what each set of kinds costs at least that can be left, and its first part."""
        value, taken = {0: 0.0}, {}
        for mask, parts in self._steps:
            least = None
            for part, rest in parts:
                price = best[part][0] + value[rest]
                if least is None or price < least:
                    least, taken[mask] = price, part
            value[mask] = least or 0.0
        return value, taken

    def _ways(self, part: int, fees: Fees) -> Iterator[Priced]:
        if part in self._free:
            yield self._free[part]
        for share in self._limited[part]:
            for quarter in range(share.since, share.until):
                cost = share.at(quarter)
                price = cost + fees[share.entity][quarter]
                yield price, Way(part, share.entity, quarter, cost, bound=True)


def column(ways: Iterable[Way]) -> Column:
    """Return the column of some ways."""
    given = tuple(sorted(ways))
    return Column(sum(way.cost for way in given), given)


def pieces_of(ask: Ask, horizon: int, limited: Collection[str]) -> list[Piece]:
    """Return the pieces of a request; `limited` are the entities that state a limit."""
    bound = frozenset(limited).difference(ask.inside)
    alike: dict[tuple[int, tuple[Holder, ...]], list[int]] = defaultdict(list)
    for need in ask.needs:
        alike[need.ready, need.holders].append(need.number)
    ready_in: dict[int, list[Kind]] = defaultdict(list)
    for (ready, holders), numbers in sorted(alike.items()):
        ready_in[ready].append(Kind(tuple(sorted(numbers)), holders))
    return [
        Piece(kinds[place : place + LARGEST], ready, horizon, bound)
        for ready, kinds in ready_in.items()
        for place in range(0, len(kinds), LARGEST)
    ]


def _shares(kinds: Sequence[Kind], ready: int, horizon: int) -> list[tuple[int, list[Share]]]:
    """Return every share that somebody could take, by its kinds; each kind may also be left."""
    held: dict[str, dict[int, list[Holder]]] = defaultdict(lambda: defaultdict(list))
    for place, kind in enumerate(kinds):
        for one in kind.holders:
            held[one.entity][place].append(one)
    found: dict[int, list[Share]] = defaultdict(list)
    for entity, mine in sorted(held.items()):
        for part in range(1, 1 << len(kinds)):
            places = [place for place in range(len(kinds)) if part >> place & 1]
            if all(place in mine for place in places):
                counts = [len(kinds[place].numbers) for place in places]
                for each in product(*(mine[place] for place in places)):
                    found[part] += _share(entity, counts, each, (ready, horizon))
    for place, kind in enumerate(kinds):
        missed = len(kind.numbers) * (WAIT * (horizon - ready) + LEFT)
        found[1 << place].append(Share(missed, NOBODY, 0, horizon, horizon))
    return sorted((part, shares) for part, shares in found.items() if shares)


def _share(
    entity: str, counts: Sequence[int], held: Sequence[Holder], when: tuple[int, int]
) -> Iterator[Share]:
    """Yield what an entity could take, if in any quarter: so many needs of each kind it holds."""
    ready, horizon = when
    since = max(ready, *(one.since for one in held))
    until = min(horizon, *(one.until for one in held))
    slope = WAIT * sum(counts)
    points = sum(RANK * count * one.rank for count, one in zip(counts, held, strict=True))
    if since < until:
        yield Share(TAKES_PART + points - slope * ready, entity, slope, since, until)


def _steps(whole: int, parts: Sequence[int]) -> Steps:
    reached: dict[int, list[tuple[int, int]]] = {}
    waiting = [whole]
    while waiting:
        mask = waiting.pop()
        if mask and mask not in reached:
            lowest = mask & -mask
            fitting = [part for part in parts if part & lowest and not part & ~mask]
            reached[mask] = [(part, mask ^ part) for part in fitting]
            waiting += [rest for _, rest in reached[mask]]
    return sorted(reached.items())


def _by_cost(way: Way) -> tuple[int, str]:
    return way.cost, way.entity
