"""What doors take and give for broken glass."""

from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

from app.kit.text import Filled, FilledProse
from app.requests.schemas.request import Body, View

REFERENCE = r"^TA-[0-9]{4}-[0-9]{5,9}$"


class GlassBody(Body):
    """Which request, why (at least 20 characters), and the ticket behind it."""

    reference: Annotated[str, StringConstraints(pattern=REFERENCE)]
    reason: Annotated[FilledProse, StringConstraints(min_length=20)]
    ticket: Filled


class GlassReview(Body):
    """Whether there was ground to break the glass, and what the auditor found."""

    justified: bool
    note: FilledProse


class GlassView(View):
    """One opening: who, which request, why, until when, and what its review said."""

    id: int
    person_id: int
    reference: str
    reason: str
    ticket: str
    opened_at: datetime
    until: datetime
    open: bool
    reviewed_by: int | None
    reviewed_at: datetime | None
    justified: bool | None
    note: str


class GlassReadingView(View):
    """One thing that was read."""

    at: datetime
    path: str
