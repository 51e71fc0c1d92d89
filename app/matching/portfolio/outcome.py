"""What the portfolio gives: who begins with what and when, the prices of places, and the proof."""

from dataclasses import dataclass
from typing import Literal

Standing = Literal["at_once", "together", "other_holder", "waits", "no_place"]
Method = Literal["highs", "own"]


@dataclass(frozen=True, slots=True)
class GivenOut:
    """A need with the entity that would answer for it and the quarter in which it would begin.

    `earliest` is when it could begin if nobody else asked, as far as places are free: "" when in no
    quarter. `rank` counts from 0, the best. `standing`: at_once (as early and as well held as
    mandates allow), waits, other_holder (a better one is full), together (with others of the
    request), or no_place. `full` are the places, entity and quarter, for want of which it is not
    better served. Need 0 is a party that takes part under an arrangement (F10).
    """

    need: int
    entity: str
    rank: int
    begins: str
    earliest: str
    standing: Standing
    full: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RequestOut:
    """A request in the plan; `begins` and `earliest` are those of the need that begins first."""

    reference: str
    first: bool
    begins: str
    earliest: str
    waiting: int
    needs: tuple[GivenOut, ...]


@dataclass(frozen=True, slots=True)
class PlaceOut:
    """The places of an entity in a quarter: how many were free, how many the plan takes.

    Prices are in quarters of waiting of one need: one more place would save those that come first,
    or the others, at most so much. `binding`: all are taken, and one more would save something.
    """

    entity: str
    quarter: str
    free: int
    taken: int
    price_first: float
    price_others: float
    binding: bool


@dataclass(frozen=True, slots=True)
class BoundOut:
    """How good the plan is for those who come first, or for the others after them.

    `cost` is in points (values.WAIT a quarter of waiting). No plan costs less than `bound`; `gap`
    is what lies between, as a part of the cost. `rounds` counts the rounds of the relaxation,
    `columns` the ways of giving a request away among which the plan was chosen.
    """

    first: bool
    requests: int
    cost: int
    bound: int
    gap: float
    rounds: int
    columns: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The portfolio: a proposal for all open requests at once, which binds nobody.

    `method`: highs (its master problem solved by HiGHS) or own (relaxation and mending alone).
    `unheld` are the needs that nobody may be asked for, by request.
    """

    method: Method
    rule: str
    cite: tuple[str, ...]
    requests: tuple[RequestOut, ...]
    places: tuple[PlaceOut, ...]
    proofs: tuple[BoundOut, ...]
    gap: float
    unheld: tuple[tuple[str, tuple[int, ...]], ...] = ()
