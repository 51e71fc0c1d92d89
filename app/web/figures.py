"""How figures become tables with bars: the columns, rows and cells that pages of figures show."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from app.reports.schemas import (
    DeclineLine,
    DurationLine,
    EntityLine,
    GainLine,
    PlaceLine,
    StateLine,
    TopicLine,
)
from app.web.texts import marked

Kind = Literal["said", "stage", "place", "quantity", "parts", "gain", "references"]
LIST = "/requests?"
FEW = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what it says, how that is written, and the list of requests behind it.

    `said` is in the reader's language already, `stage` is a code of ours, `place` a region or a
    group of countries, `parts` counts parts of requests, `gain` is a number with its sign.
    """

    value: Any
    kind: Kind = "quantity"
    leads: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from 0 to 100, of which `part` is striped; `mark` is a second value on the scale."""

    whole: float
    part: float = 0
    mark: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its cells, the first of which names it, its bar, and if it stands under another."""

    cells: tuple[Cell, ...]
    bar: Bar | None = None
    under: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of figures: a heading, a sentence that says what is counted, columns and rows.

    `file` is the report that gives the same as CSV; `legend` says what the bars show.
    """

    title: str
    lead: str
    columns: tuple[str, ...]
    rows: Sequence[Row]
    file: str = ""
    legend: str = ""
    none: str = field(default=marked("There is nothing to count yet."))


def shares(values: Sequence[float]) -> Callable[[float], float]:
    """Return how long the bar of a value is, where the greatest fills the column."""
    most = max(values, default=0) or 1
    return lambda value: round(100 * value / most, 1)


def _led(count: int, leads: str, kind: Kind = "quantity") -> Cell:
    """Return a figure that leads to its requests; of none there is nothing to show."""
    return Cell(count, kind, f"{LIST}{leads}" if count and leads else "")


def _once(references: Iterable[str]) -> list[str]:
    """Return the first few references, each once."""
    return list(dict.fromkeys(references))[:FEW]


def states(lines: Sequence[StateLine]) -> Table:
    """Return the pipeline: states in which requests stand, and those past their date."""
    held = [one for one in lines if one.requests]
    long = shares([one.requests for one in held])
    return Table(
        title=marked("Where requests stand"),
        lead=marked("Requests in each state, and how many of them are past their date."),
        columns=(marked("State"), marked("Stage"), marked("Requests"), marked("Overdue")),
        rows=[
            Row(
                (
                    Cell(one.label, "said"),
                    Cell(one.stage, "stage"),
                    _led(one.requests, one.filter),
                    _led(one.overdue, one.overdue_filter),
                ),
                Bar(long(one.requests), long(one.overdue)),
            )
            for one in held
        ],
        file="pipeline",
        legend=marked("The striped part of a bar is overdue."),
    )


def durations(lines: Sequence[DurationLine]) -> Table:
    """Return the time in each state: median and p90, with the longest stays."""
    long = shares([one.p90_days for one in lines])
    return Table(
        title=marked("How long requests stay"),
        lead=marked("Days in each state that was left, of the latest 5,000 moves."),
        columns=(
            *(marked("State"), marked("Left"), marked("Median, days")),
            *(marked("Nine in ten within, days"), marked("Longest")),
        ),
        rows=[
            Row(
                (
                    Cell(one.label, "said"),
                    Cell(one.stays),
                    Cell(one.median_days),
                    Cell(one.p90_days),
                    Cell(_once(slow.reference for slow in one.longest), "references"),
                ),
                Bar(long(one.median_days), mark=long(one.p90_days)),
            )
            for one in lines
        ],
        file="durations",
        legend=marked("The bar ends at the median; the stroke marks nine in ten."),
    )


KINDS = {
    "region": marked("By region"),
    "group": marked("Countries in special situations"),
    "commission": marked("By regional commission"),
}


def places(lines: Sequence[PlaceLine]) -> list[Table]:
    """Return the tables of regions, groups of countries and regional commissions."""
    return [
        _places(title, [one for one in lines if one.kind == kind]) for kind, title in KINDS.items()
    ]


def _places(title: str, lines: Sequence[PlaceLine]) -> Table:
    long = shares([one.requests for one in lines])
    return Table(
        title=title,
        lead=marked("A regional request counts once in each place that is its own."),
        columns=(marked("Place"), marked("Requests"), marked("Open"), marked("Overdue")),
        rows=[
            Row(
                (
                    Cell(one.place, "place"),
                    _led(one.requests, one.filter),
                    _led(one.open, one.open_filter),
                    _led(one.overdue, one.overdue_filter),
                ),
                Bar(long(one.requests), long(one.open)),
            )
            for one in lines
        ],
        file="places",
        legend=marked("The striped part of a bar is open."),
    )


def topics(lines: Sequence[TopicLine]) -> Table:
    """Return areas, each with those of its topics that are asked for."""
    long = shares([one.requests for one in lines])
    return Table(
        title=marked("What is asked for"),
        lead=marked(
            "Needs and requests by area and topic; topics that nobody asks for are left out."
        ),
        columns=(marked("Area or topic"), marked("Needs"), marked("Requests"), marked("Open")),
        rows=[
            Row(
                (
                    Cell(f"{one.topic or one.area} {one.label}", "said"),
                    _led(one.needs, one.filter, "parts"),
                    _led(one.requests, one.filter),
                    _led(one.open, one.open_filter),
                ),
                Bar(long(one.requests), long(one.open)),
                under=bool(one.topic),
            )
            for one in lines
            if one.requests or not one.topic
        ],
        file="topics",
        legend=marked("The striped part of a bar is open."),
    )


def load(lines: Sequence[EntityLine]) -> Table:
    """Return what entities carry."""
    long = shares([one.asked + one.accepted for one in lines])
    return Table(
        title=marked("What entities carry"),
        lead=marked(
            "Open requests that each is asked about and has accepted, and activities at hand."
        ),
        columns=(
            *(marked("Entity"), marked("Asked"), marked("Accepted"), marked("As lead")),
            *(marked("Activities"), marked("Declined")),
        ),
        rows=[
            Row(
                (
                    Cell(one.name, "said"),
                    _led(one.asked, one.asked_filter),
                    _led(one.accepted, one.accepted_filter),
                    _led(one.leads, one.leads_filter),
                    _led(one.activities, one.activities_filter, "parts"),
                    _led(one.declined, one.declined_filter),
                ),
                Bar(long(one.asked + one.accepted), long(one.accepted)),
            )
            for one in lines
        ],
        file="entities",
        legend=marked("The striped part of a bar is accepted."),
        none=marked("No entity has been asked yet."),
    )


def principles(lines: Sequence[DeclineLine]) -> Table:
    """Return the principles that were not met where screening declined."""
    own = [one for one in lines if one.by == "principle"]
    long = shares([one.requests for one in own])
    return Table(
        title=marked("Principles not met"),
        lead=marked("Of requests that screening declined last, by principle."),
        columns=(marked("Principle"), marked("Requests"), marked("Which")),
        rows=[
            Row(
                (
                    Cell(f"{one.code} {one.label}", "said"),
                    Cell(one.requests),
                    Cell(one.references[:5], "references"),
                ),
                Bar(long(one.requests)),
            )
            for one in own
        ],
        file="declines",
        none=marked("Screening has declined nothing that you may read."),
    )


def changed(lines: Sequence[GainLine]) -> Table:
    """Return the same for topics whose evidenced level has changed."""
    kept = [one for one in lines if one.gain]
    lead = marked("Mean maturity from 1 to 5, of topics whose evidenced level changed with help.")
    return replace(gains(kept), lead=lead)


def gains(lines: Sequence[GainLine]) -> Table:
    """Return maturity before and after help, by topic, the greatest gain first."""
    return Table(
        title=marked("What help has changed"),
        lead=marked("Mean maturity from 1 to 5, of requests that were assessed again after help."),
        columns=(
            *(marked("Topic"), marked("Requests"), marked("Claimed before")),
            *(marked("Claimed after"), marked("Evidenced before"), marked("Evidenced after")),
            *(marked("Gained"), marked("Which")),
        ),
        rows=[
            Row(
                (
                    Cell(one.label, "said"),
                    *(Cell(one.requests), Cell(one.claimed_before), Cell(one.claimed_after)),
                    *(
                        Cell(one.evidenced_before),
                        Cell(one.evidenced_after),
                        Cell(one.gain, "gain"),
                    ),
                    Cell(one.references[:FEW], "references"),
                ),
                Bar(20 * one.evidenced_before, mark=20 * one.evidenced_after),
            )
            for one in sorted(lines, key=lambda line: -line.gain)
        ],
        file="maturity",
        legend=marked("The bar ends at the evidenced level before; the stroke marks it after."),
        none=marked("No request that you may read has been assessed again after help."),
    )
