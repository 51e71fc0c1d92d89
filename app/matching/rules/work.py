"""Work in the countries of a request that stands or has ended, and what it means: pure (F53)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.compendium.rules import meets
from app.matching.optimiser import NeedIn
from app.matching.optimiser.values import OverlapIn

FRESH = timedelta(days=730)
"""How long finished work counts as an answer: the subject is reviewed after two years (N2)."""


@dataclass(frozen=True, slots=True)
class Work:
    """A programme of one entity on topics; it runs to before the day it `ended`, if it does.

    `entity` is its code, or the name of somebody outside who is not in the compendium.
    """

    code: str
    entity: str
    topics: tuple[str, ...]
    ended: date | None = None

    def on(self, need: NeedIn) -> bool:
        """Whether the work is on the need's topic; a need without a topic meets none."""
        return bool(need.topic) and meets(need.area, need.topic, self.topics)


def overlaps(needs: Iterable[NeedIn], known: Iterable[Work], today: date) -> tuple[OverlapIn, ...]:
    """Return which work meets which need: what runs, and what ended not long ago."""
    ordered = sorted(known, key=lambda one: one.code)
    return tuple(
        OverlapIn(need.number, work.code, work.entity, "past" if _over(work, today) else "running")
        for need in needs
        for work in ordered
        if work.on(need) and (work.ended is None or work.ended >= today - FRESH)
    )


def _over(work: Work, today: date) -> bool:
    return work.ended is not None and work.ended <= today
