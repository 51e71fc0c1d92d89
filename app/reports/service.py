"""The reports: what the desk and others look at across requests, each as of a moment."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.engine.packs import Shelf
from app.kit import clock
from app.kit.text import Catalogue
from app.reports import entities, maturity, spread, stays
from app.reports.counting import Counts
from app.reports.keeping import counts
from app.reports.schemas import (
    DeclineLine,
    DurationLine,
    EntityLine,
    GainLine,
    L,
    PlaceLine,
    Report,
    StateLine,
    TopicLine,
)
from app.reports.wording import Speech


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for a report, in which language, and when."""

    session: Session
    shelf: Shelf
    actor: Actor
    texts: Catalogue
    language: str

    @property
    def speech(self) -> Speech:
        """What lines are called."""
        return Speech(self.shelf, self.texts, self.language)


def _counted(asked: Asked, *names: str) -> tuple[datetime, list[Counts]]:
    """Return counts by name, and the earliest moment that one of them is of."""
    now = clock.now()
    found = [counts(asked.session, asked.actor, name, now) for name in names]
    return min(at for _, at in found), [one for one, _ in found]


def _report(lines: list[L], at: datetime | None = None) -> Report[L]:
    """Return lines as of a moment, to the minute: within it an answer stays the same."""
    at = at or clock.now()
    return Report(as_of=at.replace(second=0, microsecond=0), items=lines)


def pipeline(asked: Asked) -> Report[StateLine]:
    """Return how many requests stand in each state, and how many of them are late."""
    at, (found,) = _counted(asked, "states")
    return _report(spread.pipeline(asked.speech, found), at)


def durations(asked: Asked) -> Report[DurationLine]:
    """Return how long requests stayed in each state that they left lately."""
    return _report(stays.durations(asked.session, asked.speech, asked.actor))


def places(asked: Asked) -> Report[PlaceLine]:
    """Return requests by region, group of countries and regional commission."""
    at, (found,) = _counted(asked, "places")
    return _report(spread.places(found), at)


def topics(asked: Asked) -> Report[TopicLine]:
    """Return needs and requests by area and topic."""
    at, (found,) = _counted(asked, "needs")
    return _report(spread.topics(asked.speech, found), at)


def load(asked: Asked) -> Report[EntityLine]:
    """Return what entities are asked, have accepted and carry out; an entity sees its own."""
    at, (standing, carried) = _counted(asked, "standings", "activities")
    return _report(entities.load(asked.session, standing, carried, at.date()), at)


def declines(asked: Asked) -> Report[DeclineLine]:
    """Return who or what stood against requests, and why."""
    at, (standing,) = _counted(asked, "standings")
    parts = (asked.session, asked.speech, asked.actor)
    return _report(entities.declines(*parts, standing, at.date()), at)


def maturity_gained(asked: Asked) -> Report[GainLine]:
    """Return mean levels before and after help, by topic."""
    parts = (asked.session, asked.shelf, asked.speech, asked.actor)
    return _report(maturity.gained(*parts))
