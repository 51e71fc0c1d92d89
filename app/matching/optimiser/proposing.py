"""From inputs to a proposal: who may be asked, who is chosen, and why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.matching.optimiser.reasons import bar, ground, hold_order, uncovered, why_not
from app.matching.optimiser.search import smallest_cover
from app.matching.optimiser.values import (
    RANKS,
    ArrangementIn,
    ArrangementOut,
    AssignmentOut,
    CandidateIn,
    HoldIn,
    Inputs,
    NeedIn,
    Proposal,
)

Holders = dict[int, dict[str, HoldIn]]
"""The best hold of each entity that may be asked, by need and entity."""


def propose(inputs: Inputs) -> Proposal:
    """Return the best proposal for the inputs; their order does not matter."""
    needs = sorted(inputs.needs, key=lambda need: need.number)
    candidates = sorted((_ordered(c) for c in inputs.candidates), key=lambda c: c.entity)
    holders = _holders(needs, candidates)
    standing = [need for need in needs if need.number in holders]
    agreed = _arranged(inputs.arrangements, standing, holders)
    split = {party: side for arrangement in agreed for party, side in arrangement.split}
    best = {number: min(map(_cost, held.values())) for number, held in holders.items()}
    options = {
        number: [entity for entity, hold in held.items() if _cost(hold) == best[number]]
        for number, held in holders.items()
    }
    cover = smallest_cover(options, split)
    assignments = _assign(standing, holders, cover.entities, split)
    answering = [one for one in assignments if one.part == "lead"]
    lead = _lead(answering)
    missing = [need for need in needs if need.number not in holders]
    return Proposal(
        lead=lead,
        support=tuple(entity for entity in cover.entities if entity != lead),
        reason=_reason(needs, lead),
        assignments=assignments,
        uncovered=tuple(uncovered(need, candidates) for need in missing),
        why_not=tuple(why_not(c, answering) for c in candidates if c.entity not in cover.entities),
        arrangements=tuple(_told(one, assignments) for one in agreed),
        consult=tuple(sorted(inputs.consult, key=lambda one: (one.entity, one.mandate))),
        interested=tuple(sorted(inputs.interested, key=lambda one: (one.entity, one.mandate))),
        rank_cost=sum(best.values()),
        explored=cover.explored,
    )


def _ordered(candidate: CandidateIn) -> CandidateIn:
    return replace(
        candidate,
        holds=tuple(sorted(candidate.holds, key=hold_order)),
        limits=tuple(sorted(candidate.limits, key=lambda one: (one.code, one.need, one.mandate))),
    )


def _cost(hold: HoldIn) -> int:
    return RANKS[hold.rank]


def _holders(needs: Sequence[NeedIn], candidates: Sequence[CandidateIn]) -> Holders:
    numbers = {need.number for need in needs}
    holders: Holders = {}
    for candidate in candidates:
        if bar(candidate):
            continue
        for hold in candidate.holds:
            if hold.need in numbers:
                holders.setdefault(hold.need, {}).setdefault(candidate.entity, hold)
    return holders


def _arranged(
    arrangements: Sequence[ArrangementIn], needs: Sequence[NeedIn], holders: Holders
) -> list[ArrangementIn]:
    """Return the arrangements in force; what belongs to one party is struck from the others."""
    agreed: list[ArrangementIn] = []
    for arrangement in sorted(arrangements, key=lambda one: one.code):
        sides = dict(arrangement.split)
        if not _in_force(sides, needs, holders):
            continue
        agreed.append(arrangement)
        for need in needs:
            held = holders[need.number]
            if any(sides.get(party) == need.side for party in held):
                for party in [p for p in held if sides.get(p, need.side) != need.side]:
                    del held[party]
    return agreed


def _in_force(sides: Mapping[str, str], needs: Sequence[NeedIn], holders: Holders) -> bool:
    """Whether the needs span every side, and each party holds one that belongs to its own."""
    spanned = all(any(need.side in (s, "both") for need in needs) for s in sides.values())
    return (
        bool(sides)
        and spanned
        and all(
            any(need.side in (side, "both") and party in holders[need.number] for need in needs)
            for party, side in sides.items()
        )
    )


def _assign(
    needs: Sequence[NeedIn],
    holders: Holders,
    chosen: Sequence[str],
    split: Mapping[str, str],
) -> tuple[AssignmentOut, ...]:
    """Give each need to its best holder among the chosen; parties join in what is theirs too."""
    given: list[AssignmentOut] = []
    for need in needs:
        held = {entity: holders[need.number].get(entity) for entity in chosen}
        ranked = sorted((_cost(hold), entity, hold) for entity, hold in held.items() if hold)
        for place, (_, entity, hold) in enumerate(ranked):
            shares = need.side in (split.get(entity), "both") and entity in split
            if place and not shares:
                continue
            given.append(
                AssignmentOut(
                    need=need.number,
                    entity=entity,
                    part="support" if place else "lead",
                    rank=hold.rank,
                    mandate=hold.mandate,
                    cite=hold.cite,
                    reason=ground(hold, split.get(entity, "") if shares else ""),
                )
            )
    return tuple(given)


def _lead(answering: Sequence[AssignmentOut]) -> str | None:
    """Return who leads in most of the needs it answers for, then who answers for most of them."""
    led = Counter(one.entity for one in answering if one.rank == "lead")
    held = Counter(one.entity for one in answering)
    return min(held, key=lambda entity: (-led[entity], -held[entity], entity), default=None)


def _told(arrangement: ArrangementIn, assignments: Sequence[AssignmentOut]) -> ArrangementOut:
    return ArrangementOut(
        code=arrangement.code,
        split=tuple(
            (party, side, tuple(one.need for one in assignments if one.entity == party))
            for party, side in sorted(arrangement.split)
        ),
        cite=arrangement.cite,
    )


def _reason(needs: Sequence[NeedIn], lead: str | None) -> str:
    if lead is not None:
        return ""
    if not needs:
        return "No need stands."
    return "No entity whose mandate covers any of the needs can be asked."
