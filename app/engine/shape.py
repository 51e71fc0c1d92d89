"""The shape of a definition: no dead ends, a way out of everywhere, a person for every step."""

from collections.abc import Iterator

from app.engine.definition import WorkflowDefinition
from app.engine.paths import Earlier, Ways
from app.engine.vocabulary import SYSTEM
from app.kit.errors import Blocker


def shape(definition: WorkflowDefinition) -> Iterator[Blocker]:
    """Yield every fault that the graph shows without walking it."""
    yield from _ends(definition)
    yield from _ways_out(definition)
    yield from _hands(definition)


def reach(definition: WorkflowDefinition, ways: Ways) -> Iterator[Blocker]:
    """Yield each state that no path reaches, and each step that no path can take."""
    stands = {(node.state, node.came_from) for node in ways}
    states = {state for state, _ in stands}
    for name in definition.states:
        if name not in states:
            yield Blocker("check.unreachable", "", {"state": name})
    for edge in definition.edges:
        alive = edge.source in states
        if edge.came_from is not None:
            alive = (edge.source, edge.came_from) in stands
        if not alive:
            where = {"trigger": edge.transition.trigger, "state": edge.source}
            yield Blocker("check.dead_transition", "", where)


def migrations(definition: WorkflowDefinition, earlier: Earlier) -> Iterator[Blocker]:
    """Yield each open state of an older version that a migration forgets or has wrong."""
    for migration in definition.migrates:
        old = earlier.get(migration.version)
        if old is None:
            yield Blocker("check.unknown_version", "", {"version": migration.version})
            continue
        for name in sorted(set(old) - set(migration.states)):
            where = {"version": migration.version, "state": name}
            yield Blocker("check.migration_incomplete", "", where)
        for name in sorted(set(migration.states) - set(old)):
            where = {"version": migration.version, "state": name}
            yield Blocker("check.migration_idle", "", where)


def _ends(definition: WorkflowDefinition) -> Iterator[Blocker]:
    leaving = {edge.source for edge in definition.edges}
    for name, state in definition.states.items():
        if state.final and name in leaving:
            yield Blocker("check.final_left", "", {"state": name})
        if not state.final and name not in leaving:
            yield Blocker("check.dead_end", "", {"state": name})


def _ways_out(definition: WorkflowDefinition) -> Iterator[Blocker]:
    ending = {name for name, state in definition.states.items() if state.final}
    more = ending
    while more:
        more = {e.source for e in definition.edges if e.target in ending} - ending
        ending = ending | more
    for name in definition.states:
        if name not in ending:
            yield Blocker("check.no_way_out", "", {"state": name})


def _hands(definition: WorkflowDefinition) -> Iterator[Blocker]:
    for name, state in definition.states.items():
        if not state.final and not state.turn:
            yield Blocker("check.nobodys_turn", "", {"state": name})
    for transition in definition.transitions:
        if not transition.by:
            yield Blocker("check.nobody_may", "", {"trigger": transition.trigger})
        # The system is no person, so that four eyes would never hold it back.
        if transition.distinct_from and SYSTEM in transition.by:
            yield Blocker("check.four_eyes_idle", "C7", {"trigger": transition.trigger})
