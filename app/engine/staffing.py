"""Whether there is always a second person: four eyes proved for the smallest staff there may be.

Assumed is the leanest office that a definition must work in: all roles of one pool (a country's
United Nations staff, a government, an entity) are held by one and the same person, and each of the
other roles by as many as are needed. A demand for two persons that no such staff can meet would
leave a request stuck for ever; otherwise the smallest staff that meets all of them is told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from app.engine.definition import WorkflowDefinition
from app.engine.vocabulary import SYSTEM, Vocabulary
from app.kit.errors import Blocker

MOST = 4
"""How many holders of one role are tried; a demand that four cannot meet, more cannot either."""

Person = tuple[str, int]
"""A pool or a role, and which of its people."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something one person does: an act or a trigger, in one of these roles."""

    name: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Demand:
    """`second` must be another person than whoever did any of `firsts`."""

    second: Step
    firsts: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Staffing:
    """What was found: demands that nobody can meet, and the smallest staff for all the others."""

    faults: tuple[Blocker, ...]
    staff: Mapping[str, int]


def staffing(definition: WorkflowDefinition, vocabulary: Vocabulary) -> Staffing:
    """Return whether every demand for a second person can be met, and the staff that it takes."""
    demands = tuple(_demands(definition, vocabulary))
    faults = []
    for demand in demands:
        if _smallest([demand], {}, vocabulary.pools) is None:
            told = {
                "second": demand.second.name,
                "first": ", ".join(sorted({first.name for first in demand.firsts})),
                "roles": ", ".join(sorted(demand.second.roles)),
            }
            faults.append(Blocker("check.no_second_person", "C7", told))
    least = _sole_roles(definition)
    kept = [] if faults else list(demands)
    return Staffing(tuple(faults), _smallest(kept, least, vocabulary.pools) or {})


def _demands(definition: WorkflowDefinition, vocabulary: Vocabulary) -> Iterator[Demand]:
    acts: dict[str, frozenset[str]] = {}
    for state in definition.states.values():
        for act, roles in state.acts.items():
            acts[act] = acts.get(act, frozenset()) | frozenset(roles)
    seconds = {second for _, second in vocabulary.pairs}
    for first, second in vocabulary.pairs:
        if first in acts and second in acts:
            yield Demand(Step(second, acts[second]), (Step(first, acts[first]),))
    for transition in definition.transitions:
        firsts = [
            step
            for name in transition.distinct_from
            for act in vocabulary.hands.get(name, ())
            if act in acts
            for step in _done(act, acts[act], together=act in seconds)
        ]
        by = frozenset(transition.by) - {SYSTEM}
        if firsts and by:
            yield Demand(Step(transition.trigger, by), tuple(firsts))


def _done(act: str, roles: frozenset[str], *, together: bool) -> list[Step]:
    """Return who may have had a hand: one person where there is one signature, else each role."""
    if together:
        return [Step(act, roles)]
    return [Step(act, frozenset({role})) for role in sorted(roles)]


def _sole_roles(definition: WorkflowDefinition) -> dict[str, int]:
    """Return the roles without which some act or step would have nobody."""
    alone = [t.by for t in definition.transitions]
    alone += [roles for state in definition.states.values() for roles in state.acts.values()]
    return {roles[0]: 1 for roles in alone if len(roles) == 1 and roles[0] != SYSTEM}


def _smallest(
    demands: list[Demand], least: Mapping[str, int], pools: Mapping[str, str]
) -> dict[str, int] | None:
    """Return the smallest numbers of holders that meet all demands; None when nothing does."""
    steps = {step for one in demands for step in (one.second, *one.firsts)}
    asked = {role for step in steps for role in step.roles}
    free = sorted(role for role in asked if role not in pools)
    fixed = {role: 1 for role in asked | set(least) if role in pools}
    fixed |= {role: 1 for role in least if role not in pools and role not in free}
    counts = product(*(range(least.get(role, 0), MOST + 1) for role in free))
    for numbers in sorted(counts, key=lambda each: (sum(each), each)):
        staff = dict(zip(free, numbers, strict=True))
        if _meets(demands, sorted(steps, key=repr), staff, pools):
            return {role: n for role, n in sorted((fixed | staff).items()) if n}
    return None


def _meets(
    demands: list[Demand], steps: list[Step], staff: Mapping[str, int], pools: Mapping[str, str]
) -> bool:
    """Whether persons can be found for all steps so that every second one is another person."""
    able = {step: _able(step, staff, pools) for step in steps}
    apart = {(one.second, first) for one in demands for first in one.firsts}
    apart |= {(first, second) for second, first in apart}
    return _placed(steps, able, apart, {})


def _able(step: Step, staff: Mapping[str, int], pools: Mapping[str, str]) -> list[Person]:
    people: set[Person] = set()
    for role in step.roles:
        if role in pools:
            people.add((pools[role], 0))
        else:
            people |= {(role, n) for n in range(staff.get(role, 0))}
    return sorted(people)


def _placed(
    steps: list[Step],
    able: Mapping[Step, list[Person]],
    apart: set[tuple[Step, Step]],
    who: dict[Step, Person],
) -> bool:
    if len(who) == len(steps):
        return True
    step = steps[len(who)]
    others = {who[other] for other in who if (step, other) in apart}
    return any(
        _placed(steps, able, apart, {**who, step: person})
        for person in able[step]
        if person not in others
    )
