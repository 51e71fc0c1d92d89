"""Executing a definition: the only module that knows the state machine library.

One machine per definition version, built once and never bound to a row: a throw-away token stands
in for the request. `auto_transitions` stays off, because a loose `to_<state>` would void the gate.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from transitions import EventData, Machine

from app.engine.definition import Edge, TransitionDef, WorkflowDefinition
from app.engine.vocabulary import Vocabulary
from app.kit.errors import Blocked, Blocker, Conflict, Forbidden


class FactSheet(Protocol):
    """What the engine itself asks of facts; guards ask the rest."""

    @property
    def people(self) -> Mapping[str, frozenset[int]]:
        """Who did what, by name: `assessment.signed_by` -> person ids."""


ACTING = "acting"
"""The group of facts that says who acted for whom: read wherever persons must be distinct."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Someone's wish to move a request: where it stands, who asks in which roles, and the facts.

    `persons` are who acts and on whose behalf; `barred` are roles that do not count, with the
    reason; `only` names the triggers that a delegation extends to, if it is limited.
    """

    state: str
    came_from: str | None
    roles: frozenset[str]
    persons: frozenset[int]
    facts: FactSheet
    barred: Mapping[str, Blocker] = field(default_factory=dict)
    only: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A move that may be made."""

    transition: TransitionDef
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Option:
    """A transition from here, for this person: allowed, or blocked with every reason."""

    transition: TransitionDef
    target: str
    blockers: tuple[Blocker, ...]

    @property
    def allowed(self) -> bool:
        """Whether nothing stands against it."""
        return not self.blockers


@dataclass(slots=True)
class Token:
    """Stands in for a request inside the machine and collects what speaks against each step."""

    state: str
    attempt: Attempt
    taken: Edge | None = None
    blockers: list[Blocker] = field(default_factory=list)


class Engine:
    """A compiled definition."""

    def __init__(self, definition: WorkflowDefinition, vocabulary: Vocabulary) -> None:
        """Build the machine and the look-up of edges by state and trigger."""
        self.definition = definition
        self.vocabulary = vocabulary
        self._edges: dict[tuple[str, str], list[Edge]] = {}
        for edge in definition.edges:
            self._edges.setdefault((edge.source, edge.transition.trigger), []).append(edge)
        self.machine = Machine(
            model=None,
            states=list(definition.states),
            initial=definition.initial,
            auto_transitions=False,
            send_event=True,
            transitions=[self._spec(edge) for edge in definition.edges],
        )

    def _spec(self, edge: Edge) -> dict[str, Any]:
        return {
            "trigger": edge.transition.trigger,
            "source": edge.source,
            "dest": edge.target,
            "conditions": [self._condition(edge)],
        }

    def _condition(self, edge: Edge) -> Callable[[EventData], bool]:
        def passes(event: EventData) -> bool:
            token = event.model
            if not isinstance(token, Token):
                raise TypeError("a row was bound to the machine")
            if not self._concerns(edge, token.attempt):
                return False
            found = self.against(edge, token.attempt)
            token.blockers.extend(found)
            if not found:
                token.taken = edge
            return not found

        return passes

    @staticmethod
    def _concerns(edge: Edge, attempt: Attempt) -> bool:
        """Whether the edge is meant for this person and this way of having come here."""
        came = edge.came_from is None or edge.came_from == attempt.came_from
        return came and not attempt.roles.isdisjoint(edge.transition.by)

    def against(self, edge: Edge, attempt: Attempt) -> list[Blocker]:
        """Return every reason against taking `edge` now: duties, four eyes, then the guards."""
        found = self.unfit(edge, attempt)
        found += [
            Blocker("four_eyes.same_person", "C7", {"person": name})
            for name in edge.transition.distinct_from
            if not attempt.persons.isdisjoint(attempt.facts.people.get(name, frozenset()))
        ]
        for use in edge.transition.guards:
            found.extend(self.vocabulary.guards[use.name].check(attempt.facts, **use.params))
        return found

    @staticmethod
    def unfit(edge: Edge, attempt: Attempt) -> list[Blocker]:
        """Return why this person's roles do not count for the edge; empty when one of them does."""
        trigger, fitting = edge.transition.trigger, attempt.roles & set(edge.transition.by)
        if attempt.only is not None and trigger not in attempt.only:
            return [Blocker("delegation.act", "", {"act": trigger})]
        if not fitting or not fitting <= attempt.barred.keys():
            return []
        return [attempt.barred[role] for role in sorted(fitting)]

    def edges_from(self, state: str, trigger: str) -> list[Edge]:
        """Return the edges that `trigger` may take from `state`, in the order of the definition.

        Raises Conflict if the definition has none: the move does not belong to this state.
        """
        edges = self._edges.get((state, trigger))
        if not edges:
            raise Conflict(
                "transition.not_from_here",
                f"'{trigger}' cannot be fired in state '{state}'; see the options.",
            )
        return edges

    def reads(self, state: str, trigger: str) -> frozenset[str]:
        """Return the groups of facts that deciding `trigger` in `state` needs."""
        groups: set[str] = set()
        for edge in self._edges.get((state, trigger), ()):
            if edge.transition.distinct_from:
                groups.add(ACTING)
                groups.update(name.partition(".")[0] for name in edge.transition.distinct_from)
            for use in edge.transition.guards:
                groups |= self.vocabulary.guards[use.name].reads
        return frozenset(groups)

    def fire(self, trigger: str, attempt: Attempt) -> Outcome:
        """Decide a move. Several edges may share trigger and source: the first that passes wins.

        Raises Conflict (no such move from here), Forbidden (role) or Blocked (with every reason).
        """
        edges = self.edges_from(attempt.state, trigger)
        if not any(attempt.roles & set(edge.transition.by) for edge in edges):
            roles = sorted({role for edge in edges for role in edge.transition.by})
            raise Forbidden("transition.role", f"This takes the role {' or '.join(roles)} here.")
        self._refuse_unfit([e for e in edges if self._concerns(e, attempt)], attempt)
        token = Token(attempt.state, attempt)
        self.machine.events[trigger].trigger(token)
        if token.taken is None:
            raise Blocked(
                "transition.blocked",
                f"'{trigger}' is not possible yet; every reason is listed.",
                _distinct(token.blockers),
            )
        return Outcome(token.taken.transition, token.taken.source, token.taken.target)

    def _refuse_unfit(self, edges: list[Edge], attempt: Attempt) -> None:
        """Raise Forbidden when on no edge a role of this person counts."""
        found = [self.unfit(edge, attempt) for edge in edges]
        if found and all(found):
            reasons = _distinct([reason for each in found for reason in each])
            raise Forbidden(reasons[0].code, "Somebody else must do this; see why.", reasons)

    def options(self, attempt: Attempt) -> list[Option]:
        """Return every transition from here for this person, with what stands against each."""
        return [
            Option(edge.transition, edge.target, _distinct(self.against(edge, attempt)))
            for (state, _), edges in self._edges.items()
            if state == attempt.state
            for edge in edges
            if self._concerns(edge, attempt)
        ]

    def automatic(self, state: str, system: str) -> list[str]:
        """Return the triggers that the system itself fires from `state`."""
        return [
            trigger
            for (source, trigger), edges in self._edges.items()
            if source == state and any(system in edge.transition.by for edge in edges)
        ]


def _distinct(blockers: list[Blocker]) -> tuple[Blocker, ...]:
    """Return the blockers without repetition, in order."""
    seen: dict[tuple[str, str], Blocker] = {}
    for blocker in blockers:
        seen.setdefault((blocker.code, repr(blocker.params)), blocker)
    return tuple(seen.values())
