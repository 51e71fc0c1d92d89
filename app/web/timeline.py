"""The time line of a delivery: where each activity lies on one scale, to be drawn."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.delivery.schemas import ActivityView
from app.kit import clock

WIDTH = 640
"""Units of the time line's width."""
INSET = 6
ROOM = 260
"""Units that the name of an activity takes at most: it is not begun nearer to the end."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One activity on the time line: from where, how long, in units of the width.

    `named` is where its name begins: at the right end where time runs leftwards.
    """

    activity: ActivityView
    start: float
    length: float
    named: float


@dataclass(frozen=True, slots=True)
class TimeLine:
    """All activities on one scale, with the first of each quarter, and today if it lies there."""

    bars: tuple[Bar, ...]
    marks: tuple[tuple[float, date], ...]
    today: float | None
    width: int = WIDTH


def time_line(activities: list[ActivityView], *, mirrored: bool = False) -> TimeLine | None:
    """Return the activities on one scale; None without any. `mirrored`: time runs leftwards."""
    if not activities:
        return None
    first = min(one.starts_on for one in activities)
    last = max(one.ends_on for one in activities) + timedelta(days=1)
    scale = WIDTH / max((last - first).days, 1)

    def at(day: date) -> float:
        return round((day - first).days * scale, 1)

    def seen(place: float, length: float = 0) -> float:
        return round(WIDTH - place - length, 1) if mirrored else place

    def bar(one: ActivityView) -> Bar:
        start = at(one.starts_on)
        length = round(max(at(one.ends_on + timedelta(days=1)) - start, 3), 1)
        return Bar(one, seen(start, length), length, seen(min(start + INSET, WIDTH - ROOM)))

    bars = tuple(bar(one) for one in sorted(activities, key=lambda a: (a.starts_on, a.number)))
    today = clock.today()
    marks = tuple((seen(at(day)), day) for day in _quarters(first, last))
    return TimeLine(bars, marks, seen(at(today)) if first <= today <= last else None)


def _quarters(first: date, last: date) -> list[date]:
    """Return the first days of the quarters between two days."""
    months = range(first.year * 12 + first.month, last.year * 12 + last.month + 1)
    days = [date(one // 12, one % 12 + 1, 1) for one in months if one % 3 == 0]
    return [day for day in days if first <= day <= last]
