"""From inputs to a proposal: who is chosen, what each does, why, and how good it is."""

from collections import Counter
from collections.abc import Sequence

from app.matching.optimiser.alternatives import alternatives
from app.matching.optimiser.choosing import Choice, choose, cost, weight
from app.matching.optimiser.outcome import ArrangementOut, AssignmentOut, ProofOut, Proposal
from app.matching.optimiser.reasons import ground, uncovered, why_not
from app.matching.optimiser.values import ArrangementIn, Inputs, NeedIn
from app.matching.optimiser.wording import english


def propose(inputs: Inputs) -> Proposal:
    """Return the best proposal for the inputs; their order does not matter."""
    choice = choose(inputs)
    chosen = choice.cover.entities
    assignments = _assign(inputs, choice)
    answering = [one for one in assignments if one.part == "lead"]
    leads = _leads(choice, answering)
    missing = [need for need in choice.needs if need.number not in choice.holders]
    nobodys = bool(choice.needs) and all(need.apart for need in choice.needs)
    others = [one for one in choice.candidates if one.entity not in chosen and not nobodys]
    return Proposal(
        lead=leads[0] if leads else None,
        support=tuple(entity for entity in chosen if entity not in leads),
        reason=_reason(choice.needs, chosen),
        assignments=assignments,
        uncovered=tuple(uncovered(need, choice.candidates) for need in missing),
        why_not=tuple(why_not(one, answering) for one in others),
        arrangements=tuple(_told(one, assignments) for one in choice.agreed),
        consult=tuple(sorted(inputs.consult, key=lambda one: (one.entity, one.mandate))),
        interested=tuple(sorted(inputs.interested, key=lambda one: (one.entity, one.mandate))),
        rank_cost=choice.rank_cost,
        explored=choice.cover.explored,
        leads=leads,
        overlaps=tuple(sorted(inputs.overlaps, key=lambda one: (one.need, one.code))),
        alternatives=alternatives(choice),
        proof=_proof(choice),
        compendium=inputs.compendium,
    )


def _assign(inputs: Inputs, choice: Choice) -> tuple[AssignmentOut, ...]:
    """Give each need to its best holder among the chosen; parties join in what is theirs too."""
    kept = {(one.need, one.entity) for one in inputs.kept}
    given: list[AssignmentOut] = []
    for need in choice.standing:
        held = choice.holders[need.number]
        ranked = sorted(
            (cost(held[one]), weight(held[one]), one)
            for one in choice.cover.entities
            if one in held
        )
        for place, (_, _, entity) in enumerate(ranked):
            side = choice.split.get(entity, "")
            shares = bool(side) and need.side in (side, "both")
            if place and not shares:
                continue
            hold = held[entity]
            told = ground(hold, side if shares else "")
            given.append(
                AssignmentOut(
                    need=need.number,
                    entity=entity,
                    part="support" if place else "lead",
                    rank=hold.rank,
                    mandate=hold.mandate,
                    cite=hold.cite,
                    reason=english(told),
                    waits=need.number in inputs.waiting,
                    kept=(need.number, entity) in kept,
                    told=told,
                )
            )
    return tuple(given)


def _leads(choice: Choice, answering: Sequence[AssignmentOut]) -> tuple[str, ...]:
    """Return who leads in most of the needs it answers for, then who answers for most of them.

    Where an arrangement is in force, its parties that answer for needs lead together (F10).
    """
    led = Counter(one.entity for one in answering if one.rank == "lead")
    held = Counter(one.entity for one in answering)
    ordered = sorted(held, key=lambda entity: (-led[entity], -held[entity], entity))
    parties = [entity for entity in ordered if entity in choice.split]
    return tuple(parties if len(parties) > 1 else ordered[:1])


def _proof(choice: Choice) -> ProofOut:
    cover = choice.cover
    return ProofOut(
        rank_bound=choice.rank_cost,
        size_bound=cover.bound,
        size=len(cover.entities),
        forced=cover.forced,
        apart=cover.apart,
        explored=cover.explored,
    )


def _told(arrangement: ArrangementIn, assignments: Sequence[AssignmentOut]) -> ArrangementOut:
    return ArrangementOut(
        code=arrangement.code,
        split=tuple(
            (party, side, tuple(one.need for one in assignments if one.entity == party))
            for party, side in sorted(arrangement.split)
        ),
        cite=arrangement.cite,
    )


def _reason(needs: Sequence[NeedIn], chosen: Sequence[str]) -> str:
    if chosen:
        return ""
    if not needs:
        return "No need stands."
    if all(need.apart for need in needs):
        return "None of the needs is for an entity to answer."
    return "No entity whose mandate covers any of the needs can be asked."
