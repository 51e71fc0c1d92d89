"""What doors take and give for the compendium."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.kit.text import Instant, Name

MOST_ID = 2**63 - 1


class Entry(BaseModel):
    """What is shown; read from rows."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class FocalPointView(Entry):
    """The person who answers for an entity, on every day from `valid_from` to before `valid_to`."""

    id: int
    entity: str
    person_id: int
    name: str
    valid_from: date
    valid_to: date | None
    begins_at: datetime | None = None


class EntityView(Entry):
    """An organization; `reachable` says whether somebody answers for it on the day asked about."""

    code: str
    name: str
    full_name: str
    kind: str
    region: str | None
    assignable: bool
    cite: list[str]
    reachable: bool


class MandateView(Entry):
    """What an entity may do, as of when, and how we know."""

    code: str
    version: int
    entity: str
    role: str
    text: str
    topics: list[str]
    kinds: list[str]
    regions: list[str]
    sensitivities: list[str]
    lead_of: list[str]
    cite: list[str]
    provenance: str
    basis: str
    valid_from: date
    valid_to: date | None
    review_by: date | None
    recorded_at: datetime


class ArrangementView(Entry):
    """An agreement between entities; `split` says which side of a need each party takes."""

    code: str
    title: str
    parties: list[str]
    scope: str
    split: dict[str, Literal["criminal_justice", "cybersecurity", "development"]]
    signed: str
    cite: list[str]


class VersionView(Entry):
    """One recorded state of the compendium."""

    number: int
    source: str
    entries: int
    recorded_at: datetime


class FocalPointBody(BaseModel):
    """Who answers for an entity from a day on; whoever did so before ends on that day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    entity: Name
    person_id: int = Field(ge=1, le=MOST_ID)
    valid_from: date


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
    """An entity that nobody can reach, now or soon: none, suspended, without_role, ending."""

    entity: str
    reason: str


@dataclass(frozen=True, slots=True)
class MandateSearch:
    """What a list of mandates is narrowed to: valid on a day, known at a moment, entity, topic."""

    as_of: date
    known_at: datetime
    entity: str | None = None
    topic: str | None = None
