"""What an entry of the compendium may say, kind by kind, and how it becomes a row."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationError, model_validator

from app.engine import mandates as packed
from app.engine.entries import Cite, Part, Snake
from app.kit.errors import Blocker, Invalid

Kind = Literal["entity", "mandate", "lead", "arrangement", "capacity", "focal_point"]
KINDS: tuple[Kind, ...] = (
    *("entity", "mandate", "lead", "arrangement", "capacity", "focal_point"),
)
"""The kinds of entries, in the order in which they are recorded: what is named comes first."""

SINCE_EVER = date(1945, 10, 24)
"""Since when an entry holds that names no day: the Charter's entry into force."""
MOST_REQUESTS = 10_000
MOST_ID = 2**63 - 1
ENVELOPE = frozenset({"source", "provenance", "basis", "valid_from", "valid_to", "review_by"})
"""What every kind says beside its content: where it comes from, its days, when it is reviewed."""


class Ground(Part):
    """Where an entry comes from, on which days it holds, and by when it is looked at again (N2)."""

    source: str = ""
    provenance: packed.Provenance = "from_framework"
    basis: str = ""
    valid_from: date = SINCE_EVER
    valid_to: date | None = None
    review_by: date


class EntityEntry(packed.Entity, Ground):
    """An organization or body."""


class MandateEntry(packed.Mandate):
    """What one entity may do; days, provenance and review belong to every mandate anyway."""

    source: str = ""


class LeadEntry(packed.Lead, Ground):
    """The entity that the system follows in a subject."""


class ArrangementEntry(packed.Arrangement, Ground):
    """An agreement between entities."""


class CapacityEntry(Ground):
    """How many requests an entity takes at once; in one quarter, or (no period) at any time."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(:\d{4}-Q[1-4])?$")]
    entity: Snake
    period: Annotated[str, StringConstraints(pattern=r"^(\d{4}-Q[1-4])?$")] = ""
    requests: Annotated[int, Field(ge=0, le=MOST_REQUESTS)]
    note: str = ""
    cite: Cite = ("C53", "C54")


class FocalPointEntry(Ground):
    """The person who answers for an entity, or the alternate where that one is not reached (fc).

    Its code is `<entity>:<part>`, and said without: so one person at a time is the primary one.
    """

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*:(primary|alternate)$")]
    entity: Snake
    part: Literal["primary", "alternate"] = "primary"
    person_id: Annotated[int, Field(ge=1, le=MOST_ID)]
    provenance: packed.Provenance = "completed"
    cite: Cite = ("F53", "fc")

    @model_validator(mode="before")
    @classmethod
    def _named(cls, told: Any) -> Any:
        """Say the code where it is left out."""
        if isinstance(told, Mapping) and not told.get("code"):
            return {**told, "code": f"{told.get('entity')}:{told.get('part') or 'primary'}"}
        return told


Content = (
    EntityEntry | MandateEntry | LeadEntry | ArrangementEntry | CapacityEntry | FocalPointEntry
)
FORMS: Mapping[Kind, type[Content]] = {
    "entity": EntityEntry,
    "mandate": MandateEntry,
    "lead": LeadEntry,
    "arrangement": ArrangementEntry,
    "capacity": CapacityEntry,
    "focal_point": FocalPointEntry,
}
"""What the content of each kind is read as."""


GAINED: Mapping[str, Mapping[str, Any]] = {"mandate": {"sectors": []}}
"""What kinds have come to say since the first versions were recorded, and what those mean by it."""


def code_of(entry: Content) -> str:
    """Return the code of an entry within its kind."""
    return entry.subject if isinstance(entry, LeadEntry) else entry.code


def owner_of(entry: Content) -> str | None:
    """Return the entity that answers for an entry; an arrangement has several and so none."""
    if isinstance(entry, EntityEntry):
        return entry.code
    return None if isinstance(entry, ArrangementEntry) else entry.entity


def owners_of(entry: Content) -> frozenset[str]:
    """Return the entities that an entry concerns."""
    if isinstance(entry, ArrangementEntry):
        return frozenset(entry.parties)
    return frozenset(filter(None, [owner_of(entry)]))


def read(kind: Kind, told: Mapping[str, Any]) -> Content:
    """Return an entry from what was sent. Raises Invalid with every fault by its field."""
    try:
        return FORMS[kind].model_validate(dict(told))
    except ValidationError as fault:
        reasons = [
            Blocker(
                "entry.field",
                params={"field": "/".join(map(str, e["loc"])), "said": e["msg"], "why": e["type"]},
            )
            for e in fault.errors()
        ]
        detail = "; ".join(f"{one.params['field']}: {one.params['said']}" for one in reasons)
        raise Invalid("entry.invalid", f"This is no {kind}: {detail[:1000]}", reasons) from fault


def columns_of(entry: Content) -> dict[str, Any]:
    """Return the columns of a row that hold an entry: its content and what goes with every kind."""
    told = entry.model_dump(mode="json", exclude=set(ENVELOPE))
    given = {name: getattr(entry, name) for name in ENVELOPE}
    return {"content": told, "entity": owner_of(entry), **given}


def dawn(day: date) -> datetime:
    """Return the first moment of a day, in UTC."""
    return datetime.combine(day, time.min, tzinfo=UTC)


def moment_of(as_of: date) -> datetime:
    """Return the moment that is asked about: a moment is itself, a day is read at its end."""
    if isinstance(as_of, datetime):
        return as_of
    return datetime.combine(as_of, time.max, tzinfo=UTC)
