"""The search: every way a request can take through a definition, and what is proved along it.

A node is (state, state it came from, marks proved). Guards are taken to pass whenever they might;
all that is known of a request is what its guards have proved (`GuardDef.proves`) and no later
effect has taken away (`EffectDef.revokes`). Every reachable node is visited.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.engine.definition import Edge, WorkflowDefinition
from app.engine.vocabulary import Vocabulary

Earlier = Mapping[int, Mapping[str, frozenset[str]]]
"""By older version: its open states, each with the marks proved on every path to it."""


@dataclass(frozen=True, slots=True)
class Node:
    """Where a request may stand, and what is proved of it there."""

    state: str
    came_from: str | None
    marks: frozenset[str]


Ways = Mapping[Node, tuple[str, ...]]
"""Every reachable node with one shortest path to it."""


def explore(definition: WorkflowDefinition, vocabulary: Vocabulary, earlier: Earlier) -> Ways:
    """Return every reachable node with one shortest path to it, breadth first.

    A migration starts a path of its own, with what `earlier` knows of the old state; of a version
    that is not at hand nothing is taken as proved.
    """
    leaving: dict[str, list[Edge]] = {}
    for edge in definition.edges:
        leaving.setdefault(edge.source, []).append(edge)
    ways: dict[Node, tuple[str, ...]] = {}
    for node, path in beginnings(definition, earlier):
        ways.setdefault(node, path)
    queue = deque(ways)
    while queue:
        node = queue.popleft()
        for edge in leaving.get(node.state, ()):
            if edge.came_from is not None and edge.came_from != node.came_from:
                continue
            reached = Node(edge.target, node.state, marks_after(edge, node.marks, vocabulary))
            if reached not in ways:
                ways[reached] = (*ways[node], f"--{edge.transition.trigger}-->", edge.target)
                queue.append(reached)
    return ways


def beginnings(
    definition: WorkflowDefinition, earlier: Earlier
) -> Iterator[tuple[Node, tuple[str, ...]]]:
    """Yield where paths begin: the initial state, and each state that a migration leads into."""
    yield Node(definition.initial, None, frozenset()), (definition.initial,)
    for migration in definition.migrates:
        proved = earlier.get(migration.version, {})
        for old, new in migration.states.items():
            origin = f"migrated from version {migration.version} '{old}'"
            yield Node(new, None, proved.get(old, frozenset())), (origin, new)


def marks_after(edge: Edge, marks: frozenset[str], vocabulary: Vocabulary) -> frozenset[str]:
    """Return what is proved after a step: guards add before it, effects take away with it."""
    for use in edge.transition.guards:
        marks |= vocabulary.guards[use.name].proves(use.params)
    for effect in edge.transition.effects:
        marks -= vocabulary.effects[effect].revokes
    return marks
