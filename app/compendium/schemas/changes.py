"""What doors take and give for changes of the compendium."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.compendium.entries import KINDS, Kind
from app.compendium.schemas.views import Entry
from app.kit.text import Filled, FilledProse, Instant, Name, Prose


class ChangeBody(BaseModel):
    """What one entry is to say; a field that is left out stays as its newest version says it.

    `base` is the version that it rests on (0: a new entry; left out: the newest). To withdraw an
    entry send no content.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    code: Name
    base: int | None = Field(default=None, ge=0, le=2**31 - 1)
    withdraw: bool = False
    content: dict[Name, Any] = Field(default_factory=dict, max_length=30)


class ChangesBody(BaseModel):
    """A proposal: what is to change and why, from which moment on (left out: its approval).

    A focal point is changed like any other entry; at the moment the right to act passes on.

    `claim` says that something was left out of the compendium (C65). `restores` goes back to what
    a numbered version said, as a new version; it names no changes, and `kinds` are those of the
    entries that go back (left out: all but focal points, who are persons and may be gone).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["change", "claim", "restore"] = "change"
    title: Filled
    reason: FilledProse
    effective_at: Instant | None = None
    changes: list[ChangeBody] = Field(default_factory=list, max_length=500)
    restores: int | None = Field(default=None, ge=1, le=2**31 - 1)
    kinds: list[Kind] = Field(default_factory=list, max_length=len(KINDS))


class ReviewBody(BaseModel):
    """What a second person says to a proposal; a no takes a reason.

    `effective_at` puts another moment in place of the proposed one, such as one that has passed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    approved: bool
    reason: Prose = ""
    effective_at: Instant | None = None


class FieldChange(Entry):
    """One field of an entry, before and after."""

    field: str
    before: Any
    after: Any


class Difference(Entry):
    """What would change of one entry: `act` is add, change or withdraw."""

    kind: str
    code: str
    base: int
    act: str
    fields: list[FieldChange]


class ChangesView(Entry):
    """A proposal with what it would change and what became of it.

    `number` is the version of the compendium that it became; `effective_at` the moment from which
    that speaks, once it is approved.
    """

    id: int
    kind: str
    status: str
    title: str
    reason: str
    entities: list[str]
    effective_at: datetime | None
    proposed_by: int
    proposed_at: datetime
    reviewed_by: int | None
    reviewed_at: datetime | None
    review_reason: str
    number: int | None
    changes: list[Difference]


class ComparedView(Entry):
    """What a file would change; `changes` can be sent as they are in a proposal."""

    unchanged: int
    difference: list[Difference]
    changes: list[ChangeBody]
