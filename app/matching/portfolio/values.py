"""What the portfolio takes: frozen values that can be stored as they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True, slots=True)
class AskedNeed:
    """A need that somebody may answer for: who, and at which rank (matching.optimiser.RANKS).

    `ready` is the first quarter in which it may begin, counted from 0. A party that an arrangement
    calls (F10) stands as a need of its own that it alone answers for: then `number` is 0.
    """

    number: int
    ready: int
    holders: tuple[tuple[str, int], ...]


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
    holders = tuple((entity, rank) for entity, rank in stored["holders"])
    return AskedNeed(stored["number"], stored["ready"], holders)
