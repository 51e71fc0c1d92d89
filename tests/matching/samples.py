"""Small matching problems: made by hand, or at random from a seed."""

from dataclasses import replace
from random import Random

from app.matching.optimiser import (
    ArrangementIn,
    CandidateIn,
    HoldIn,
    Inputs,
    LimitIn,
    NeedIn,
    Proposal,
)
from app.matching.optimiser.values import Rank

SIDES = ("criminal_justice", "cybersecurity", "both", "development")
RANK_NAMES: tuple[Rank, ...] = ("lead", "provider", "regional")
AGREED = ArrangementIn("agreed", (("e0", "criminal_justice"), ("e1", "cybersecurity")), ("F10",))


def need(number: int, side: str = "development", topic: str = "A2") -> NeedIn:
    """A need on a topic."""
    return NeedIn(number, topic[0], topic, "", (), side)


def candidate(entity: str, **ranks: Rank) -> CandidateIn:
    """An entity that can be asked; `n3="lead"` says that it leads in need 3."""
    holds = tuple(
        HoldIn(int(name[1:]), f"{entity}.m@1", rank, ("F41",)) for name, rank in ranks.items()
    )
    return CandidateIn(entity, holds, (), reachable=True, declined=False, capacity_left=None)


def inputs(
    needs: tuple[NeedIn, ...],
    *candidates: CandidateIn,
    arrangements: tuple[ArrangementIn, ...] = (),
) -> Inputs:
    """Inputs with nobody to consult and nobody interested."""
    return Inputs("2026-11-21", ("KEN",), needs, candidates, arrangements, (), ())


def by_chance(random: Random) -> Inputs:
    """Up to six needs and seven entities, some of which cannot be asked."""
    needs = tuple(need(n + 1, random.choice(SIDES)) for n in range(random.randint(0, 6)))
    candidates = []
    for place in range(random.randint(0, 7)):
        density = random.choice((0.2, 0.4, 0.7))
        held = {
            f"n{one.number}": random.choice(RANK_NAMES)
            for one in needs
            if random.random() < density
        }
        made = candidate(f"e{place}", **held)
        if not held:
            made = replace(made, limits=(LimitIn(1, f"e{place}.m@1", "region", ("F11",)),))
        candidates.append(
            replace(
                made,
                reachable=random.random() < 0.9,
                declined=random.random() < 0.1,
                capacity_left=random.choice((None, None, 0, 1, 5)),
            )
        )
    agreed = (AGREED,) if random.random() < 0.6 else ()
    return inputs(needs, *candidates, arrangements=agreed)


def shuffled(problem: Inputs, random: Random) -> Inputs:
    """The same problem, told in another order."""
    candidates = [
        replace(one, holds=tuple(random.sample(one.holds, len(one.holds))))
        for one in problem.candidates
    ]
    random.shuffle(candidates)
    needs = tuple(random.sample(problem.needs, len(problem.needs)))
    return replace(problem, needs=needs, candidates=tuple(candidates))


def why(proposal: Proposal, entity: str) -> str:
    """The code of the reason why an entity is not proposed."""
    return next(one.code for one in proposal.why_not if one.entity == entity)
