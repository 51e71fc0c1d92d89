"""The compendium as one picture: what matching works on, also as it would be after some changes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium.entries import KINDS, columns_of, moment_of
from app.compendium.schemas import (
    ArrangementView,
    CapacityView,
    EntityView,
    LeadView,
    MandateView,
)
from app.compendium.service.holding import held, of_kind, viewed
from app.compendium.service.naming import reached_of, with_persons
from app.compendium.service.proposing import newest_of
from app.compendium.service.reading import entity_of, mandates_of
from app.compendium.service.recording import Change
from app.compendium.tables import CompendiumEntry, CompendiumVersion


@dataclass(frozen=True, slots=True)
class Picture:
    """The compendium as of a moment: what matching works on.

    `version` is the number of the newest version that was known; `reachable` are the entities for
    which somebody answers, as primary or as alternate; `capacity` holds how many requests an entity
    takes at once in that quarter, for those that state a limit.
    """

    version: int
    entities: dict[str, EntityView]
    mandates: tuple[MandateView, ...]
    leads: tuple[LeadView, ...]
    arrangements: tuple[ArrangementView, ...]
    reachable: frozenset[str]
    capacity: dict[str, int]


def picture(
    session: Session, as_of: date, known_at: datetime, changes: Sequence[Change] = ()
) -> Picture:
    """Return the compendium as of a moment, as known at a moment, in three queries.

    With `changes`, as it would be if they were recorded: nothing is written.
    """
    holding = held(session, KINDS, as_of, known_at)
    named = with_persons(session, of_kind(holding, "focal_point"))
    rows: dict[str, list[CompendiumEntry]] = defaultdict(list)
    for row in _with(session, changes, holding, moment_of(as_of)):
        rows[row.kind].append(row)
    newest = sa.select(sa.func.max(CompendiumVersion.number)).where(
        CompendiumVersion.recorded_at <= known_at
    )
    return _drawn(
        rows,
        reached_of(named),
        (session.scalar(newest) or 0, moment_of(as_of).date()),
    )


def _with(
    session: Session, changes: Sequence[Change], rows: list[CompendiumEntry], moment: datetime
) -> list[CompendiumEntry]:
    """Return rows as they would be after some changes, which stay out of the database."""
    if not changes:
        return rows
    newest = newest_of(session, {one.code for one in changes})
    changed = {(one.kind, one.code) for one in changes}
    left = [row for row in rows if (row.kind, row.code) not in changed]
    for one in changes:
        until = one.entry.valid_to
        holds = one.entry.valid_from <= moment.date() and (until is None or until > moment.date())
        if one.withdrawn or not holds:
            continue
        known = newest.get((one.kind, one.code))
        version = known.version + 1 if known else 1
        stamped = {"version": version, "number": 0, "effective_at": moment, "recorded_at": moment}
        left.append(
            CompendiumEntry(kind=one.kind, code=one.code, **stamped, **columns_of(one.entry))
        )
    return sorted(left, key=lambda row: (row.kind, row.code))


def _drawn(
    rows: Mapping[str, list[CompendiumEntry]],
    answering: dict[str, str],
    when: tuple[int, date],
) -> Picture:
    version, day = when
    return Picture(
        version=version,
        entities={row.code: entity_of(row, answering) for row in rows["entity"]},
        mandates=tuple(mandates_of([*rows["mandate"], *rows["lead"]])),
        leads=tuple(viewed(LeadView, row) for row in rows["lead"]),
        arrangements=tuple(viewed(ArrangementView, row) for row in rows["arrangement"]),
        reachable=frozenset(answering),
        capacity=limits([viewed(CapacityView, row) for row in rows["capacity"]], day),
    )


def limits(stated: Sequence[CapacityView], day: date) -> dict[str, int]:
    """Return the limit of each entity on a day: that of the quarter before the general one."""
    quarter = f"{day.year}-Q{(day.month + 2) // 3}"
    found = {one.entity: one.requests for one in stated if not one.period}
    return found | {one.entity: one.requests for one in stated if one.period == quarter}
