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


def held(
    session: Session, kinds: Collection[Kind], as_of: date, known_at: datetime | None
) -> list[CompendiumEntry]:
    """Return the entries that hold as of a moment, as known at a moment, by kind and code.

    Of the versions known by then and speaking by then, the newest one says how it is; where that
    one has ended or was withdrawn, an earlier one does not come back.
    """
    moment, known = moment_of(as_of), known_at or clock.now()
    newest = (
        sa.select(C.kind, C.code, sa.func.max(C.version).label("version"))
        .where(C.kind.in_(kinds), C.recorded_at <= known, C.effective_at <= moment)
        .group_by(C.kind, C.code)
        .subquery()
    )
    same = sa.and_(C.kind == newest.c.kind, C.code == newest.c.code, C.version == newest.c.version)
    day = moment.date()
    query = (
        sa.select(C)
        .join(newest, same)
        .where(
            C.withdrawn.is_(False),
            C.valid_from <= day,
            sa.or_(C.valid_to.is_(None), C.valid_to > day),
        )
        .order_by(C.kind, C.code)
    )
    return list(session.scalars(query))


def of_kind(rows: Iterable[CompendiumEntry], kind: Kind) -> list[CompendiumEntry]:
    """Return the rows of one kind."""
    return [row for row in rows if row.kind == kind]


def viewed(view: type[H], row: CompendiumEntry, **more: Any) -> H:
    """Return a row as it is shown: its content and what goes with every kind."""
    told = {name: getattr(row, name) for name in (*PLAIN, *MOMENTS)}
    return view.model_validate({**row.content, **told, **more})
