"""A programme that goes on while its open needs are matched again: pure (F53)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from app.matching.optimiser import CandidateIn, HoldIn, Inputs, KeptIn


@dataclass(frozen=True, slots=True)
class Held:
    """A need for which an entity at work answers, by the mandate that it was given under."""

    need: int
    entity: str
    mandate: str
    cite: tuple[str, ...]


def going_on(inputs: Inputs, held: Sequence[Held]) -> Inputs:
    """Return inputs in which those at work keep what they answer for, whatever has changed since.

    Only open needs are sought for. Who is at work and has declined one of them keeps its own; it
    takes no further request by answering for more of this one.
    """
    answered = {one.need for one in held}
    needs = tuple(replace(n, apart="") if n.number in answered else n for n in inputs.needs)
    open_ones = tuple(need.number for need in needs if need.number not in answered)
    known = {one.entity: one for one in inputs.candidates}
    for entity in sorted({one.entity for one in held}):
        own = [one for one in held if one.entity == entity]
        before = known.get(entity) or CandidateIn(entity, (), (), False, False, None)
        known[entity] = _at_work(before, own, open_ones)
    kept = tuple(one for one in inputs.kept if one.need not in answered)
    return replace(
        inputs,
        needs=needs,
        candidates=tuple(known[entity] for entity in sorted(known)),
        kept=(*kept, *(KeptIn(one.need, one.entity) for one in held)),
    )


def _at_work(
    candidate: CandidateIn, own: Sequence[Held], open_ones: Collection[int]
) -> CandidateIn:
    """Return a candidate that holds what it was given, though its mandate may have changed."""
    holds = {hold.need for hold in candidate.holds}
    given = (
        HoldIn(one.need, one.mandate, "provider", one.cite) for one in own if one.need not in holds
    )
    declined = tuple(open_ones) if candidate.declined else candidate.declined_needs
    left = candidate.capacity_left
    return replace(
        candidate,
        holds=(*candidate.holds, *given),
        declined=False,
        declined_needs=declined,
        capacity_left=left if left is None else max(left, 1),
    )
