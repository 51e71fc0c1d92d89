"""What doors take and give for a request and its needs."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.kit.bodies import Sent
from app.kit.text import Alpha3, Line, Name, Prose

Area = Annotated[str, StringConstraints(pattern=r"^[A-E]$")]
Topic = Annotated[str, StringConstraints(pattern=r"^([A-E][0-9]{1,2}[a-z]?)?$")]


class Body(Sent):
    """What is sent: unknown fields are refused."""


class View(BaseModel):
    """What is shown; read from rows."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class NeedBody(Body):
    """One need, in the country's words."""

    area: Area
    topic: Topic = ""
    text: Prose = ""
    kind: Name | Literal[""] = ""
    sector: Name | Literal[""] = ""
    sensitivities: tuple[Name, ...] = Field((), max_length=10)
    priority: int = Field(3, ge=1, le=5)


class FileRequest(Body):
    """A new draft. It may be incomplete; submitting says everything that is missing."""

    countries: tuple[Alpha3, ...] = Field(min_length=1, max_length=60)
    title: Line = ""
    summary: Prose = ""
    language: Literal["ar", "en", "es", "fr", "ru", "zh"] = "en"
    authority: Line = ""
    sector: Name | Literal[""] = ""
    regional: bool = False
    cyber_labelled: bool = True
    cross_border: Prose = ""
    framework_outcome: Line = ""
    follows: Line | None = None
    needs: tuple[NeedBody, ...] = Field((), max_length=60)


class EditRequest(Body):
    """A merge patch of a request's own texts: absent stays, null empties."""

    title: Line | None = None
    summary: Prose | None = None
    language: Literal["ar", "en", "es", "fr", "ru", "zh"] | None = None
    authority: Line | None = None
    sector: Name | Literal[""] | None = None
    regional: bool | None = None
    countries: tuple[Alpha3, ...] | None = Field(None, min_length=1, max_length=60)
    cyber_labelled: bool | None = None
    cross_border: Prose | None = None
    framework_outcome: Line | None = None


class EditNeed(Body):
    """A merge patch of one need."""

    area: Area | None = None
    topic: Topic | None = None
    text: Prose | None = None
    kind: Name | Literal[""] | None = None
    sector: Name | Literal[""] | None = None
    sensitivities: tuple[Name, ...] | None = Field(None, max_length=10)
    priority: int | None = Field(None, ge=1, le=5)
    dropped: bool | None = None


class NeedView(View):
    """One need as it stands; `apart` says why no entity is to answer for it, if that is so."""

    number: int
    area: str
    topic: str
    text: str
    kind: str
    sector: str
    sensitivities: list[str]
    priority: int
    origin: str
    dropped: bool
    apart: str
    findings: list[int] = []


class RequestView(View):
    """A request as it stands; `turn` says whose turn it is."""

    reference: str
    workflow: str
    workflow_version: int
    state: str
    stage: str
    label: str
    turn: list[str]
    revision: int
    title: str
    summary: str
    language: str
    authority: str
    sector: str
    countries: list[str]
    regional: bool
    cyber_labelled: bool
    internal: bool | None
    urgency: str
    level: str
    cross_border: str
    framework_outcome: str
    follows: str | None
    created_at: datetime
    filed_at: datetime | None
    since: datetime
    updated_at: datetime
    due: datetime | None
    needs: list[NeedView]


class RequestLine(View):
    """A request in a list."""

    reference: str
    title: str
    language: str
    countries: list[str]
    state: str
    stage: str
    label: str
    urgency: str
    revision: int
    since: datetime
    updated_at: datetime
    due: datetime | None


class StatusView(View):
    """The small document for pollers."""

    reference: str
    state: str
    stage: str
    label: str
    turn: list[str]
    revision: int
    since: datetime
    due: datetime | None


class EventView(View):
    """One thing that happened; by a delegation it was done on behalf of another person."""

    number: int
    at: datetime
    actor: str
    on_behalf: str | None = None
    kind: str
    data: dict[str, Any]
