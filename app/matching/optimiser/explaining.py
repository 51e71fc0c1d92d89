"""What would change the proposal: for each entity left out, the smallest change that brings it in.

Tried in the order of size, and within a size in a stated order, on the inputs themselves: the
choice is made anew each time. A change against a bar (nobody answers, no capacity, a decline) is
in every set of changes, as without it nothing else helps.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, islice

from app.matching.optimiser.changes import applied, cite, told
from app.matching.optimiser.choosing import Choice, choose
from app.matching.optimiser.outcome import ChangeOut, Proposal, WhatIfOut
from app.matching.optimiser.proposing import propose
from app.matching.optimiser.values import CandidateIn, Inputs

TRIES = 1500
"""How often the choice is made anew for one proposal, at the most; shared among the entities."""
FEWEST = 40
MOST_ADDED = 2


def explain(inputs: Inputs) -> Proposal:
    """Return the proposal with what would change it: what is stored, and never computed again."""
    choice = choose(inputs)
    left_out = [one for one in choice.candidates if one.entity not in choice.cover.entities]
    tries = max(FEWEST, TRIES // max(1, len(left_out)))
    found = (_smallest(inputs, choice, one, tries) for one in left_out)
    return replace(propose(inputs), what_if=tuple(one for one in found if one))


def _smallest(
    inputs: Inputs, choice: Choice, candidate: CandidateIn, tries: int
) -> WhatIfOut | None:
    """Return the smallest change that brings a candidate in; None when it is none of a few."""
    needed = bars(candidate)
    ways = islice(_ways(choice, candidate.entity), tries)
    for added in ways:
        changes = (*needed, *added)
        then = choose(applied(inputs, changes)).cover.entities if changes else ()
        if candidate.entity in then:
            return _told(inputs, candidate.entity, changes, then)
    return None


def _told(
    inputs: Inputs, entity: str, changes: tuple[ChangeOut, ...], then: tuple[str, ...]
) -> WhatIfOut:
    words = " and ".join(told(inputs, one) for one in changes)
    return WhatIfOut(
        entity=entity,
        changes=changes,
        reason=f"{entity} would be proposed if {words}.",
        cite=cite(changes),
        then=then,
    )


def bars(candidate: CandidateIn) -> tuple[ChangeOut, ...]:
    """Return the changes without which a candidate cannot be asked for all that it holds."""
    entity = candidate.entity
    found = []
    if candidate.declined or candidate.declined_needs:
        found.append(ChangeOut("not_declined", entity))
    if not candidate.reachable:
        found.append(ChangeOut("reachable", entity))
    if candidate.capacity_left is not None and candidate.capacity_left <= 0:
        found.append(ChangeOut("capacity", entity))
    return tuple(found)


def single_changes(choice: Choice, entity: str) -> tuple[ChangeOut, ...]:
    """Return every change that could bring an entity in beside its bars, the weakest first.

    Its mandate covers a need, an entity that is proposed could not be asked, it leads in a subject.
    """
    numbers = [need.number for need in choice.needs if not need.apart]
    uncovered = [number for number in numbers if number not in choice.holders]
    ordered = uncovered + [number for number in numbers if number in choice.holders]
    return (
        *(ChangeOut("covers", entity, number) for number in ordered),
        *(ChangeOut("out", rival) for rival in choice.cover.entities),
        *(ChangeOut("leads", entity, number) for number in ordered),
    )


def _ways(choice: Choice, entity: str) -> Iterator[Sequence[ChangeOut]]:
    """Yield sets of changes beside the bars, by size."""
    singles = single_changes(choice, entity)
    for size in range(MOST_ADDED + 1):
        yield from combinations(singles, size)
