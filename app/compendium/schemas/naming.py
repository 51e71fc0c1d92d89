"""What doors take and give for those who answer for an entity."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.compendium.schemas.views import Entry
from app.kit.text import Instant, Line, Name

MOST_ID = 2**63 - 1
Part = Literal["primary", "alternate"]
"""Of who answers for an entity: the one who is asked, and who stands in for that one."""


class FocalPointView(Entry):
    """The person who answers for an entity, on every day from `valid_from` to before `valid_to`."""

    id: int
    entity: str
    person_id: int
    name: str
    part: str
    source: str
    valid_from: date
    valid_to: date | None
    begins_at: datetime | None = None
    review_by: date | None
    recorded_at: datetime


class FocalPointBody(BaseModel):
    """Who answers for an entity from a day on; whoever did so before ends on that day.

    An alternate is asked where the primary one cannot be reached, and is named apart.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    entity: Name
    person_id: int = Field(ge=1, le=MOST_ID)
    valid_from: date
    part: Part = "primary"
    source: Line = ""
    review_by: date | None = None


class FocalPointEnd(BaseModel):
    """The first day on which a focal point no longer answers for its entity."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    valid_to: date


class SuccessionBody(BaseModel):
    """Who succeeds a focal point, and from which moment on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    person_id: int = Field(ge=1, le=MOST_ID)
    at: Instant


class FocalPointGap(Entry):
    """An entity whose primary focal point cannot be reached, now or soon.

    `reason` is none, suspended, without_role or ending; `alternate` says whether an alternate
    answers meanwhile. Without one, what the entity is asked waits.
    """

    entity: str
    reason: str
    alternate: bool
