"""What the optimiser takes and gives: frozen values that can be stored as they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Rank = Literal["lead", "provider", "regional"]
RANKS: Mapping[str, int] = {"lead": 0, "provider": 1, "regional": 2}
"""What it costs that a need is answered by a holder of this rank."""


@dataclass(frozen=True, slots=True)
class NeedIn:
    """One need that stands. `topic` may be empty; `side` is that of its topic (F10), or empty."""

    number: int
    area: str
    topic: str
    kind: str
    sensitivities: tuple[str, ...]
    side: str


@dataclass(frozen=True, slots=True)
class HoldIn:
    """A mandate that covers a need: `mandate` is code@version; `lead_in` the subjects led."""

    need: int
    mandate: str
    rank: Rank
    cite: tuple[str, ...]
    lead_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LimitIn:
    """A mandate on the topic of a need that does not reach it: for its region, matter or kind."""

    need: int
    mandate: str
    code: Literal["region", "sensitivity", "kind"]
    cite: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CandidateIn:
    """An entity that gives help on some topic of the needs, and what stands against asking it.

    `capacity_left` is how many more requests it can take; None: it states no limit.
    """

    entity: str
    holds: tuple[HoldIn, ...]
    limits: tuple[LimitIn, ...]
    reachable: bool
    declined: bool
    capacity_left: int | None


@dataclass(frozen=True, slots=True)
class ArrangementIn:
    """An agreement between entities; `split` pairs each party with its side."""

    code: str
    split: tuple[tuple[str, str], ...]
    cite: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeardIn:
    """An authority to be heard because needs carry a sensitivity that it watches over."""

    entity: str
    mandate: str
    sensitivities: tuple[str, ...]
    needs: tuple[int, ...]
    cite: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InterestedIn:
    """Someone whose programmes touch the needs without giving help: user, monitor, financier."""

    entity: str
    mandate: str
    role: str
    needs: tuple[int, ...]
    cite: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that a proposal rests on: stored with it, enough to compute it again."""

    as_of: str
    countries: tuple[str, ...]
    needs: tuple[NeedIn, ...]
    candidates: tuple[CandidateIn, ...]
    arrangements: tuple[ArrangementIn, ...]
    consult: tuple[HeardIn, ...]
    interested: tuple[InterestedIn, ...]


@dataclass(frozen=True, slots=True)
class AssignmentOut:
    """A need given to an entity under a mandate; part lead answers for the need, support joins."""

    need: int
    entity: str
    part: Literal["lead", "support"]
    rank: Rank
    mandate: str
    cite: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class UncoveredOut:
    """A need that nobody can be asked for, and why."""

    need: int
    code: str
    reason: str
    cite: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhyNotOut:
    """A candidate that is not proposed, and why."""

    entity: str
    code: str
    reason: str
    cite: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArrangementOut:
    """An arrangement that is in force for these needs, with each party's side and needs."""

    code: str
    split: tuple[tuple[str, str, tuple[int, ...]], ...]
    cite: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who should help. No `lead` means that nobody can be asked, and `reason` says why.

    `rank_cost` is the sum of the ranks of those who answer; `explored` counts the partial sets that
    were looked at before the choice was known to be the best.
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

    @property
    def entities(self) -> tuple[str, ...]:
        """The lead and those who support it, the lead first."""
        return () if self.lead is None else (self.lead, *self.support)
