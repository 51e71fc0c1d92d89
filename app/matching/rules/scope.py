"""What a mandate is limited to, and whether it reaches a need: pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from app.compendium.rules import meets
from app.matching.optimiser import NeedIn
from app.matching.optimiser.values import Limit


@dataclass(frozen=True, slots=True)
class Scope:
    """What a mandate is limited to; an empty limit is none, `topics` excepted.

    `side` is the one that its entity takes under an arrangement (F10).
    """

    topics: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    sensitivities: tuple[str, ...] = ()
    side: str = ""
    sectors: tuple[str, ...] = ()


def on_topic(need: NeedIn, topics: Collection[str]) -> bool:
    """Whether topics meet a need: its own topic, the one above it, or one that refines it.

    A need without a topic is met by any topic of its area.
    """
    return meets(need.area, need.topic, topics)


def on_matter(need: NeedIn, sensitivities: Collection[str]) -> bool:
    """Whether a limit to sensitivities lets the need through."""
    return not sensitivities or bool(set(need.sensitivities) & set(sensitivities))


def limit_of(need: NeedIn, scope: Scope, commissions: Collection[str]) -> Limit | Literal[""]:
    """Return what keeps a mandate on the need's topic from reaching it; empty when nothing does.

    `commissions` are those in whose region all countries of the request lie (F11). A party to an
    arrangement leaves a need that belongs to the other side alone (F10). A need that does not state
    its kind or sector is not kept out by a limit to some: nothing shows that it is of another.
    """
    if scope.regions and not set(scope.regions) & set(commissions):
        return "region"
    if scope.side and need.side not in ("", "both", scope.side):
        return "side"
    if not on_matter(need, scope.sensitivities):
        return "sensitivity"
    if scope.sectors and need.sector and need.sector not in scope.sectors:
        return "sector"
    if scope.kinds and need.kind and need.kind not in scope.kinds:
        return "kind"
    return ""


def side_of(sides: Collection[str]) -> str:
    """Return the one side of several topics: the side they share, both, or none."""
    if {"criminal_justice", "cybersecurity"} <= set(sides) or "both" in sides:
        return "both"
    shared = set(sides)
    return shared.pop() if len(shared) == 1 else next(iter(sorted(shared - {"development"})), "")


MEETING = "joint_meeting"


def sided(needs: Sequence[NeedIn]) -> tuple[NeedIn, ...]:
    """Return needs with the side of each meeting told by what the rest of the request is about.

    The paragraph on meetings takes both sides (F48): whose it is follows from its subject, which
    the other needs tell. A meeting alone keeps both.
    """
    rest = {need.side for need in needs if need.kind != MEETING and need.side}
    subject = side_of(rest)
    if not rest:
        return tuple(needs)
    return tuple(
        replace(need, side=subject) if need.kind == MEETING and need.side == "both" else need
        for need in needs
    )
