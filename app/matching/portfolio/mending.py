"""From wishes that overrun the limits to a plan that keeps them: greedy, then one by one better."""

from collections import Counter
from collections.abc import Sequence
from math import inf

from app.matching.portfolio.pieces import Column, Piece
from app.matching.portfolio.places import Left, Places, Prices

PASSES = 4


def mend(
    pieces: Sequence[Piece], places: Places, wished: Sequence[Column], prices: Prices
) -> list[Column]:
    """Return a column for each piece, all within the limits; prices steer who gives way.

    Who would lose most by giving way chooses first.
    """
    fees = places.fees(prices)
    regrets = []
    for place, (piece, wish) in enumerate(zip(pieces, wished, strict=True)):
        barred = {way.entity: (inf,) * places.horizon for way in wish.ways if way.bound}
        regret = piece.solve({**fees, **barred})[0] - piece.cheapest(fees)[0] if barred else 0.0
        regrets.append((-regret, place))
    left = Left(places, prices)
    found = list(wished)
    for _, place in sorted(regrets):
        found[place] = _within(pieces[place], left)
        left.put(found[place])
    return improve(pieces, places, found)


def improve(pieces: Sequence[Piece], places: Places, plan: Sequence[Column]) -> list[Column]:
    """Return a plan in which no piece alone can be served better by what the others leave."""
    left, found = Left(places, places.at_nothing()), list(plan)
    for one in found:
        left.put(one)
    for _ in range(PASSES):
        changed = False
        short = [(piece.ideal - found[place].cost, place) for place, piece in enumerate(pieces)]
        for missed, place in sorted(short):
            if not missed:
                break
            left.take_out(found[place])
            better = _within(pieces[place], left)
            if better.cost < found[place].cost:
                found[place], changed = better, True
            left.put(found[place])
        if not changed:
            break
    return found


def _within(piece: Piece, left: Left) -> Column:
    """Return a column that what is left can hold: the cheapest, unless somebody begins in it twice.

    Where there is one place for the two, that entity stands back: a plan that could be better is
    found by the choice among all columns.
    """
    barred: dict[str, tuple[float, ...]] = {}
    while True:
        found = piece.solve({**left.fees, **barred})[1]
        if left.fits(found):
            return found
        counts = Counter(way.entity for way in found.ways if way.bound)
        twice = min(
            entity for entity, count in counts.items() if count > 1 and entity not in barred
        )
        barred[twice] = (inf,) * len(left.fees[twice])
