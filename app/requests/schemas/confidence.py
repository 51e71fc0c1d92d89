"""What doors take and give of what is held in confidence."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from app.kit.text import Alpha3, Filled, FilledProse, Line
from app.requests.schemas.request import Body, View

Level = Literal["ordinary", "restricted", "confidential"]
Group = Literal[
    "children",
    "women",
    "minorities",
    "refugees",
    "displaced",
    "journalists",
    "defenders",
    "persons_with_disabilities",
    "victims",
    "witnesses",
    "other",
]
"""Groups of people who may be at risk (C79, F12)."""
Part = Literal["request", "protected", "annexes"]


class LevelBody(Body):
    """The level that a request is raised to, and why."""

    level: Level
    reason: Filled


class LoweringBody(Body):
    """A level to lower to: of the request, or of one document, which then is no annex any more."""

    level: Level = "ordinary"
    attachment: int | None = Field(None, ge=1, le=2**31 - 1)
    reason: Filled


class LoweringView(View):
    """A lowering: it acts once two persons and every country stand behind it (`confirmed_at`)."""

    number: int
    attachment_id: int | None
    before: str
    after: str
    reason: str
    proposed_by: int
    proposed_at: datetime
    confirmed_by: int | None
    confirmed_at: datetime | None
    ended: str


class ProtectedBody(Body):
    """People at risk: only what is needed, and no closer than country and region.

    A precise `location` takes the reason why it cannot be coarser (C79).
    """

    groups: tuple[Group, ...] = Field(min_length=1, max_length=11)
    country: Alpha3
    region: Line = ""
    text: FilledProse
    location: Line = ""
    why_precise: Line = ""


class ProtectedView(View):
    """A protected part as it is seen without opening it."""

    number: int
    groups: list[str]
    country: str
    region: str
    precise: bool
    by: int
    at: datetime


class ProtectedOpened(ProtectedView):
    """A protected part, opened."""

    text: str
    location: str
    why_precise: str


class OpeningBody(Body):
    """Why something protected is opened."""

    reason: Filled


class OpeningView(View):
    """That somebody opened something, and why."""

    part: str
    number: int
    reason: str
    by: int
    at: datetime


class NamedGrantBody(Body):
    """Who may see or open what, why, and until when (at most a year)."""

    person: int = Field(ge=1, le=2**31 - 1)
    part: Part
    reason: Filled
    until: date


class NamedGrantView(View):
    """A named grant; it counts from `agreed_at` until its end, or until it is revoked."""

    number: int
    person_id: int
    part: str
    reason: str
    until: date
    given_by: int
    given_at: datetime
    agreed_by: int | None
    agreed_at: datetime | None
    revoked_at: datetime | None
