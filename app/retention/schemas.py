"""What callers send and get about holds and erasures."""

from datetime import datetime

from pydantic import BaseModel

from app.kit.text import FilledProse
from app.requests.schemas import Body


class ReasonBody(Body):
    """Why something is kept, released or erased. Names no content: it stays readable."""

    reason: FilledProse


class HoldView(BaseModel):
    """A legal hold; `lifted_at` is empty while it stands."""

    number: int
    reason: str
    placed_by: str
    placed_at: datetime
    lifted_by: str | None
    lifted_at: datetime | None
    lift_reason: str


class GoingView(BaseModel):
    """How many rows of one table an erasure concerns; those not dropped lose their words."""

    table: str
    rows: int
    dropped: bool


class AgainstView(BaseModel):
    """One reason against an erasure."""

    code: str
    message: str


class ErasureView(BaseModel):
    """What an erasure would take, what stands against it, and how far it has come.

    `asked_at` without `erased_at`: a second person must confirm it within seven days.
    """

    reference: str
    going: list[GoingView]
    against: list[AgainstView]
    asked_by: int | None
    asked_at: datetime | None
    reason: str
    erased_at: datetime | None
