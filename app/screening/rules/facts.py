"""What the screening room tells the guards about a request."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AppealFacts:
    """The appeal of a request, if it made one."""

    outcome: str


@dataclass(frozen=True, slots=True)
class ScreeningFacts:
    """The latest round: its outcome and who signed; `involved` are all who had a hand in any round.

    `outcome` is empty until a person has decided, and again when a finding changed afterwards.
    """

    outcome: str
    decided_by: int | None
    confirmed_by: int | None
    confirmed_at: datetime | None
    involved: frozenset[int]
    appeal: AppealFacts | None
