"""Matching problems of a given size, at random from a seed."""

from random import Random

from app.matching.optimiser import CandidateIn, HoldIn, Inputs, NeedIn
from app.matching.optimiser.values import Rank

OFTEN: tuple[Rank, ...] = ("lead", "provider", "provider", "provider", "special", "regional")


def of_size(random: Random, needs: int, entities: int, holders: tuple[int, int] = (2, 6)) -> Inputs:
    """Needs that are each held by some of the entities; everybody can be asked."""
    held: dict[str, list[HoldIn]] = {f"e{place:02}": [] for place in range(entities)}
    for number in range(1, needs + 1):
        for entity in random.sample(sorted(held), random.randint(*holders)):
            hold = HoldIn(number, f"{entity}.m@1", random.choice(OFTEN), ("F41",))
            held[entity].append(hold)
    return Inputs(
        as_of="2026-11-22",
        countries=("KEN",),
        needs=tuple(
            NeedIn(number, "A", "A2", "", (), "development") for number in range(1, needs + 1)
        ),
        candidates=tuple(
            CandidateIn(
                entity=entity,
                holds=tuple(holds),
                limits=(),
                reachable=True,
                declined=False,
                capacity_left=None,
            )
            for entity, holds in held.items()
        ),
        arrangements=(),
        consult=(),
        interested=(),
    )
