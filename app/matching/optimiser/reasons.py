"""Why this one, why not that one, and why nobody: sentences with the paragraph behind each."""

from collections.abc import Mapping, Sequence

from app.matching.optimiser.outcome import AssignmentOut, UncoveredOut, WhyNotOut
from app.matching.optimiser.values import GROUNDS, RANKS, CandidateIn, HoldIn, NeedIn

BARS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "declined": ("It has declined this request.", ("F41",)),
    "unreachable": ("No focal point answers for it.", ("F53-2", "fc")),
    "no_capacity": ("It can take no further request at present.", ("C53", "C54")),
}
LIMITS: Mapping[str, str] = {
    "region": "{mandate} is for another region.",
    "side": "The need is not on the side that the entity of {mandate} takes.",
    "sensitivity": "{mandate} reaches only needs that carry a sensitivity this one lacks.",
    "sector": "{mandate} is for another sector.",
    "kind": "{mandate} is for another kind of assistance.",
    "running": "Help under {mandate} would double work that runs there already.",
}
HOLDS: Mapping[str, str] = {
    "lead": "It leads in this subject.",
    "special": "Its mandate is for the very matter that makes this need sensitive.",
    "provider": "Its mandate covers this.",
    "commission": "It acts for the region, whose countries ask together.",
    "regional": "It acts on this in the region.",
}
APART: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "internal": (
        "A matter of the organizations themselves, which their own management answers.",
        ("F2", "N1", "C85"),
    ),
    "outside": ("Nothing in this stands under any mandate.", ("F15",)),
    "unserved": (
        "The desk has stated that nobody is left who may be asked for this.",
        ("F15", "F41"),
    ),
    "between_organizations": (
        "A duty that the organizations owe each other; no help in a country discharges it.",
        ("F49",),
    ),
    "already_served": ("Work that ended there not long ago has answered this.", ("F53", "N2")),
}


def bar(candidate: CandidateIn, need: int | None = None) -> str:
    """Return what forbids asking a candidate, at all or for one need; empty when nothing does."""
    if candidate.declined or need in candidate.declined_needs:
        return "declined"
    if not candidate.reachable:
        return "unreachable"
    if candidate.capacity_left is not None and candidate.capacity_left <= 0:
        return "no_capacity"
    return ""


def ground(hold: HoldIn, side: str) -> str:
    """Say why a holder is chosen; `side` is its side of an arrangement in force, or empty."""
    text = HOLDS[hold.rank]
    return f"{text} Its side of the arrangement is {side}." if side else text


def uncovered(need: NeedIn, candidates: Sequence[CandidateIn]) -> UncoveredOut:
    """Say why nobody can be asked for a need."""
    if need.apart:
        told, cite = APART[need.apart]
        return UncoveredOut(need.number, need.apart, told, cite)
    barred = [
        (c.entity, bar(c, need.number), h)
        for c in candidates
        for h in c.holds
        if h.need == need.number
    ]
    if barred:
        names = dict.fromkeys(f"{entity} ({why})" for entity, why, _ in barred)
        told = f"Only these hold a mandate, and none can be asked: {', '.join(names)}."
        held = tuple(dict.fromkeys(hold.mandate for *_, hold in barred))
        return UncoveredOut(need.number, "no_eligible_holder", told, ("F15", "F41"), held)
    short = [one for c in candidates for one in c.limits if one.need == need.number]
    if short:
        told = " ".join(LIMITS[one.code].format(mandate=one.mandate) for one in short)
        cite = tuple(dict.fromkeys(mark for one in short for mark in one.cite))
        held = tuple(dict.fromkeys(one.mandate for one in short))
        return UncoveredOut(need.number, "out_of_reach", told, cite, held)
    subject = need.topic or f"area {need.area}"
    told = f"No mandate in the compendium gives help on {subject}."
    return UncoveredOut(need.number, "no_mandate", told, ("F15", "C69"))


def why_not(candidate: CandidateIn, assigned: Sequence[AssignmentOut]) -> WhyNotOut:
    """Say why a candidate is not proposed; `assigned` are those who answer for the needs."""
    held = tuple(dict.fromkeys(hold.mandate for hold in candidate.holds))
    forbidden = bar(candidate) or _out_of_all(candidate)
    if forbidden and candidate.holds:
        text, cite = BARS[forbidden]
        return WhyNotOut(candidate.entity, forbidden, text, cite, held)
    if not candidate.holds and not candidate.limits:
        text = "No mandate of it gives help on any of these topics."
        return WhyNotOut(candidate.entity, "off_topic", text, ("F15",))
    if not candidate.holds:
        first = candidate.limits[0]
        text = LIMITS[first.code].format(mandate=first.mandate)
        cite = ("F10",) if first.code == "side" else ("F53",) if first.code == "running" else ()
        marks = tuple(dict.fromkeys((*cite, *first.cite)))
        return WhyNotOut(candidate.entity, first.code, text, marks, (first.mandate,))
    best = {hold.need: hold.rank for hold in sorted(candidate.holds, key=hold_order, reverse=True)}
    rivals = [one for one in assigned if one.need in best]
    entries = (*held, *(one.mandate for one in rivals))
    if all(RANKS[one.rank] < RANKS[best[one.need]] for one in rivals):
        text = "Others come first in what it could cover: " + _told(rivals)
        cite = tuple(dict.fromkeys(mark for one in rivals for mark in one.cite))
        return WhyNotOut(candidate.entity, "outranked", text, cite, tuple(dict.fromkeys(entries)))
    text = "A set as good and no larger covers the same needs without it: " + _told(rivals)
    return WhyNotOut(candidate.entity, "not_needed", text, ("F53",), tuple(dict.fromkeys(entries)))


def _out_of_all(candidate: CandidateIn) -> str:
    """Return the bar that a candidate meets on each need that it holds; empty when one is free."""
    met = {bar(candidate, hold.need) for hold in candidate.holds}
    return met.pop() if len(met) == 1 else ""


def hold_order(hold: HoldIn) -> tuple[int, int, int, str]:
    """Order the holds of a candidate: by need, the best rank and ground first, then by mandate."""
    return hold.need, RANKS[hold.rank], GROUNDS[hold.provenance], hold.mandate


def _told(assigned: Sequence[AssignmentOut]) -> str:
    return ", ".join(f"need {one.need} {one.entity} as {one.rank}" for one in assigned) + "."
