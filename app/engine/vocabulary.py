"""What a definition may say: the guards, effects, roles, acts and persons that code knows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.kit.errors import Blocker

SYSTEM = "system"
"""The role of automatic moves; no person can hold it."""


def _nothing(_params: Mapping[str, Any]) -> frozenset[str]:
    return frozenset()


@dataclass(frozen=True, slots=True)
class GuardDef:
    """A guard: `check(facts, **params)` yields a Blocker for every reason against.

    `reads` names the groups of facts that it looks at; `proves(params)` the marks that hold once it
    has passed; `params` the names of its parameters with their types.
    """

    check: Callable[..., Iterable[Blocker]]
    text: str
    reads: frozenset[str] = frozenset()
    proves: Callable[[Mapping[str, Any]], frozenset[str]] = _nothing
    params: Mapping[str, type] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EffectDef:
    """An effect: `apply(scene)` changes our own tables; `revokes` are marks that it takes away."""

    apply: Callable[[Any], None]
    text: str
    revokes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every word that a definition may use, each with its meaning in code.

    `hands` says by which acts somebody becomes one of `persons`; `pairs` are acts of which the
    second takes another person than the first; `pools` are roles that one person may hold all of
    within a scope (a country, an entity): the leanest office (`engine.staffing`).
    """

    guards: Mapping[str, GuardDef]
    effects: Mapping[str, EffectDef]
    roles: frozenset[str]
    acts: frozenset[str]
    persons: frozenset[str]
    hands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pairs: tuple[tuple[str, str], ...] = ()
    pools: Mapping[str, str] = field(default_factory=dict)
