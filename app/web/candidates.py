"""What pages show of candidates: who covers which need, and why others are not proposed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from app.matching.optimiser.outcome import AssignmentOut, Proposal
from app.matching.optimiser.reasons import LIMITS, bar, ground
from app.matching.optimiser.values import CandidateIn
from app.matching.optimiser.wording import SentenceOut, sentence
from app.matching.schemas import ProposalView
from app.web.texts import SPOKEN, _, entity, listed, marked, said, words

Ground = tuple[tuple[SentenceOut, ...], str, tuple[str, ...], tuple[str, ...]]
BARRED = {
    "declined": marked("has declined"),
    "unreachable": marked("nobody answers for it"),
    "no_capacity": marked("no capacity at present"),
}
"""Why an entity cannot be asked, in short."""


def barred(code: str) -> str:
    """Return in short why an entity cannot be asked."""
    return _(BARRED[code])


NAMED = {"entity": entity, "rank": words, "side": words, "why": barred}
"""How a value is shown, by its name; any other as it is."""
UNSPACED = frozenset({"zh"})
"""Languages that put no space between sentences."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One entity and one need: `standing` is lead, support, may, short or none, with its ground.

    `text` is the ground as it was stored, for what was stored before its values were kept apart.
    """

    standing: str
    told: tuple[SentenceOut, ...] = ()
    mandate: str = ""
    cite: tuple[str, ...] = ()
    text: str = ""


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
    told: tuple[SentenceOut, ...]
    text: str
    cite: tuple[str, ...]
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """Who is asked for one need by one proposal: who answers for it, who supports, if accepted.

    `left_out`: who would answer left it out. `changed`: another proposal before it asked another.
    """

    lead: str = ""
    support: tuple[str, ...] = ()
    kept: bool = False
    left_out: bool = False
    changed: bool = False


def compared(views: Sequence[ProposalView]) -> dict[int, dict[int, Given]]:
    """Return, by proposal and need, who is asked, held against the proposal before it."""
    found: dict[int, dict[int, Given]] = {}
    before: dict[int, Given] | None = None
    for view in views:
        numbers = {one.need for one in view.assignments} | set(before or ())
        now = {number: _asked(view, number) for number in sorted(numbers)}
        for number, one in now.items():
            was = (before or {}).get(number, Given())
            now[number] = replace(one, changed=before is not None and one.lead != was.lead)
        found[view.number] = before = now
    return found


def _asked(view: ProposalView, need: int) -> Given:
    own = [one for one in view.assignments if one.need == need]
    leads = [one for one in own if one.part == "lead"]
    lead = leads[0].entity if leads else ""
    left = [one for one in view.responses if one.entity == lead and need in one.declined_needs]
    support = tuple(one.entity for one in own if one.part == "support")
    return Given(lead, support, bool(leads and leads[0].kept), bool(left))


def why_not(content: Proposal | None) -> list[Against]:
    """Return why the others are not proposed, those with one reason together."""
    found: dict[Ground, list[str]] = {}
    for one in content.why_not if content else ():
        alike = (one.told, one.reason, tuple(one.cite), tuple(one.entries))
        found.setdefault(alike, []).append(one.entity)
    return [Against(tuple(names), *alike) for alike, names in found.items()]


def in_words(told: Sequence[SentenceOut], stored: str = "") -> str:
    """Return a reason in the language that is spoken, with the names of what it is about.

    One that was stored without its values is told as it was stored.
    """
    if not told:
        return said(stored)
    between = "" if SPOKEN.get().language in UNSPACED else " "
    return Markup(between).join(_sentence(one) for one in told)  # noqa: S704 - white space of ours


def _sentence(one: SentenceOut) -> str:
    parts = [_(each.text, **_named(each.values)) for each in one.parts]
    return _(one.text, **_named(one.values), parts=listed(parts))


def _named(values: Sequence[tuple[str, str]]) -> dict[str, str]:
    return {name: NAMED.get(name, str)(value) for name, value in values}


def coverage(
    candidates: Sequence[CandidateIn], chosen: Proposal | ProposalView | None, needs: Sequence[int]
) -> list[Row]:
    """Return every candidate against every need: first who is proposed, then who might be."""
    given = {(a.entity, a.need): a for a in chosen.assignments} if chosen else {}
    rows = []
    for candidate in candidates:
        cells = []
        for number in needs:
            taken = given.get((candidate.entity, number))
            if taken is not None:
                cells.append(_given(taken))
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
            return Cell("may", ground(hold, ""), hold.mandate, tuple(hold.cite))
    for limit in candidate.limits:
        if limit.need == need:
            told = (sentence(LIMITS[limit.code], mandate=limit.mandate),)
            return Cell("short", told, limit.mandate, tuple(limit.cite))
    return Cell("none")


def _given(taken: AssignmentOut) -> Cell:
    """Return what a candidate that is chosen does for a need."""
    return Cell(taken.part, taken.told, taken.mandate, tuple(taken.cite), taken.reason)
