"""What doors take and give for the joint programme."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from app.kit.text import Filled, FilledProse, Line, Name, Prose
from app.requests.schemas import Body, ConditionView, View

Count = Annotated[int, Field(ge=1, le=2**31 - 1)]
Amount = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]
Status = Literal["planned", "running", "suspended", "done", "stopped"]


class ActivityBody(Body):
    """A new activity: whose, for which need, resting on which findings of the assessment."""

    entity: Name
    need: Count
    title: Filled
    kind: Name
    findings: tuple[Count, ...] = Field((), max_length=60)
    starts_on: date
    ends_on: date
    objectives: tuple[Name, ...] = Field((), max_length=20)
    targets: tuple[Name, ...] = Field((), max_length=40)
    follow_up_on: date | None = None


class EditActivity(Body):
    """A merge patch of an activity: absent stays; only the date of review can be emptied."""

    title: Filled | None = None
    kind: Name | None = None
    findings: tuple[Count, ...] | None = Field(None, max_length=60)
    starts_on: date | None = None
    ends_on: date | None = None
    objectives: tuple[Name, ...] | None = Field(None, max_length=20)
    targets: tuple[Name, ...] | None = Field(None, max_length=40)
    follow_up_on: date | None = None


class StatusBody(Body):
    """What an activity becomes; stopping takes a reason."""

    status: Status
    reason: Prose = ""


class IndicatorBody(Body):
    """What an activity is measured by; the baseline may be unknown."""

    name: Filled
    unit: Line = ""
    baseline: Amount | None = None
    target: Amount


class MeasureBody(Body):
    """A measurement; null takes it back to not measured, which is not zero."""

    actual: Amount | None
    measured_on: date | None = None


class ReportBody(Body):
    """How an entity's component is getting on."""

    entity: Name
    text: FilledProse


class DepartureBody(Body):
    """An entity that leaves the programme, and why."""

    entity: Name
    reason: FilledProse


class LeadBody(Body):
    """Who leads from now on, since the lead has left, and why it."""

    entity: Name
    reason: FilledProse


class DepartureView(View):
    """What an entity leaves behind: needs to be matched again, and activities stopped, by number.

    `lead`: it led the programme, which begins nothing new until another does.
    """

    entity: str
    needs: list[int]
    activities: list[int]
    lead: bool


class ClosingBody(Body):
    """The closing statement: of each pair exactly one."""

    impact: Prose = ""
    no_impact_reason: Prose = ""
    lesson: Prose = ""
    no_lesson_reason: Prose = ""


class IndicatorView(View):
    """An indicator; `progress` runs from 0 at the baseline to 1 at the target, null if not told."""

    id: int
    name: str
    unit: str
    baseline: float | None
    target: float
    actual: float | None
    measured_on: date | None
    progress: float | None = None


class FindingView(View):
    """A finding of the assessment that an activity rests on."""

    number: int
    topic: str
    text: str


class ActivityView(View):
    """One activity with what it rests on and what it is measured by."""

    number: int
    entity: str
    need: int
    title: str
    kind: str
    status: Status
    reason: str
    objectives: list[str]
    targets: list[str]
    starts_on: date
    ends_on: date
    follow_up_on: date | None
    revision: int
    findings: list[FindingView] | None
    indicators: list[IndicatorView]


class ComponentView(View):
    """The part of the programme that one entity answers for, with its needs by number.

    `left_at`: since when it is out of the programme.
    """

    entity: str
    left_at: datetime | None
    title: str
    needs: list[int]


class ProgrammeView(View):
    """The joint programme; `lead` is empty from when the lead has left until it is replaced.

    `leads` are all that lead at work: several where an arrangement gives each a side (F10), `lead`
    first. `open` are the needs that wait for an entity, by number.
    """

    title: str
    lead: str
    leads: list[str]
    framework_outcome: str
    opened_at: datetime
    open: list[int]


class ReportView(View):
    """What an entity reported."""

    entity: str
    text: str
    at: datetime


class ClosingView(View):
    """The closing statement as it stands."""

    impact: str
    no_impact_reason: str
    lesson: str
    no_lesson_reason: str
    at: datetime


class ResultsView(View):
    """What the programme reaches; coverage names activities by number."""

    activities: dict[str, int]
    measured: int
    unmeasured: int
    mean_progress: float | None
    objectives: dict[str, list[int]]
    stakeholders: dict[str, list[int]]
    follow_ups: dict[int, date | None]


class DeliveryView(View):
    """The whole of the delivery; `programme` is null before it begins."""

    reference: str
    programme: ProgrammeView | None
    components: list[ComponentView]
    activities: list[ActivityView]
    conditions: list[ConditionView]
    reports: list[ReportView]
    closing: ClosingView | None
    results: ResultsView
