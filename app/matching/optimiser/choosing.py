"""The choice itself: who may be asked for what, which arrangement holds, and the best set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.matching.optimiser.reasons import bar, hold_order
from app.matching.optimiser.search import Cover, smallest_cover
from app.matching.optimiser.values import (
    GROUNDS,
    RANKS,
    ArrangementIn,
    CandidateIn,
    HoldIn,
    Inputs,
    NeedIn,
)

Holders = dict[int, dict[str, HoldIn]]
"""The best hold of each entity that may be asked, by need and entity."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The best set for some inputs, with what it was chosen from.

    `candidates` and `needs` are in order; `standing` are the needs that somebody may be asked for;
    `agreed` the arrangements in force and `split` the side of each of their parties.
    """

    needs: tuple[NeedIn, ...]
    candidates: tuple[CandidateIn, ...]
    standing: tuple[NeedIn, ...]
    holders: Holders
    agreed: tuple[ArrangementIn, ...]
    split: Mapping[str, str]
    cover: Cover

    @property
    def rank_cost(self) -> int:
        """The sum over the needs of the rank of the best who may be asked."""
        return sum(min(map(cost, held.values())) for held in self.holders.values())


def choose(inputs: Inputs) -> Choice:
    """Return the best set for the inputs; their order does not matter."""
    needs = tuple(sorted(inputs.needs, key=lambda need: need.number))
    candidates = tuple(sorted((_ordered(c) for c in inputs.candidates), key=lambda c: c.entity))
    holders = _holders(needs, candidates, {one.need: one.entity for one in inputs.kept})
    standing = tuple(need for need in needs if need.number in holders)
    agreed = _arranged(inputs.arrangements, standing, holders)
    split = {party: side for arrangement in agreed for party, side in arrangement.split}
    cover = smallest_cover(best_of(holders), split)
    return Choice(needs, candidates, standing, holders, tuple(agreed), split, cover)


def best_of(holders: Holders) -> dict[int, dict[str, int]]:
    """Return, by need, who holds it at the best rank there is, with the weight of the ground."""
    best = {number: min(map(cost, held.values())) for number, held in holders.items()}
    return {
        number: {entity: weight(hold) for entity, hold in held.items() if cost(hold) == least}
        for (number, held), least in zip(holders.items(), best.values(), strict=True)
    }


def cost(hold: HoldIn) -> int:
    """Return what it costs that this hold answers for its need."""
    return RANKS[hold.rank]


def weight(hold: HoldIn) -> int:
    """Return how lightly a hold is grounded; a commission whose region asks stands on F11."""
    return 0 if hold.rank == "commission" else GROUNDS[hold.provenance]


def _ordered(candidate: CandidateIn) -> CandidateIn:
    return replace(
        candidate,
        holds=tuple(sorted(candidate.holds, key=hold_order)),
        limits=tuple(sorted(candidate.limits, key=lambda one: (one.code, one.need, one.mandate))),
    )


def _holders(
    needs: Sequence[NeedIn], candidates: Sequence[CandidateIn], kept: Mapping[int, str]
) -> Holders:
    numbers = {need.number for need in needs if not need.apart}
    holders: Holders = {}
    for candidate in candidates:
        for hold in candidate.holds:
            answers = kept.get(hold.need)
            asked = answers == candidate.entity or (
                answers is None and not bar(candidate, hold.need)
            )
            if hold.need in numbers and asked:
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
    """Whether each party is called by a need: one that takes both sides calls no two."""
    return bool(sides) and all(
        any(_calls(need, side, party, holders[need.number]) for need in needs)
        for party, side in sides.items()
    )


def _calls(need: NeedIn, side: str, party: str, held: Mapping[str, HoldIn]) -> bool:
    """Whether a need of a party's side has no holder whose mandate is made for its very matter."""
    special = any(hold.rank == "special" for hold in held.values())
    return need.side == side and party in held and not special
