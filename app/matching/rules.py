"""What the matching room tells the guards, and which mandate reaches which need: pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from app.compendium.rules import meets
from app.matching.optimiser import NeedIn


@dataclass(frozen=True, slots=True)
class MatchingFacts:
    """The latest proposal: its number, status, the entities asked and what they answered.

    `uncovered` are the numbers of needs that no mandate covers. A proposal without entities states
    that nobody is eligible. `current` is false once the needs changed after it was prepared.
    `lapsed` are entities that accepted an earlier proposal, which binds nobody any more.
    """

    number: int
    status: str
    entities: frozenset[str]
    answers: dict[str, bool]
    uncovered: tuple[int, ...]
    current: bool
    lapsed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Scope:
    """What a mandate is limited to; an empty limit is none, `topics` excepted."""

    topics: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    sensitivities: tuple[str, ...] = ()


def on_topic(need: NeedIn, topics: Iterable[str]) -> bool:
    """Whether topics meet a need: its own topic, the one above it, or one that refines it.

    A need without a topic is met by any topic of its area.
    """
    return meets(need.area, need.topic, topics)


def on_matter(need: NeedIn, sensitivities: Collection[str]) -> bool:
    """Whether a limit to sensitivities lets the need through."""
    return not sensitivities or bool(set(need.sensitivities) & set(sensitivities))


def limit_of(
    need: NeedIn, scope: Scope, commissions: Collection[str]
) -> Literal["", "region", "sensitivity", "kind"]:
    """Return what keeps a mandate on the need's topic from reaching it; empty when nothing does.

    `commissions` are those in whose region all countries of the request lie (F11). A need that does
    not state its kind is not kept out by a limit to kinds: nothing shows that it is another kind.
    """
    if scope.regions and not set(scope.regions) & set(commissions):
        return "region"
    if not on_matter(need, scope.sensitivities):
        return "sensitivity"
    if scope.kinds and need.kind and need.kind not in scope.kinds:
        return "kind"
    return ""


def side_of(sides: Collection[str]) -> str:
    """Return the one side of several topics: the side they share, both, or none."""
    if {"criminal_justice", "cybersecurity"} <= set(sides) or "both" in sides:
        return "both"
    shared = set(sides)
    return shared.pop() if len(shared) == 1 else next(iter(sorted(shared - {"development"})), "")
