"""What the portfolio takes: frozen values that can be stored as they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

WAIT = 4
"""Points that one quarter of waiting of one need costs: everything else is told beside it."""
RANK = 8
"""Points for each rank by which who answers stands behind the best: two quarters of waiting."""
TAKES_PART = 1
"""Points for each entity in a request: a quarter of a quarter, so that nothing is doubled (F53)."""
LEFT = 32
"""Points for a need that finds no place, beyond those for waiting to the end: eight quarters."""

NO_LIMIT = 10_000
"""The free places of an entity in a quarter for which it states no limit, though it has others."""


NO_END = 10_000
"""The quarter before which every quarter that is planned lies."""


class Holder(NamedTuple):
    """Who may begin with a need at a rank (matching.optimiser.RANKS), in some quarters.

    From `since` to before `until`, counted from 0: in these the entity's mandate says so. The same
    entity may stand twice, at other ranks in other quarters, and never twice in one quarter.
    """

    entity: str
    rank: int
    since: int = 0
    until: int = NO_END

    def starts(self, ready: int, horizon: int) -> range:
        """Return the quarters in which it may begin with a need that is ready in one."""
        return range(max(self.since, ready), min(self.until, horizon))


@dataclass(frozen=True, slots=True)
class AskedNeed:
    """A need that somebody may answer for: who, at which rank, and in which quarters.

    `ready` is the first quarter in which it may begin, counted from 0. A party that an arrangement
    calls (F10) stands as a need of its own that it alone answers for: then `number` is 0.
    """

    number: int
    ready: int
    holders: tuple[Holder, ...]

    def chances(self, horizon: int) -> list[tuple[Holder, int]]:
        """Return who may begin, and in which quarter."""
        return [(one, start) for one in self.holders for start in one.starts(self.ready, horizon)]

    def points(self, rank: int, start: int) -> int:
        """Return what it costs to be answered at a rank from a quarter on."""
        return RANK * rank + WAIT * (start - self.ready)


@dataclass(frozen=True, slots=True)
class Ask:
    """A request with its open needs; `first` says that it is of those which come first.

    `inside` are entities that are at work in it: for more of it they take no further place.
    """

    reference: str
    first: bool
    needs: tuple[AskedNeed, ...]
    inside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """An entity that states a limit: how many more requests it can take in each quarter."""

    entity: str
    free: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """All that a plan rests on.

    `quarters` are named in order ("2027-Q1"). An entity that begins in a request holds one of its
    places there for `lasts` quarters. An entity without a room has no limit. `unheld` are the needs
    that nobody may be asked for, by request: they are told and not planned.
    """

    quarters: tuple[str, ...]
    lasts: int
    asks: tuple[Ask, ...]
    rooms: tuple[Room, ...]
    unheld: tuple[tuple[str, tuple[int, ...]], ...] = ()


def problem_from(stored: Mapping[str, Any]) -> Problem:
    """Return a problem that was stored as JSON (`dataclasses.asdict`)."""
    return Problem(
        quarters=tuple(stored["quarters"]),
        lasts=stored["lasts"],
        asks=tuple(
            Ask(
                one["reference"],
                one["first"],
                tuple(map(_need_from, one["needs"])),
                tuple(one["inside"]),
            )
            for one in stored["asks"]
        ),
        rooms=tuple(Room(one["entity"], tuple(one["free"])) for one in stored["rooms"]),
        unheld=tuple((reference, tuple(numbers)) for reference, numbers in stored["unheld"]),
    )


def _need_from(stored: Mapping[str, Any]) -> AskedNeed:
    holders = tuple(Holder(*one) for one in stored["holders"])
    return AskedNeed(stored["number"], stored["ready"], holders)
