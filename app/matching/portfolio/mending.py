"""From wishes that overrun the limits to a plan that keeps them: greedy, then one by one better."""

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
        found[place] = pieces[place].solve(left.fees)[1]
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
            better = pieces[place].solve(left.fees)[1]
            if better.cost < found[place].cost:
                found[place], changed = better, True
            left.put(found[place])
        if not changed:
            break
    return found
