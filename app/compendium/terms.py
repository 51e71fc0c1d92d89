"""From when to when each person answers for an entity, by all that was said of it; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

Term = tuple[datetime, datetime | None]
"""The moment from which somebody answers, and the first one at which no longer; None: open."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One version of who answers in one part: from when it speaks, who (None: nobody), his days."""

    effective_at: datetime
    person: int | None
    begins: datetime
    ends: datetime | None


def answers(said: Sequence[Saying], at: datetime) -> int | None:
    """Return who answers at a moment: by the newest version that speaks then, and by no other."""
    newest = next((one for one in reversed(said) if one.effective_at <= at), None)
    if newest is None or at < newest.begins or (newest.ends is not None and newest.ends <= at):
        return None
    return newest.person


def terms(parts: Sequence[Sequence[Saying]], now: datetime) -> dict[int, list[Term]]:
    """Return the terms of each person from now on, in any part; each part's versions in order."""
    told = [one for said in parts for one in said]
    turns = {
        moment for one in told for moment in (one.effective_at, one.begins, one.ends) if moment
    }
    starts = [now, *sorted(moment for moment in turns if moment > now)]
    found: dict[int, list[Term]] = {}
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        for person in {answers(said, start) for said in parts} - {None}:
            if person is None:
                continue
            known = found.setdefault(person, [])
            if known and known[-1][1] == start:
                known[-1] = (known[-1][0], end)
            else:
                known.append((start, end))
    return found
