"""The smallest set of entities that meets every need: exact, by branch and bound."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

Row = frozenset[str]


@dataclass(frozen=True, slots=True)
class Cover:
    """The chosen entities in order, and how many partial sets were looked at to prove them best."""

    entities: tuple[str, ...]
    explored: int


def smallest_cover(options: Mapping[int, Collection[str]], forced: Collection[str]) -> Cover:
    """Return the smallest set that holds `forced` and one of each need's options.

    Of several smallest ones it is the first by codes. A need without options raises ValueError.
    """
    rows = [frozenset(entities) for _, entities in sorted(options.items())]
    if not all(rows):
        raise ValueError("a need without options cannot be covered")
    taken = frozenset(forced)
    search = _Search(taken.union(*rows))
    search.extend(taken, _undominated(row for row in rows if not row & taken))
    return Cover(search.best, search.explored)


class _Search:
    """The best set so far, while the tree of partial sets is walked."""

    def __init__(self, everyone: Row) -> None:
        self.best = tuple(sorted(everyone))
        self.explored = 0

    def extend(self, taken: Row, rows: list[Row]) -> None:
        """Try every way to meet `rows`, the narrowest first, with `taken` in the set."""
        self.explored += 1
        if not rows:
            self._offer(tuple(sorted(taken)))
            return
        if len(taken) + _apart(rows) > len(self.best):
            return
        tried: Row = frozenset()
        for entity in sorted(rows[0]):
            left = [row - tried for row in rows if entity not in row]
            if all(left):
                self.extend(taken | {entity}, _undominated(left))
            tried |= {entity}

    def _offer(self, found: tuple[str, ...]) -> None:
        if (len(found), found) < (len(self.best), self.best):
            self.best = found


def _undominated(rows: Iterable[Row]) -> list[Row]:
    """Drop every row that is met whenever another one is; the narrowest come first."""
    kept: list[Row] = []
    for row in sorted(set(rows), key=lambda one: (len(one), sorted(one))):
        if not any(smaller <= row for smaller in kept):
            kept.append(row)
    return kept


def _apart(rows: list[Row]) -> int:
    """Count rows that share no entity with each other: at least so many more are needed."""
    used: Row = frozenset()
    count = 0
    for row in rows:
        if not row & used:
            used |= row
            count += 1
    return count
