"""What the matching room tells the guards."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MatchingFacts:
    """The latest proposal: its number, status, the entities asked and what they answered.

    `uncovered` are the numbers of needs that no mandate covers. A proposal without entities states
    that nobody is eligible. `current` is false once the needs changed after it was prepared.
    `lapsed` are entities that accepted an earlier proposal, which binds nobody any more.
    `unsettled` are the versions of the compendium that changed its basis and wait for the desk's
    word (0: one whose effect is still being carried out).
    """

    number: int
    status: str
    entities: frozenset[str]
    answers: dict[str, bool]
    uncovered: tuple[int, ...]
    current: bool
    lapsed: frozenset[str] = frozenset()
    unsettled: tuple[int, ...] = ()
