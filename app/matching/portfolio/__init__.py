"""The portfolio: all open requests at once under the entities' limits, from values to values; pure.

`plan(problem)` gives each open need to an entity and a quarter, or to nobody within the quarters
that are planned, such that no entity takes more requests in a quarter than it can (C53, C54).

*Who comes first* is one rule (planning.RULE): those in special situations are planned first, as if
nobody else asked; the others share what these leave. *Within each half* every need counts the same
and the points are least: WAIT for each quarter that a need waits, RANK for each rank by which its
holder stands behind the best, TAKES_PART for each entity in a request, LEFT for a need that finds
no place. With room for all it is the choice of `matching.optimiser`: best ranks, then fewest.

Limits become prices (`relaxation`), requests are solved one by one under them (`pieces`), what
comes of it is chosen from once more (`master`, with HiGHS) or mended (`mending`, without). The
bound that goes with the prices says how far from the best the plan can be at most.
"""

from app.matching.portfolio.outcome import BoundOut, GivenOut, Method, PlaceOut, Plan, RequestOut
from app.matching.portfolio.planning import CITE, RULE, best_method, plan
from app.matching.portfolio.values import (
    LEFT,
    RANK,
    TAKES_PART,
    WAIT,
    Ask,
    AskedNeed,
    Holder,
    Problem,
    Room,
)

__all__ = [
    "CITE",
    "LEFT",
    "RANK",
    "RULE",
    "TAKES_PART",
    "WAIT",
    "Ask",
    "AskedNeed",
    "BoundOut",
    "GivenOut",
    "Holder",
    "Method",
    "PlaceOut",
    "Plan",
    "Problem",
    "RequestOut",
    "Room",
    "best_method",
    "plan",
]
