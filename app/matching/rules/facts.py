"""What the matching room tells the guards."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class MatchingFacts:
    """The latest proposal: its number, status, the entities asked and what they answered.

    `uncovered` are the numbers of needs that no mandate covers. A proposal without entities states
    that nobody is eligible. `current` is false once the needs changed after it was prepared.
    `lapsed` are entities that accepted an earlier proposal, which binds nobody any more.
    `unsettled` are the versions of the compendium that changed its basis and wait for the desk's
    word (0: one whose effect is still being carried out). `responsible` are by need the entities
    that would answer for it, `aside` the needs that no entity is to answer for. `assigned`: its
    needs are given to its entities; what is accepted without that waits for the country's word.
    """

    number: int
    status: str
    entities: frozenset[str]
    answers: dict[str, bool]
    uncovered: tuple[int, ...]
    current: bool
    lapsed: frozenset[str] = frozenset()
    unsettled: tuple[int, ...] = ()
    responsible: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    aside: frozenset[int] = frozenset()
    assigned: bool = False
