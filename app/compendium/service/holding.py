"""Which version of each entry holds as of a moment, as it was known at a moment."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium.entries import Kind, moment_of
from app.compendium.schemas import Held
from app.compendium.tables import CompendiumEntry
from app.kit import clock

C = CompendiumEntry
H = TypeVar("H", bound=Held)
PLAIN = ("version", "number", "source", "provenance", "basis", "valid_from", "valid_to")
MOMENTS = ("review_by", "effective_at", "recorded_at")
DAY: sa.BindParameter[date] = sa.bindparam("day")
NEWEST = (
    sa.select(C.kind, C.code, sa.func.max(C.version).label("version"))
    .where(
        C.kind.in_(sa.bindparam("kinds", expanding=True)),
        C.recorded_at <= sa.bindparam("known"),
        C.effective_at <= sa.bindparam("moment"),
    )
    .group_by(C.kind, C.code)
    .subquery()
)
HOLDING = (
    sa.select(C)
    .join(
        NEWEST,
        sa.and_(C.kind == NEWEST.c.kind, C.code == NEWEST.c.code, C.version == NEWEST.c.version),
    )
    .where(
        C.withdrawn.is_(False),
        C.valid_from <= DAY,
        sa.or_(C.valid_to.is_(None), C.valid_to > DAY),
    )
    .order_by(C.kind, C.code)
)


def held(
    session: Session, kinds: Collection[Kind], as_of: date, known_at: datetime | None
) -> list[CompendiumEntry]:
    """Return the entries that hold as of a moment, as known at a moment, by kind and code.

    Of the versions known by then and speaking by then, the newest one says how it is; where that
    one has ended or was withdrawn, an earlier one does not come back.
    """
    moment = moment_of(as_of)
    meant = {"kinds": list(kinds), "known": known_at or clock.now(), "moment": moment}
    return list(session.scalars(HOLDING, {**meant, "day": moment.date()}))


def of_kind(rows: Iterable[CompendiumEntry], kind: Kind) -> list[CompendiumEntry]:
    """Return the rows of one kind."""
    return [row for row in rows if row.kind == kind]


def viewed(view: type[H], row: CompendiumEntry, **more: Any) -> H:
    """Return a row as it is shown: its content and what goes with every kind."""
    told = {name: getattr(row, name) for name in (*PLAIN, *MOMENTS)}
    return view.model_validate({**row.content, **told, **more})
