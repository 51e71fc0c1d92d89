"""What takes effect: versions whose moment has come, and what each of them changes in substance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium.schemas import EntryVersion
from app.compendium.service.proposing import newest_of
from app.compendium.service.recording import Change
from app.compendium.tables import CompendiumEntry, CompendiumVersion

C, V = CompendiumEntry, CompendiumVersion
UNSUBSTANTIAL = frozenset({"review_by", "source", "provenance", "basis"})
"""What a version may say otherwise without changing what the entry permits."""
ABOUT_PERSONS = "focal_point"
"""The kind that permits nothing: who is asked changes, and not who may be (0015)."""


@dataclass(frozen=True, slots=True)
class Due:
    """What takes effect at a moment: what was said of each changed entry before and is said after.

    `number` is the version of the compendium; 0 for a proposal, which has none yet.
    """

    number: int
    effective_at: datetime
    said: tuple[tuple[str, str, dict[str, Any], dict[str, Any]], ...]

    @property
    def places(self) -> frozenset[tuple[str, str]]:
        """Kind and code of every entry that changes in substance."""
        return frozenset((kind, code) for kind, code, _, _ in self.said)

    @property
    def entries(self) -> list[str]:
        """The same in words, such as `mandate itu.users`."""
        return sorted(f"{kind} {code}" for kind, code in self.places)

    @property
    def topics(self) -> frozenset[str] | None:
        """The topics that it touches; None when it may touch every one."""
        found: set[str] = set()
        for kind, _, *sides in self.said:
            for side in sides:
                if kind not in ("mandate", "lead") or side.get("sensitivities"):
                    return None
                found |= set(side.get("topics", ()))
        return frozenset(found)


def due(session: Session, now: datetime) -> list[Due]:
    """Return the versions whose moment has come and whose effect is not carried out, in order."""
    query = sa.select(V).where(V.effected_at.is_(None), V.effective_at <= now)
    rows = session.scalars(query.order_by(V.effective_at, V.number)).all()
    return [_due(session, row) for row in rows]


def pending(session: Session, since: datetime, now: datetime) -> bool:
    """Whether a version took effect since a moment, and its effect is still being carried out."""
    query = sa.select(V.number).where(
        V.effected_at.is_(None), V.effective_at <= now, V.effective_at >= since
    )
    return session.scalar(query.limit(1)) is not None


def effected(session: Session, number: int, now: datetime) -> None:
    """Note that the effect of a version on all requests is carried out."""
    session.execute(sa.update(V).where(V.number == number).values(effected_at=now))


def _due(session: Session, version: CompendiumVersion) -> Due:
    rows = session.scalars(sa.select(C).where(C.number == version.number)).all()
    known = sa.select(C).where(C.code.in_(sorted({row.code for row in rows})))
    every = {(one.kind, one.code, one.version): one for one in session.scalars(known)}
    said = []
    for row in rows:
        before = every.get((row.kind, row.code, row.version - 1))
        said.append((row.kind, row.code, _told(before), _told(row)))
    return Due(version.number, version.effective_at, _substance(said))


def wished(session: Session, changes: Sequence[Change], effective_at: datetime) -> Due:
    """Return what would take effect with changes that are only proposed."""
    newest = newest_of(session, {one.code for one in changes})
    said = [
        (
            one.kind,
            one.code,
            _of(newest.get((one.kind, one.code))),
            {} if one.withdrawn else one.entry.model_dump(mode="json"),
        )
        for one in changes
    ]
    return Due(0, effective_at, _substance(said))


def _told(row: CompendiumEntry | None) -> dict[str, Any]:
    return _of(EntryVersion.model_validate(row)) if row is not None else {}


def _of(version: EntryVersion | None) -> dict[str, Any]:
    return version.told() if version is not None and not version.withdrawn else {}


def _substance(
    said: Iterable[tuple[str, str, dict[str, Any], dict[str, Any]]],
) -> tuple[tuple[str, str, dict[str, Any], dict[str, Any]], ...]:
    """Return the changes of what entities may do, and not only of words or of persons."""
    return tuple(
        (kind, code, before, after)
        for kind, code, before, after in said
        if kind != ABOUT_PERSONS and _permits(before) != _permits(after)
    )


def _permits(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in UNSUBSTANTIAL}
