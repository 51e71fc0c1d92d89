"""The time line of activities: one scale, which runs the way one reads."""

from datetime import date, timedelta
from typing import Any

from app.delivery.schemas import ActivityView
from app.web.timeline import INSET, ROOM, WIDTH, time_line

DAY = date(2026, 11, 1)


def activity(number: int, begins: int, lasts: int) -> ActivityView:
    first = DAY + timedelta(days=begins)
    last = first + timedelta(days=lasts - 1)
    drawn: dict[str, Any] = {"number": number, "starts_on": first, "ends_on": last}
    return ActivityView.model_construct(**drawn)


LINE = [activity(1, 0, 25), activity(2, 50, 50), activity(3, 96, 4)]


def test_activities_lie_on_one_scale_with_their_names_within_it() -> None:
    found = time_line(LINE)
    assert found is not None
    assert [(one.start, one.length) for one in found.bars] == [(0, 160), (320, 320), (614.4, 25.6)]
    assert [one.named for one in found.bars] == [INSET, 320 + INSET, WIDTH - ROOM]
    assert [day for _, day in found.marks] == [date(2027, 1, 1)]


def test_where_one_reads_leftwards_time_runs_leftwards() -> None:
    plain, found = time_line(LINE), time_line(LINE, mirrored=True)
    assert plain is not None
    assert found is not None
    for one, other in zip(plain.bars, found.bars, strict=True):
        assert round(one.start + other.start + one.length, 1) == WIDTH
        assert round(one.named + other.named, 1) == WIDTH
    assert found.marks[0][0] == round(WIDTH - plain.marks[0][0], 1)
