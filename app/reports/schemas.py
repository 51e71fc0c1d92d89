"""What doors give of the reports.

`filter` is the query string of `/api/v1/requests` that leads to the requests behind a figure; where
no list can be asked for them they are named: `references`, the newest of them.
"""

from datetime import date, datetime
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from app.reports.rules import Standing


class Figures(BaseModel):
    """Some figures, which do not change once they were counted."""

    model_config = ConfigDict(frozen=True)


L = TypeVar("L", bound=Figures)


class Report(Figures, Generic[L]):
    """The lines of one report, of the requests that the reader sees, as of a moment."""

    as_of: datetime
    items: list[L]


class TopicStanding(Figures):
    """One topic: how many open needs and requests ask for it, who gives help, who leads in it.

    `demand` counts what the reader may see. A need that names only its area counts for that area,
    whose line has the area's letter as its topic.
    """

    topic: str
    label: str
    demand: int
    requests: int
    holders: list[str]
    leads: list[str]
    standing: Standing


class AtlasView(Figures):
    """The atlas of orphans and overlaps: every topic, as of a moment, as then known (C69)."""

    version: int
    topics: list[TopicStanding]


class StateLine(Figures):
    """How many requests stand in one state, and how many of them past their date."""

    state: str
    label: str
    stage: str
    requests: int
    overdue: int
    filter: str
    overdue_filter: str


class SlowStay(Figures):
    """One of the longest stays in a state."""

    reference: str
    days: float


class DurationLine(Figures):
    """How long requests stayed in one state until they left it, of the latest moves (C50).

    `stays` are what was looked at, `median_days` and `p90_days` the days that half and nine tenths
    of them did not pass. `filter` leads to those that stand there now.
    """

    state: str
    label: str
    stays: int
    median_days: float
    p90_days: float
    longest: list[SlowStay]
    filter: str


class PlaceLine(Figures):
    """The requests of a region, of a regional commission or of a group of countries (C10, F11).

    A regional request counts once in each place that one of its countries belongs to.
    """

    kind: Literal["region", "commission", "group"]
    place: str
    requests: int
    open: int
    overdue: int
    filter: str
    open_filter: str
    overdue_filter: str


class TopicLine(Figures):
    """The requests and needs of an area (its line names no topic), or of one of its topics."""

    area: str
    topic: str
    label: str
    needs: int
    requests: int
    open: int
    filter: str
    open_filter: str


class EntityLine(Figures):
    """The load of an entity: open requests it is asked about and has accepted, and its activities.

    `leads` counts among the accepted; `activities` are planned, running or suspended, and their
    filter leads to the requests that it helps now; `declined` counts all requests at which its
    answer stands at no.
    """

    entity: str
    name: str
    asked: int
    accepted: int
    leads: int
    activities: int
    declined: int
    asked_filter: str
    accepted_filter: str
    leads_filter: str
    activities_filter: str
    declined_filter: str


class DeclineLine(Figures):
    """Who or what stood against requests: an entity, or a principle that was found not met.

    An entity's line has the latest reasons that it gave, and a filter; a principle's counts what
    the reader may read within, among the latest declines by screening (F14 to F20, C53).
    """

    by: Literal["entity", "principle"]
    code: str
    label: str
    requests: int
    reasons: list[str]
    references: list[str]
    filter: str


class GainLine(Figures):
    """What reassessments found of one topic: mean levels before and after (F35, C50).

    Over `requests` whose latest completed reassessment and its baseline both measured the topic,
    and which the reader may read within. `gain` is the change of the evidenced level.
    """

    topic: str
    label: str
    requests: int
    claimed_before: float
    claimed_after: float
    evidenced_before: float
    evidenced_after: float
    gain: float
    references: list[str]


class MeetingView(BaseModel):
    """Another request that this one meets in topic, place and time, where a programme runs (F53).

    `needs` are of this request; `topics` and `entities` of the other; the days are those that both
    share. `same_country`: they have a country in common, not a region alone.
    """

    model_config = ConfigDict(frozen=True)

    reference: str
    countries: list[str]
    same_country: bool
    needs: list[int]
    topics: list[str]
    entities: list[str]
    starts_on: date
    ends_on: date | None


class PublicLine(Figures):
    """How many requests there are of one kind, rounded down to a multiple of five.

    Null means fewer than five. `label` is empty where the code is a plain word.
    """

    code: str
    label: str
    requests: int | None


class PublicFigures(Figures):
    """What everyone may know of all requests that are not held in confidence (C76).

    `at_least` is the sum of the stages as they are told, or the largest number told if greater.
    A regional request counts once in each place and area of its own: these need not add up.
    """

    as_of: date
    smallest: int
    at_least: int
    stages: list[PublicLine]
    regions: list[PublicLine]
    groups: list[PublicLine]
    areas: list[PublicLine]


class PublishedView(Figures):
    """A request that every country of it consents to publish: what it asks, and where it stands."""

    reference: str
    title: str
    summary: str
    language: str
    countries: list[str]
    areas: list[str]
    status: str
    filed_on: date
