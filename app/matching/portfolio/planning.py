"""From a problem to a plan: those who come first, then the others on what is left, then the words.

The rule of fairness is the order of the two: it is kept by construction, and by no weight.
"""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import NamedTuple

from app.matching.portfolio import master
from app.matching.portfolio.outcome import BoundOut, Method, Plan
from app.matching.portfolio.pieces import Column, Piece, pieces_of
from app.matching.portfolio.places import Places
from app.matching.portfolio.relaxation import WHOLE, Relaxed, relax
from app.matching.portfolio.telling import Stand, places_told, request_told
from app.matching.portfolio.values import Ask, Problem

RULE = (
    "Requests of which a country is a least developed country, a landlocked developing country or"
    " a small island developing State are planned first, as if nobody else asked; the others share"
    " what these leave."
)
CITE = ("C10", "C72", "F22")
ROUNDS: Mapping[Method, int] = {"highs": 60, "own": 160}
"""Rounds of the relaxation: with HiGHS to follow, fewer do."""


class Half(NamedTuple):
    """Those who come first, or the others: their pieces by request, and what was found."""

    asks: Sequence[Ask]
    pieces: list[list[Piece]]
    found: Relaxed

    @property
    def columns(self) -> list[list[Column]]:
        """The columns of the plan, by request."""
        plan = iter(self.found.plan)
        return [[next(plan) for _ in each] for each in self.pieces]


def best_method() -> Method:
    """Return the best method that this installation knows."""
    return "highs" if master.present() else "own"


def plan(problem: Problem, method: Method | None = None) -> Plan:
    """Return the portfolio of a problem, the same every time for the same method.

    The order in which requests and rooms are told does not matter.
    """
    chosen = method or best_method()
    free = {room.entity: tuple(room.free) for room in sorted(problem.rooms, key=lambda r: r.entity)}
    asks = sorted(problem.asks, key=lambda ask: ask.reference)
    first = _half(problem, [ask for ask in asks if ask.first], free, chosen)
    rest = _without(free, first.found)
    others = _half(problem, [ask for ask in asks if not ask.first], rest, chosen)
    left = _without(rest, others.found)
    stand = Stand(problem, first.found.places, left)
    told = [
        request_told(stand, *each)
        for half in (first, others)
        for each in zip(half.asks, half.pieces, half.columns, strict=True)
    ]
    proofs = (_proof(first, first=True), _proof(others, first=False))
    return Plan(
        method=chosen,
        rule=RULE,
        cite=CITE,
        requests=tuple(sorted(told, key=lambda one: one.reference)),
        places=places_told(stand, first.found.prices, others.found.prices),
        proofs=proofs,
        gap=_gap(sum(one.cost for one in proofs), sum(one.bound for one in proofs)),
        unheld=tuple(sorted(problem.unheld)),
    )


def _half(
    problem: Problem, asks: Sequence[Ask], free: Mapping[str, Sequence[int]], method: Method
) -> Half:
    horizon = len(problem.quarters)
    pieces = [pieces_of(ask, horizon, free) for ask in asks]
    every = [piece for each in pieces for piece in each]
    found = relax(every, Places(free, problem.lasts, horizon), ROUNDS[method])
    if method == "highs" and not found.closed:
        master.finish(found)
    return Half(asks, pieces, found)


def _without(free: Mapping[str, Sequence[int]], found: Relaxed) -> dict[str, tuple[int, ...]]:
    """Return what a plan leaves of the free places."""
    taken = found.places.wanted(found.plan)
    return {
        entity: tuple(f - t for f, t in zip(each, taken[entity], strict=True))
        for entity, each in free.items()
    }


def _proof(half: Half, *, first: bool) -> BoundOut:
    found = half.found
    cost = sum(one.cost for one in found.plan)
    bound = min(cost, ceil(found.bound - WHOLE))
    return BoundOut(
        first=first,
        requests=len(half.asks),
        cost=cost,
        bound=bound,
        gap=_gap(cost, bound),
        rounds=found.rounds,
        columns=sum(map(len, found.pool)),
    )


def _gap(cost: int, bound: int) -> float:
    return round((cost - bound) / cost, 6) if cost else 0.0
