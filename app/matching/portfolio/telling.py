"""A plan in words of the house: needs, quarters, what is full, and the prices of places."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from app.matching.portfolio.outcome import GivenOut, PlaceOut, RequestOut, Standing
from app.matching.portfolio.pieces import NOBODY, Column, Piece, Way
from app.matching.portfolio.places import Places, Prices
from app.matching.portfolio.values import NO_LIMIT, WAIT, Ask, AskedNeed, Holder, Problem

ROUNDED = 3
SEEN = 0.0005
"""Prices below this are told as nothing."""


class Stand(NamedTuple):
    """A problem with the places that were free before, and those left after the plan."""

    problem: Problem
    places: Places
    left: Mapping[str, Sequence[int]]

    def quarter(self, number: int) -> str:
        """Return the name of a quarter; "" for one that lies beyond what is planned."""
        return self.problem.quarters[number] if number < self.places.horizon else ""


class Room(NamedTuple):
    """Where the needs of one request stand: `inside` are those who need no further place in it."""

    stand: Stand
    inside: frozenset[str]

    def was_free(self, entity: str, quarter: int) -> bool:
        """Whether an entity had a place before, or needs none."""
        free = self.stand.places.free
        return entity in self.inside or entity not in free or free[entity][quarter] > 0

    def is_full(self, entity: str, quarter: int) -> bool:
        """Whether an entity has no place left after the plan."""
        left = self.stand.left
        return entity not in self.inside and entity in left and left[entity][quarter] == 0


def request_told(
    stand: Stand, ask: Ask, pieces: Sequence[Piece], columns: Sequence[Column]
) -> RequestOut:
    """Return a request as the plan has it."""
    ways: dict[tuple[int, int, tuple[Holder, ...]], Way] = {
        (number, piece.ready, kind.holders): way
        for piece, one in zip(pieces, columns, strict=True)
        for way in one.ways
        for place, kind in enumerate(piece.kinds)
        if way.kinds >> place & 1
        for number in kind.numbers
    }
    room = Room(stand, frozenset(ask.inside))
    given = [(need, ways[need.number, need.ready, need.holders]) for need in ask.needs]
    begins = [way.start for _, way in given]
    return RequestOut(
        reference=ask.reference,
        first=ask.first,
        begins=stand.quarter(min(begins, default=stand.places.horizon)),
        earliest=stand.quarter(
            min((_earliest(room, need) for need in ask.needs), default=stand.places.horizon)
        ),
        waiting=sum(way.start - need.ready for need, way in given),
        needs=tuple(
            _given(room, need, way)
            for need, way in sorted(given, key=lambda one: (one[0].number, one[1].entity))
        ),
    )


def places_told(stand: Stand, first: Prices, others: Prices) -> tuple[PlaceOut, ...]:
    """Return every place of those who state a limit, with what one more would save."""
    told = []
    for entity, free in stand.places.free.items():
        for quarter, most in enumerate(free):
            if most >= NO_LIMIT:
                continue
            left = stand.left[entity][quarter]
            prices = [each[entity][quarter] / WAIT for each in (first, others)]
            of_first, of_others = (round(p, ROUNDED) if p > SEEN else 0.0 for p in prices)
            told.append(
                PlaceOut(
                    entity=entity,
                    quarter=stand.quarter(quarter),
                    free=most,
                    taken=most - left,
                    price_first=of_first,
                    price_others=of_others,
                    binding=left == 0 and bool(of_first or of_others),
                )
            )
    return tuple(told)


def _given(room: Room, need: AskedNeed, way: Way) -> GivenOut:
    stand = room.stand
    worst = max(one.rank for one in need.holders)
    rank = worst if way.entity == NOBODY else _rank(need, way)
    full = _full(room, need, way)
    return GivenOut(
        need=need.number,
        entity=way.entity,
        rank=rank,
        begins=stand.quarter(way.start),
        earliest=stand.quarter(_earliest(room, need)),
        standing=_standing(stand, need, way, full=bool(full)),
        full=full,
    )


def _rank(need: AskedNeed, way: Way) -> int:
    """Return the rank at which an entity may answer for a need in the quarter of its way."""
    return next(
        one.rank
        for one in need.holders
        if one.entity == way.entity and one.since <= way.start < one.until
    )


def _standing(stand: Stand, need: AskedNeed, way: Way, *, full: bool) -> Standing:
    if way.entity == NOBODY:
        return "no_place"
    chances = need.chances(stand.places.horizon)
    least = min(need.points(one.rank, start) for one, start in chances)
    if need.points(_rank(need, way), way.start) == least:
        return "at_once"
    if not full:
        return "together"
    soonest = min(start for _, start in chances)
    return "waits" if way.start > soonest else "other_holder"


def _earliest(room: Room, need: AskedNeed) -> int:
    """Return the first quarter in which some holder has a place, if nobody else asked."""
    places = room.stand.places
    begun = (
        start
        for one, start in need.chances(places.horizon)
        if all(room.was_free(one.entity, quarter) for quarter in places.held(start))
    )
    return min(begun, default=places.horizon)


def _full(room: Room, need: AskedNeed, way: Way) -> tuple[tuple[str, str], ...]:
    """Return the places without which the need would be answered earlier or by a better holder."""
    worth = need.points(_rank(need, way), way.start) if way.entity != NOBODY else None
    places = room.stand.places
    found = {
        (quarter, entity)
        for entity, start in _better(need, places.horizon, worth)
        for quarter in places.held(start)
        if room.is_full(entity, quarter)
    }
    return tuple((entity, room.stand.quarter(quarter)) for quarter, entity in sorted(found))


def _better(need: AskedNeed, horizon: int, worth: int | None) -> Iterator[tuple[str, int]]:
    """Yield who could begin when, at fewer points than what the plan gives."""
    for one, start in need.chances(horizon):
        if worth is None or need.points(one.rank, start) < worth:
            yield one.entity, start
