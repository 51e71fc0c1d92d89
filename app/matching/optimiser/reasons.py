"""Why this one, why not that one, and why nobody: sentences with the paragraph behind each."""

from collections.abc import Mapping, Sequence

from app.matching.optimiser.values import (
    RANKS,
    AssignmentOut,
    CandidateIn,
    HoldIn,
    NeedIn,
    UncoveredOut,
    WhyNotOut,
)

BARS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "declined": ("It has declined this request.", ("F41",)),
    "unreachable": ("No focal point answers for it.", ("F53-2", "fc")),
    "no_capacity": ("It can take no further request at present.", ("C53", "C54")),
}
LIMITS: Mapping[str, str] = {
    "region": "{mandate} is for another region.",
    "sensitivity": "{mandate} reaches only needs that carry a sensitivity this one lacks.",
    "kind": "{mandate} is for another kind of assistance.",
}
GROUNDS: Mapping[str, str] = {
    "lead": "It leads in this subject.",
    "provider": "Its mandate covers this.",
    "regional": "It acts on this in the region.",
}


def bar(candidate: CandidateIn) -> str:
    """Return what forbids asking a candidate at all; empty when nothing does."""
    if candidate.declined:
        return "declined"
    if not candidate.reachable:
        return "unreachable"
    if candidate.capacity_left is not None and candidate.capacity_left <= 0:
        return "no_capacity"
    return ""


def ground(hold: HoldIn, side: str) -> str:
    """Say why a holder is chosen; `side` is its side of an arrangement in force, or empty."""
    text = GROUNDS[hold.rank]
    return f"{text} Its side of the arrangement is {side}." if side else text


def uncovered(need: NeedIn, candidates: Sequence[CandidateIn]) -> UncoveredOut:
    """Say why nobody can be asked for a need."""
    barred = [
        f"{c.entity} ({bar(c)})" for c in candidates if any(h.need == need.number for h in c.holds)
    ]
    if barred:
        told = f"Only these hold a mandate, and none can be asked: {', '.join(barred)}."
        return UncoveredOut(need.number, "no_eligible_holder", told, ("F15", "F41"))
    short = [one for c in candidates for one in c.limits if one.need == need.number]
    if short:
        told = " ".join(LIMITS[one.code].format(mandate=one.mandate) for one in short)
        cite = tuple(dict.fromkeys(mark for one in short for mark in one.cite))
        return UncoveredOut(need.number, "out_of_reach", told, cite)
    subject = need.topic or f"area {need.area}"
    told = f"No mandate in the compendium gives help on {subject}."
    return UncoveredOut(need.number, "no_mandate", told, ("F15", "C69"))


def why_not(candidate: CandidateIn, assigned: Sequence[AssignmentOut]) -> WhyNotOut:
    """Say why a candidate is not proposed; `assigned` are those who answer for the needs."""
    forbidden = bar(candidate)
    if forbidden and candidate.holds:
        text, cite = BARS[forbidden]
        return WhyNotOut(candidate.entity, forbidden, text, cite)
    if not candidate.holds:
        first = candidate.limits[0]
        text = LIMITS[first.code].format(mandate=first.mandate)
        return WhyNotOut(candidate.entity, first.code, text, first.cite)
    best = {hold.need: hold.rank for hold in sorted(candidate.holds, key=hold_order, reverse=True)}
    rivals = [one for one in assigned if one.need in best]
    if all(RANKS[one.rank] < RANKS[best[one.need]] for one in rivals):
        text = "Others come first in what it could cover: " + _told(rivals)
        cite = tuple(dict.fromkeys(mark for one in rivals for mark in one.cite))
        return WhyNotOut(candidate.entity, "outranked", text, cite)
    text = "A set as good and no larger covers the same needs without it: " + _told(rivals)
    return WhyNotOut(candidate.entity, "not_needed", text, ("F53",))


def hold_order(hold: HoldIn) -> tuple[int, int, str]:
    """Order the holds of a candidate: by need, the best rank first, then by mandate."""
    return hold.need, RANKS[hold.rank], hold.mandate


def _told(assigned: Sequence[AssignmentOut]) -> str:
    return ", ".join(f"need {one.need} {one.entity} as {one.rank}" for one in assigned) + "."
