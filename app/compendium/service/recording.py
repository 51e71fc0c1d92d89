"""Recording: the only writer of entries, a numbered version of the compendium at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium.entries import KINDS, Content, Kind, code_of, columns_of, dawn
from app.compendium.tables import CompendiumEntry, CompendiumVersion, Entity

C, V = CompendiumEntry, CompendiumVersion
TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Change:
    """What an entry is to say; `withdrawn`: that it stands no longer, with what it said last."""

    kind: Kind
    entry: Content
    withdrawn: bool = False

    @property
    def code(self) -> str:
        """The code of the entry."""
        return code_of(self.entry)


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a version is recorded, from when on it speaks, and what it comes from.

    Without `effective_at` each entry speaks from its own first day: for the founding alone.
    """

    at: datetime
    effective_at: datetime | None
    source: str


def lock(session: Session) -> CompendiumVersion | None:
    """Return the newest version; who records waits until who recorded before has ended.

    None when the compendium is being founded. The lock is the first version's.
    """
    session.execute(sa.select(V.number).where(V.number == 1).with_for_update())
    newest = sa.select(V).order_by(V.number.desc()).limit(1)
    return session.scalars(newest.execution_options(populate_existing=True)).one_or_none()


def record(session: Session, changes: Sequence[Change], stamp: Stamp) -> CompendiumVersion:
    """Add a numbered version of the compendium with these changes, and return it.

    What is recorded is never known before it was: versions are numbered in the order of their
    moments, and none speaks of a time before its own recording.
    """
    last = lock(session)
    at = max(stamp.at, last.recorded_at + TICK) if last else stamp.at
    effective = max(stamp.effective_at, at) if stamp.effective_at else None
    version = V(
        number=(last.number if last else 0) + 1,
        source=stamp.source,
        entries=len(changes),
        recorded_at=at,
        effective_at=effective or at,
        effected_at=None if effective and _concerns(changes) else at,
    )
    session.add(version)
    _know(session, changes)
    session.flush()
    place = {kind: nth for nth, kind in enumerate(KINDS)}
    ordered = sorted(changes, key=lambda one: (place[one.kind], one.code))
    newest = _newest(session, ordered)
    rows = [_row(one, version, newest.get((one.kind, one.code), 0), effective) for one in ordered]
    if rows:
        session.execute(sa.insert(C), rows)
    return version


def _concerns(changes: Sequence[Change]) -> bool:
    """Whether requests may be concerned: they never are by who is asked (and at the founding)."""
    return any(one.kind != "focal_point" for one in changes)


def _know(session: Session, changes: Sequence[Change]) -> None:
    """Give every entity that is new its lasting code."""
    named = {one.code for one in changes if one.kind == "entity"}
    known = set(session.scalars(sa.select(Entity.code).where(Entity.code.in_(named))))
    session.add_all(Entity(code=code) for code in sorted(named - known))


def _newest(session: Session, changes: Sequence[Change]) -> dict[tuple[str, str], int]:
    """Return the newest version of each entry that is changed and known already."""
    codes = {one.code for one in changes}
    query = (
        sa.select(C.kind, C.code, sa.func.max(C.version))
        .where(C.code.in_(codes))
        .group_by(C.kind, C.code)
    )
    return {(kind, code): version for kind, code, version in session.execute(query)}


def _row(
    change: Change, version: CompendiumVersion, newest: int, effective: datetime | None
) -> dict[str, Any]:
    from_when = effective or dawn(change.entry.valid_from)
    columns = columns_of(change.entry)
    return {
        "kind": change.kind,
        "code": change.code,
        "version": newest + 1,
        "number": version.number,
        "withdrawn": change.withdrawn,
        **columns,
        "source": columns["source"] or version.source,
        "effective_at": from_when,
        "recorded_at": version.recorded_at,
    }
