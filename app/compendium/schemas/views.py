"""What entries of the compendium look like when they are read."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from app.compendium.entries import ENVELOPE, GAINED


class Entry(BaseModel):
    """What is shown; read from rows."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Held(Entry):
    """What every entry tells beside its content: which version it is, its days, how it is known.

    `version` is the entry's, `number` that of the compendium with which it came. It speaks from
    `effective_at` on (valid time) and is known since `recorded_at` (recorded time); it holds on the
    days from `valid_from` to before `valid_to`. By `review_by` its owner looks at it again (N2).
    """

    version: int
    number: int
    source: str
    provenance: str
    basis: str
    valid_from: date
    valid_to: date | None
    review_by: date | None
    effective_at: datetime
    recorded_at: datetime


class EntityView(Held):
    """An organization; `reachable` says whether somebody answers for it on the day asked about.

    `reached_by` is primary, alternate or nobody.
    """

    code: str
    name: str
    full_name: str
    kind: str
    region: str | None
    assignable: bool
    cite: list[str]
    reachable: bool
    reached_by: str


class MandateView(Held):
    """What an entity may do; `lead_of` are the subjects in which it leads on these topics."""

    code: str
    entity: str
    role: str
    text: str
    topics: list[str]
    kinds: list[str]
    sectors: list[str] = []
    regions: list[str]
    sensitivities: list[str]
    lead_of: list[str]
    cite: list[str]


class LeadView(Held):
    """The entity that the system follows in a subject; it comes before plain competence (F8, F9).

    With `sensitivities` the lead extends only to needs that carry one of them.
    """

    subject: str
    entity: str
    topics: list[str]
    sensitivities: list[str]
    cite: list[str]


class ArrangementView(Held):
    """An agreement between entities; `split` says which side of a need each party takes."""

    code: str
    title: str
    parties: list[str]
    scope: str
    split: dict[str, Literal["criminal_justice", "cybersecurity", "development"]]
    signed: str
    cite: list[str]


class CapacityView(Held):
    """How many requests an entity takes at once, in one quarter or (no `period`) at any time."""

    code: str
    entity: str
    period: str
    requests: int
    note: str
    cite: list[str]


class EntryVersion(Held):
    """One version of one entry, as it stands in the record; `content` is that of its kind."""

    kind: str
    code: str
    withdrawn: bool
    content: dict[str, Any]

    def told(self) -> dict[str, Any]:
        """Return all that the version says of its entry, as one who changes it sends it."""
        gained = GAINED.get(self.kind, {})
        return {**gained, **self.content, **self.model_dump(mode="json", include=set(ENVELOPE))}


class StaleView(Entry):
    """An entry whose review date is past, by how many days, and which owners nobody reaches."""

    kind: str
    code: str
    version: int
    owners: list[str]
    review_by: date
    days: int
    unreached: list[str]


class VersionView(Entry):
    """One numbered version of the compendium: known since `recorded_at`, speaking later or then.

    `effected_at` is when its effect on the open requests had been carried out.
    """

    number: int
    source: str
    entries: int
    recorded_at: datetime
    effective_at: datetime
    effected_at: datetime | None


@dataclass(frozen=True, slots=True)
class MandateSearch:
    """What a list of mandates is narrowed to: as of a day or moment, known at a moment, by what.

    A day is read at its end.
    """

    as_of: date
    known_at: datetime
    entity: str | None = None
    topic: str | None = None
