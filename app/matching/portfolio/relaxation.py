"""Prices of scarce places by Lagrangian relaxation: a bound, ways to give requests away, a plan.

The limits are lifted and places get prices instead; each piece is then solved for itself. What the
pieces cost, less what the places are worth, is a bound from below for every plan that keeps the
limits. Prices move by deflected subgradients with Polyak's step (Held, Wolfe and Crowder 1974).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

from app.matching.portfolio.mending import mend
from app.matching.portfolio.pieces import Column, Piece
from app.matching.portfolio.places import Places, Prices

PATIENCE = 5
"""Rounds without a better bound before the step is halved."""
SHORTEST = 0.01
NOTABLE = 1e-4
MENDED_EACH = 10
MEMORY = 0.5
"""How much of the direction before goes into the next one."""
WHOLE = 1e-6
"""Costs are whole numbers: a bound this close below one is that number."""


@dataclass(slots=True)
class Relaxed:
    """Where the relaxation stands: the best bound with its prices, the best plan, all columns."""

    pieces: Sequence[Piece]
    places: Places
    prices: Prices
    bound: float = -inf
    plan: list[Column] = field(default_factory=list)
    cost: float = inf
    pool: list[set[Column]] = field(default_factory=list)
    rounds: int = 0

    @property
    def closed(self) -> bool:
        """Whether no plan can be better."""
        return self.cost - self.bound < 1 - WHOLE

    def wishes(self, prices: Prices) -> tuple[float, list[Column]]:
        """Return the bound at some prices and what each piece would take, which the pool keeps."""
        fees = self.places.fees(prices)
        found = [piece.cheapest(fees) for piece in self.pieces]
        for known, (_, one) in zip(self.pool, found, strict=True):
            known.add(one)
        return sum(v for v, _ in found) - self.places.worth(prices), [one for _, one in found]

    def offer(self, plan: list[Column]) -> None:
        """Keep a plan that holds the limits, if it is the best so far."""
        cost = sum(one.cost for one in plan)
        for known, one in zip(self.pool, plan, strict=True):
            known.add(one)
        if cost < self.cost:
            self.plan, self.cost = plan, cost

    def rise(self, bound: float, prices: Prices) -> None:
        """Keep prices whose bound is the best so far."""
        if bound > self.bound:
            self.bound = bound
            self.prices = {entity: list(each) for entity, each in prices.items()}


def relax(pieces: Sequence[Piece], places: Places, rounds: int) -> Relaxed:
    """Return the relaxation after at most `rounds` rounds."""
    found = Relaxed(pieces, places, places.at_nothing(), pool=[set() for _ in pieces])
    prices, direction = places.at_nothing(), places.at_nothing()
    reach, stale = 1.0, 0
    while found.rounds < rounds and reach >= SHORTEST:
        bound, wished = found.wishes(prices)
        better = bound > found.bound + NOTABLE * abs(found.bound) or found.rounds == 0
        stale = 0 if better else stale + 1
        found.rise(bound, prices)
        _try(found, wished, prices)
        found.rounds += 1
        if found.closed:
            break
        if stale >= PATIENCE:
            reach, stale = reach / 2, 0
            prices = {entity: list(each) for entity, each in found.prices.items()}
            direction = places.at_nothing()
        elif not _move(found, (prices, direction), wished, reach * (found.cost - bound)):
            break
    return found


def _try(found: Relaxed, wished: list[Column], prices: Prices) -> None:
    """Offer what is wished, where it keeps the limits, or now and then what mending makes of it."""
    if found.places.hold(wished):
        found.offer(wished)
    elif found.rounds % MENDED_EACH == 0:
        found.offer(mend(found.pieces, found.places, wished, prices))


def _move(
    found: Relaxed, stand: tuple[Prices, Prices], wished: Sequence[Column], step: float
) -> bool:
    """Move the prices towards where too much is wished; False when nothing would change."""
    prices, direction = stand
    norm = 0.0
    for entity, counts in found.places.wanted(wished).items():
        free, old, way = found.places.free[entity], prices[entity], direction[entity]
        for quarter, count in enumerate(counts):
            over = count - free[quarter] + MEMORY * way[quarter]
            way[quarter] = over if over > 0 or old[quarter] > 0 else 0.0
            norm += way[quarter] ** 2
    if not norm:
        return False
    for entity, way in direction.items():
        pairs = zip(prices[entity], way, strict=True)
        prices[entity] = [max(0.0, price + step / norm * by) for price, by in pairs]
    return True
