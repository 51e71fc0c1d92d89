"""What the optimiser gives: a proposal with its reasons and its proof, to be stored as it is."""

from dataclasses import dataclass
from typing import Literal

from app.matching.optimiser.values import HeardIn, InterestedIn, OverlapIn, Rank
from app.matching.optimiser.wording import SentenceOut


@dataclass(frozen=True, slots=True)
class AssignmentOut:
    """A need given to an entity under a mandate; part lead answers for the need, support joins.

    `waits`: it begins after the comprehensive assessment, a rapid one does not open it (F32, F38).
    `kept`: the entity has accepted it already. `told` is the reason with its values apart, here and
    below; what was stored before it was kept so has none.
    """

    need: int
    entity: str
    part: Literal["lead", "support"]
    rank: Rank
    mandate: str
    cite: tuple[str, ...]
    reason: str
    waits: bool = False
    kept: bool = False
    told: tuple[SentenceOut, ...] = ()


@dataclass(frozen=True, slots=True)
class UncoveredOut:
    """A need that nobody can be asked for, and why; `entries` are the mandates that fall short."""

    need: int
    code: str
    reason: str
    cite: tuple[str, ...]
    entries: tuple[str, ...] = ()
    told: tuple[SentenceOut, ...] = ()


@dataclass(frozen=True, slots=True)
class WhyNotOut:
    """A candidate that is not proposed, and why; `entries` are the mandates it is told by."""

    entity: str
    code: str
    reason: str
    cite: tuple[str, ...]
    entries: tuple[str, ...] = ()
    told: tuple[SentenceOut, ...] = ()


@dataclass(frozen=True, slots=True)
class ArrangementOut:
    """An arrangement that is in force for these needs, with each party's side and needs."""

    code: str
    split: tuple[tuple[str, str, tuple[int, ...]], ...]
    cite: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlternativeOut:
    """Another set that meets every need, and what it costs beside the proposed one.

    `answers` pairs each need that changes hands with who would answer for it and its rank.
    """

    entities: tuple[str, ...]
    more_rank: int
    more_entities: int
    answers: tuple[tuple[int, str, Rank], ...]


@dataclass(frozen=True, slots=True)
class ProofOut:
    """Why no set is better: anybody can check the bounds, and the search did the rest.

    No set costs less than `rank_bound`, the sum of each need's best rank, and this one costs it. No
    set of that cost is smaller than `size_bound`: `forced` must be in, and no two of the needs in
    `apart` share a best holder. Where `size` is larger, every partial set was looked at or cut off
    by that bound, `explored` of them.
    """

    rank_bound: int
    size_bound: int
    size: int
    forced: tuple[str, ...]
    apart: tuple[int, ...]
    explored: int


@dataclass(frozen=True, slots=True)
class ChangeOut:
    """One thing that could be different; `need` is 0 where it is about no need.

    `out`: the entity could not be asked. The others are in favour of it.
    """

    code: Literal["reachable", "capacity", "not_declined", "covers", "leads", "out"]
    entity: str
    need: int = 0


@dataclass(frozen=True, slots=True)
class WhatIfOut:
    """The smallest change after which an entity would be proposed; `then` is who would be.

    No smaller one of the kinds that ChangeOut knows does it. `changes` hold all at once.
    """

    entity: str
    changes: tuple[ChangeOut, ...]
    reason: str
    cite: tuple[str, ...]
    then: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who should help. No `lead` means that nobody can be asked, and `reason` says why.

    `leads` are several where an arrangement gives each party a side; `lead` is the first of them.
    `rank_cost` is the sum of the ranks of those who answer; `explored` counts the partial sets that
    were looked at before the choice was known to be the best. `compendium` is the number of the
    version that all this rests on.
    """

    lead: str | None
    support: tuple[str, ...]
    reason: str
    assignments: tuple[AssignmentOut, ...]
    uncovered: tuple[UncoveredOut, ...]
    why_not: tuple[WhyNotOut, ...]
    arrangements: tuple[ArrangementOut, ...]
    consult: tuple[HeardIn, ...]
    interested: tuple[InterestedIn, ...]
    rank_cost: int
    explored: int
    leads: tuple[str, ...] = ()
    overlaps: tuple[OverlapIn, ...] = ()
    alternatives: tuple[AlternativeOut, ...] = ()
    proof: ProofOut | None = None
    what_if: tuple[WhatIfOut, ...] = ()
    compendium: int = 0

    @property
    def entities(self) -> tuple[str, ...]:
        """The lead, those who lead with it, and those who support them."""
        return () if self.lead is None else (*(self.leads or (self.lead,)), *self.support)
