"""What must hold of help that is given, as pure rules: values in, reasons and results out."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.kit.errors import Blocker

OPENING = frozenset({"comprehensive", "rapid"})
CHANGES: Mapping[str, frozenset[str]] = {
    "planned": frozenset({"running", "stopped"}),
    "running": frozenset({"suspended", "done", "stopped"}),
    "suspended": frozenset({"running", "stopped"}),
    "done": frozenset(),
    "stopped": frozenset(),
}
"""What an activity may become, by what it is. Finished work stays finished."""
UNENDED = frozenset(status for status, following in CHANGES.items() if following)


@dataclass(frozen=True, slots=True)
class DeliveryFacts:
    """The joint programme as the guards see it.

    `unended` are the numbers of activities neither done nor stopped; `activities` counts all;
    `closing_author` wrote the closing statement, whose parts follow.
    """

    activities: int
    unended: tuple[int, ...]
    closing_author: int | None
    impact: str
    no_impact_reason: str
    lesson: str
    no_lesson_reason: str


@dataclass(frozen=True, slots=True)
class Ground:
    """A completed assessment behind the help: its kind and the last day on which it counts."""

    kind: str
    valid_until: date


@dataclass(frozen=True, slots=True)
class Plan:
    """What an activity rests on: its findings, and whether its kind of help is a rapid one."""

    findings: Collection[int]
    rapid: bool


def against_activity(plan: Plan, grounds: Sequence[Ground], today: date) -> Iterator[Blocker]:
    """Yield every reason against an activity (F32, F38, F41)."""
    if not plan.findings:
        yield Blocker("activity.without_finding", "F32")
    serving = [ground for ground in grounds if ground.kind in OPENING]
    valid = {ground.kind for ground in serving if ground.valid_until >= today}
    if not serving:
        yield Blocker("assessment.incomplete", "F32, F41")
    elif not valid:
        last = max(ground.valid_until for ground in serving)
        yield Blocker("assessment.expired", "F32", {"on": last.isoformat()})
    elif valid == {"rapid"} and not plan.rapid:
        yield Blocker("activity.not_rapid", "F38")


def against_beginning(lead: str) -> Iterator[Blocker]:
    """Yield why nothing new begins: a programme whose lead has left waits for another (F53)."""
    if not lead:
        yield Blocker("programme.lead_vacant", "F41, F53")


def may_become(status: str, wanted: str) -> bool:
    """Whether an activity may go from one status to another."""
    return wanted in CHANGES[status]


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said at the end: the impact, and a lesson; or why there is none of them."""

    impact: str = ""
    no_impact_reason: str = ""
    lesson: str = ""
    no_lesson_reason: str = ""


def against_closing(said: Statement) -> Iterator[Blocker]:
    """Yield what is missing in a closing statement, or said both ways (F51, F55)."""
    if not (said.impact or said.no_impact_reason):
        yield Blocker("closing.impact_missing", "F55")
    if said.impact and said.no_impact_reason:
        yield Blocker("closing.impact_twofold", "F55")
    if not (said.lesson or said.no_lesson_reason):
        yield Blocker("closing.lesson_missing", "F51")
    if said.lesson and said.no_lesson_reason:
        yield Blocker("closing.lesson_twofold", "F51")


@dataclass(frozen=True, slots=True)
class Measure:
    """One indicator's numbers; None means not known or not measured, which is not zero."""

    baseline: float | None
    target: float
    actual: float | None


def progress(measure: Measure) -> float | None:
    """Return the part of the way from baseline to target, 1.0 at the target (C50).

    None when it was not measured or cannot be told: no baseline, or a target that is the baseline
    and was missed. Below 0 things got worse.
    """
    if measure.actual is None or measure.baseline is None:
        return None
    way = measure.target - measure.baseline
    if way == 0:
        return 1.0 if measure.actual == measure.target else None
    return round((measure.actual - measure.baseline) / way, 4)


@dataclass(frozen=True, slots=True)
class Work:
    """One activity as results see it."""

    number: int
    status: str
    kind: str
    objectives: tuple[str, ...]
    targets: tuple[str, ...]
    follow_up_on: date | None
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """The codes that the pack knows; `kept_up` are the kinds of help to be reviewed later (F27)."""

    objectives: tuple[str, ...]
    stakeholders: tuple[str, ...]
    kept_up: frozenset[str]


@dataclass(frozen=True, slots=True)
class Results:
    """What the programme reaches; each coverage names the activities by number.

    `mean_progress` is over measured indicators only and None when there are none. `follow_ups` hold
    the date of review of each policy deliverable, None where it is still to be set (F27).
    """

    activities: dict[str, int]
    measured: int
    unmeasured: int
    mean_progress: float | None
    objectives: dict[str, tuple[int, ...]]
    stakeholders: dict[str, tuple[int, ...]]
    follow_ups: dict[int, date | None]


def results(works: Sequence[Work], frame: Frame) -> Results:
    """Return what a programme reaches (F3, F18, C50). Stopped work covers nothing."""
    counted = [work for work in works if work.status != "stopped"]
    measures = [measure for work in works for measure in work.measures]
    told = [part for part in map(progress, measures) if part is not None]
    return Results(
        activities={s: sum(work.status == s for work in works) for s in CHANGES},
        measured=sum(measure.actual is not None for measure in measures),
        unmeasured=sum(measure.actual is None for measure in measures),
        mean_progress=round(sum(told) / len(told), 4) if told else None,
        objectives={
            code: tuple(work.number for work in counted if code in work.objectives)
            for code in frame.objectives
        },
        stakeholders={
            code: tuple(work.number for work in counted if code in work.targets)
            for code in frame.stakeholders
        },
        follow_ups={w.number: w.follow_up_on for w in counted if w.kind in frame.kept_up},
    )
