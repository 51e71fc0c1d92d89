"""The smallest set of entities that meets every need: exact, by branch and bound."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

Row = frozenset[str]


@dataclass(frozen=True, slots=True)
class Cover:
    """The chosen entities in order, and the proof that no smaller set would do.

    No two of the needs in `apart` share an option and none is met by `forced`, so that each takes
    an entity of its own: `bound` is the least that any set can have. `explored` counts the partial
    sets that were looked at.
    """

    entities: tuple[str, ...]
    forced: tuple[str, ...]
    apart: tuple[int, ...]
    explored: int

    @property
    def bound(self) -> int:
        """The size below which no set can be."""
        return len(self.forced) + len(self.apart)


def smallest_cover(options: Mapping[int, Mapping[str, int]], forced: Collection[str]) -> Cover:
    """Return the smallest set that holds `forced` and one of each need's options.

    An option has a weight. Of several smallest sets it is the one of least weight, the sum over the
    needs of the lightest option in the set; of several such the first by codes. A need without
    options raises ValueError.
    """
    rows = {number: frozenset(entities) for number, entities in sorted(options.items())}
    if not all(rows.values()):
        raise ValueError("a need without options cannot be covered")
    taken = frozenset(forced)
    open_rows = _undominated(row for row in rows.values() if not row & taken)
    search = _Search(taken.union(*rows.values()), list(options.values()))
    search.extend(taken, open_rows)
    by_row = {row: number for number, row in reversed(rows.items())}
    apart = tuple(sorted(by_row[row] for row in _apart(open_rows)))
    return Cover(search.best, tuple(sorted(taken)), apart, search.explored)


class _Search:
    """The best set so far, while the tree of partial sets is walked."""

    def __init__(self, everyone: Row, weights: Sequence[Mapping[str, int]]) -> None:
        self.weights = weights
        self.best = tuple(sorted(everyone))
        self.explored = 0

    def extend(self, taken: Row, rows: list[Row]) -> None:
        """Try every way to meet `rows`, the narrowest first, with `taken` in the set."""
        self.explored += 1
        if not rows:
            self._offer(tuple(sorted(taken)))
            return
        if len(taken) + len(_apart(rows)) > len(self.best):
            return
        tried: Row = frozenset()
        for entity in sorted(rows[0]):
            left = [row - tried for row in rows if entity not in row]
            if all(left):
                self.extend(taken | {entity}, _undominated(left))
            tried |= {entity}

    def _offer(self, found: tuple[str, ...]) -> None:
        if len(found) < len(self.best) or self._lighter(found):
            self.best = found

    def _lighter(self, found: tuple[str, ...]) -> bool:
        if len(found) > len(self.best):
            return False
        return (self._weight(found), found) < (self._weight(self.best), self.best)

    def _weight(self, chosen: tuple[str, ...]) -> int:
        return sum(min(row[one] for one in chosen if one in row) for row in self.weights)


def _undominated(rows: Iterable[Row]) -> list[Row]:
    """Drop every row that is met whenever another one is; the narrowest come first."""
    kept: list[Row] = []
    for row in sorted(set(rows), key=lambda one: (len(one), sorted(one))):
        if not any(smaller <= row for smaller in kept):
            kept.append(row)
    return kept


def _apart(rows: list[Row]) -> list[Row]:
    """Return rows that share no entity with each other: at least so many more are needed."""
    used: Row = frozenset()
    found = []
    for row in rows:
        if not row & used:
            used |= row
            found.append(row)
    return found
