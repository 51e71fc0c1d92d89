"""Why this one, why not that one, and why nobody: sentences with the paragraph behind each."""

from collections.abc import Mapping, Sequence

from app.matching.optimiser.outcome import AssignmentOut, UncoveredOut, WhyNotOut
from app.matching.optimiser.values import GROUNDS, RANKS, CandidateIn, HoldIn, NeedIn
from app.matching.optimiser.wording import SentenceOut, english, part, sentence

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


ITS_SIDE = "Its side of the arrangement is {side}."
NONE_FREE = "Only these hold a mandate, and none can be asked: {parts}."
ON_TOPIC = "No mandate in the compendium gives help on {topic}."
ON_AREA = "No mandate in the compendium gives help on area {area}."
OFF_TOPIC = "No mandate of it gives help on any of these topics."
OUTRANKED = "Others come first in what it could cover: {parts}."
NOT_NEEDED = "A set as good and no larger covers the same needs without it: {parts}."
BARRED, RIVAL = "{entity} ({why})", "need {need} {entity} as {rank}"
PARTS = (BARRED, RIVAL)
"""What sentences list."""
Reason = tuple[str, tuple[SentenceOut, ...], tuple[str, ...], tuple[str, ...]]


def bar(candidate: CandidateIn, need: int | None = None) -> str:
    """Return what forbids asking a candidate, at all or for one need; empty when nothing does."""
    if candidate.declined or need in candidate.declined_needs:
        return "declined"
    if not candidate.reachable:
        return "unreachable"
    if candidate.capacity_left is not None and candidate.capacity_left <= 0:
        return "no_capacity"
    return ""


def ground(hold: HoldIn, side: str) -> tuple[SentenceOut, ...]:
    """Say why a holder is chosen; `side` is its side of an arrangement in force, or empty."""
    first = sentence(HOLDS[hold.rank])
    return (first, sentence(ITS_SIDE, side=side)) if side else (first,)


def uncovered(need: NeedIn, candidates: Sequence[CandidateIn]) -> UncoveredOut:
    """Say why nobody can be asked for a need."""
    code, told, cite, held = _lacking(need, candidates)
    return UncoveredOut(need.number, code, english(told), cite, held, told)


def _lacking(need: NeedIn, candidates: Sequence[CandidateIn]) -> Reason:
    """Return why nobody can: a code, sentences, paragraphs, and the entries that fall short."""
    if need.apart:
        text, cite = APART[need.apart]
        return need.apart, (sentence(text),), cite, ()
    barred = [
        (c.entity, bar(c, need.number), h)
        for c in candidates
        for h in c.holds
        if h.need == need.number
    ]
    if barred:
        names = dict.fromkeys((entity, why) for entity, why, _ in barred)
        parts = (part(BARRED, entity=entity, why=why) for entity, why in names)
        held = tuple(dict.fromkeys(hold.mandate for *_, hold in barred))
        return "no_eligible_holder", (sentence(NONE_FREE, parts),), ("F15", "F41"), held
    short = [one for c in candidates for one in c.limits if one.need == need.number]
    if short:
        told = tuple(sentence(LIMITS[one.code], mandate=one.mandate) for one in short)
        cite = tuple(dict.fromkeys(mark for one in short for mark in one.cite))
        return "out_of_reach", told, cite, tuple(dict.fromkeys(one.mandate for one in short))
    named = (
        sentence(ON_TOPIC, topic=need.topic) if need.topic else sentence(ON_AREA, area=need.area)
    )
    return "no_mandate", (named,), ("F15", "C69"), ()


def why_not(candidate: CandidateIn, assigned: Sequence[AssignmentOut]) -> WhyNotOut:
    """Say why a candidate is not proposed; `assigned` are those who answer for the needs."""
    code, told, cite, entries = _against(candidate, assigned)
    return WhyNotOut(candidate.entity, code, english(told), cite, entries, told)


def _against(candidate: CandidateIn, assigned: Sequence[AssignmentOut]) -> Reason:
    """Return why it is not: a code, sentences, paragraphs, and the entries it is told by."""
    held = tuple(dict.fromkeys(hold.mandate for hold in candidate.holds))
    forbidden = bar(candidate) or _out_of_all(candidate)
    if forbidden and candidate.holds:
        text, cite = BARS[forbidden]
        return forbidden, (sentence(text),), cite, held
    if not candidate.holds and not candidate.limits:
        return "off_topic", (sentence(OFF_TOPIC),), ("F15",), ()
    if not candidate.holds:
        first = candidate.limits[0]
        cite = ("F10",) if first.code == "side" else ("F53",) if first.code == "running" else ()
        marks = tuple(dict.fromkeys((*cite, *first.cite)))
        told = sentence(LIMITS[first.code], mandate=first.mandate)
        return first.code, (told,), marks, (first.mandate,)
    best = {hold.need: hold.rank for hold in sorted(candidate.holds, key=hold_order, reverse=True)}
    rivals = [one for one in assigned if one.need in best]
    entries = tuple(dict.fromkeys((*held, *(one.mandate for one in rivals))))
    parts = [part(RIVAL, need=one.need, entity=one.entity, rank=one.rank) for one in rivals]
    if all(RANKS[one.rank] < RANKS[best[one.need]] for one in rivals):
        cite = tuple(dict.fromkeys(mark for one in rivals for mark in one.cite))
        return "outranked", (sentence(OUTRANKED, parts),), cite, entries
    return "not_needed", (sentence(NOT_NEEDED, parts),), ("F53",), entries


def _out_of_all(candidate: CandidateIn) -> str:
    """Return the bar that a candidate meets on each need that it holds; empty when one is free."""
    met = {bar(candidate, hold.need) for hold in candidate.holds}
    return met.pop() if len(met) == 1 else ""


def hold_order(hold: HoldIn) -> tuple[int, int, int, str]:
    """Order the holds of a candidate: by need, the best rank and ground first, then by mandate."""
    return hold.need, RANKS[hold.rank], GROUNDS[hold.provenance], hold.mandate
