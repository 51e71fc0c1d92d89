"""The time line of a delivery: where each activity lies on one scale, to be drawn."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.delivery.schemas import ActivityView
from app.kit import clock

WIDTH = 640
"""Units of the time line's width."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One activity on the time line: from where, how long, in units of the width."""

    activity: ActivityView
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class TimeLine:
    """All activities on one scale, with the first of each quarter, and today if it lies there."""

    bars: tuple[Bar, ...]
    marks: tuple[tuple[float, date], ...]
    today: float | None
    width: int = WIDTH


def time_line(activities: list[ActivityView]) -> TimeLine | None:
    """Return the activities on one scale; None without any."""
    if not activities:
        return None
    first = min(one.starts_on for one in activities)
    last = max(one.ends_on for one in activities) + timedelta(days=1)
    scale = WIDTH / max((last - first).days, 1)

    def at(day: date) -> float:
        return round((day - first).days * scale, 1)

    bars = tuple(
        Bar(one, at(one.starts_on), max(at(one.ends_on + timedelta(days=1)) - at(one.starts_on), 3))
        for one in sorted(activities, key=lambda a: (a.starts_on, a.number))
    )
    today = clock.today()
    marks = tuple((at(day), day) for day in _quarters(first, last))
    return TimeLine(bars, marks, at(today) if first <= today <= last else None)


def _quarters(first: date, last: date) -> list[date]:
    """Return the first days of the quarters between two days."""
    months = range(first.year * 12 + first.month, last.year * 12 + last.month + 1)
    days = [date(one // 12, one % 12 + 1, 1) for one in months if one % 3 == 0]
    return [day for day in days if first <= day <= last]
