"""What pages show of candidates: who covers which need, and why others are not proposed."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.matching.optimiser.outcome import Proposal
from app.matching.optimiser.reasons import HOLDS, LIMITS, bar
from app.matching.optimiser.values import CandidateIn
from app.matching.schemas import MatchingView


@dataclass(frozen=True, slots=True)
class Cell:
    """One entity and one need: `standing` is lead, support, may, short or none, with its ground."""

    standing: str
    text: str = ""
    mandate: str = ""
    cite: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One entity against every need; `bar` says why it cannot be asked at all."""

    entity: str
    bar: str
    cells: tuple[Cell, ...]
    chosen: bool


@dataclass(frozen=True, slots=True)
class Against:
    """Why some entities are not proposed, all for the same reason."""

    entities: tuple[str, ...]
    text: str
    cite: tuple[str, ...]
    entries: tuple[str, ...]


def why_not(content: Proposal | None) -> list[Against]:
    """Return why the others are not proposed, those with one reason together."""
    found: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for one in content.why_not if content else ():
        found.setdefault((one.reason, tuple(one.cite), tuple(one.entries)), []).append(one.entity)
    return [Against(tuple(names), *ground) for ground, names in found.items()]


def coverage(view: MatchingView, needs: Sequence[int]) -> list[Row]:
    """Return every candidate against every need: first who is proposed, then who might be."""
    proposal = view.proposal.content if view.proposal else None
    chosen = proposal or view.outlook
    given = {(a.entity, a.need): a for a in chosen.assignments} if chosen else {}
    rows = []
    for candidate in view.candidates or ():
        cells = []
        for number in needs:
            taken = given.get((candidate.entity, number))
            if taken is not None:
                cells.append(Cell(taken.part, taken.reason, taken.mandate, tuple(taken.cite)))
            else:
                cells.append(_held(candidate, number))
        named = any(one.standing in ("lead", "support") for one in cells)
        if any(one.standing != "none" for one in cells):
            rows.append(Row(candidate.entity, bar(candidate), tuple(cells), named))
    return sorted(rows, key=lambda row: (not row.chosen, bool(row.bar), row.entity))


def _held(candidate: CandidateIn, need: int) -> Cell:
    """Return what a candidate that is not chosen holds of a need, or what it falls short of."""
    for hold in candidate.holds:
        if hold.need == need:
            return Cell("may", HOLDS[hold.rank], hold.mandate, tuple(hold.cite))
    for limit in candidate.limits:
        if limit.need == need:
            return Cell("short", LIMITS[limit.code], limit.mandate, tuple(limit.cite))
    return Cell("none")
