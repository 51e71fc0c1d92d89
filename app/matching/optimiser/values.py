"""What the optimiser takes: frozen values that can be stored as they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Rank = Literal["lead", "special", "provider", "commission", "regional"]
Limit = Literal["region", "side", "sensitivity", "sector", "kind", "running"]
Apart = Literal["", "internal", "outside", "unserved", "between_organizations", "already_served"]
RANKS: Mapping[str, int] = {"lead": 0, "special": 0, "provider": 1, "commission": 1, "regional": 2}
"""What it costs that a need is answered by a holder of this rank.

`lead`: it leads in the subject (F8, F9). `special`: its mandate is for the very matter or group
that makes the need sensitive (F12). `commission`: a regional commission where several countries of
its region ask together (F11); `regional`: the same where one country asks.
"""
GROUNDS: Mapping[str, int] = {"from_framework": 0, "inferred": 1, "claimed": 2, "completed": 3}
"""How well a mandate is grounded: said by the text, read out of it, claimed, or filled in."""


@dataclass(frozen=True, slots=True)
class NeedIn:
    """One need that stands. `topic` may be empty; `side` is that of its topic (F10), or empty.

    `apart` says why it is nobody's to answer, whoever holds a mandate: a matter of the
    organizations themselves (F2), outside every mandate (F15), left unserved for want of anybody to
    ask (F15, F41), a duty they owe each other (F49), or answered not long ago (F53).
    """

    number: int
    area: str
    topic: str
    kind: str
    sensitivities: tuple[str, ...]
    side: str
    apart: Apart = ""
    sector: str = ""


@dataclass(frozen=True, slots=True)
class HoldIn:
    """A mandate that covers a need: `mandate` is code@version; `lead_in` the subjects led.

    `provenance` says how we know of it (GROUNDS).
    """

    need: int
    mandate: str
    rank: Rank
    cite: tuple[str, ...]
    lead_in: tuple[str, ...] = ()
    provenance: str = "from_framework"


@dataclass(frozen=True, slots=True)
class LimitIn:
    """A mandate on the topic of a need that does not reach it, and for what (`code`).

    `running`: it would double work that another holder has under way there (F53).
    """

    need: int
    mandate: str
    code: Limit
    cite: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CandidateIn:
    """An entity that may be given work: what it holds of the needs, and what stands against it.

    `capacity_left` is how many more requests it can take; None: it states no limit.
    `declined_needs` are those that it will not serve, while it may serve others.
    """

    entity: str
    holds: tuple[HoldIn, ...]
    limits: tuple[LimitIn, ...]
    reachable: bool
    declined: bool
    capacity_left: int | None
    declined_needs: tuple[int, ...] = ()


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
class OverlapIn:
    """Work in the countries that meets a need: running, or past and not long ago (F53)."""

    need: int
    code: str
    entity: str
    state: Literal["running", "past"]


@dataclass(frozen=True, slots=True)
class KeptIn:
    """A need that an entity has accepted already: it is not asked again, and nobody else is."""

    need: int
    entity: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that a proposal rests on: stored with it, enough to compute it again.

    `waiting` are the needs whose kind of help a rapid assessment does not open (F38); they are
    given to their entities and begin after the comprehensive one (F32). `compendium` is the number
    of the version that the mandates were read from.
    """

    as_of: str
    countries: tuple[str, ...]
    needs: tuple[NeedIn, ...]
    candidates: tuple[CandidateIn, ...]
    arrangements: tuple[ArrangementIn, ...]
    consult: tuple[HeardIn, ...]
    interested: tuple[InterestedIn, ...]
    overlaps: tuple[OverlapIn, ...] = ()
    kept: tuple[KeptIn, ...] = ()
    waiting: tuple[int, ...] = ()
    compendium: int = 0
