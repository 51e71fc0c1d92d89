"""The checker: proves what a definition promises, or prints the shortest path that breaks it.

Proved: whatever answers people give, a request that stands where an invariant looks has passed a
guard that establishes the mark, and no effect has taken the mark away since; the search visits
every reachable node, so an invariant that it finds no path against holds on all paths.

Not proved: that a guard's code establishes what it says (the tests of the guards show that); that
a fact which held when its guard passed still holds later (therefore guards are repeated before
delivery, and the database has a gate of its own); and that the house employs the staff that
`staff` tells. That such a staff exists wherever four eyes are asked for is proved (`staffing`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.engine.definition import Invariant, WorkflowDefinition
from app.engine.packs import Pack
from app.engine.paths import Earlier, Ways, explore
from app.engine.shape import migrations, reach, shape
from app.engine.staffing import staffing
from app.engine.vocabulary import Vocabulary
from app.engine.wording import labels, unlabelled, untranslated, wording
from app.kit.errors import Blocker

__all__ = ["Proof", "Report", "examine", "examine_pack", "labels", "proved_marks"]


@dataclass(frozen=True, slots=True)
class Proof:
    """An invariant and how it fared: `path` is empty when it holds, else the shortest way round."""

    invariant: Invariant
    path: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether no path breaks the invariant."""
        return not self.path


@dataclass(frozen=True, slots=True)
class Report:
    """What the checker found: faults of the text, and a proof for each invariant.

    `nodes` counts what the search visited, `states` are those that it reached; with a word that
    code does not know there is no search, and nothing is proved. `staff` is the smallest number of
    holders of each role, per country or entity where it has one, that four eyes can work with.
    """

    faults: tuple[Blocker, ...]
    proofs: tuple[Proof, ...]
    nodes: int
    states: tuple[str, ...] = ()
    staff: Mapping[str, int] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether the definition may be released."""
        return self.nodes > 0 and not self.faults and all(proof.holds for proof in self.proofs)


def examine(
    definition: WorkflowDefinition,
    vocabulary: Vocabulary,
    earlier: Earlier | None = None,
    missing: Callable[[set[str]], Mapping[str, Sequence[str]]] | None = None,
) -> Report:
    """Check a definition whole.

    `earlier` gives `proved_marks` of each older version by its number: migrations are held against
    it and begin with what the older version had proved; without it nothing is taken as proved.
    `missing` tells, by language, which of some texts have no translation (`Catalogue.missing`).
    """
    unknown = tuple(wording(definition, vocabulary))
    faults = (*unknown, *unlabelled(definition), *shape(definition))
    if missing is not None:
        faults += tuple(untranslated(missing(labels(definition))))
    if earlier is not None:
        faults += tuple(migrations(definition, earlier))
    if unknown:
        return Report(faults, (), 0)
    ways = explore(definition, vocabulary, earlier or {})
    faults += tuple(reach(definition, ways))
    persons = staffing(definition, vocabulary)
    faults += persons.faults
    proofs = tuple(_prove(invariant, definition, ways) for invariant in definition.invariants)
    states = tuple(sorted({node.state for node in ways}))
    return Report(faults, proofs, len(ways), states, persons.staff)


def examine_pack(
    pack: Pack,
    shelf: Iterable[Pack],
    missing: Callable[[set[str]], Mapping[str, Sequence[str]]] | None = None,
) -> Report:
    """Check the definition of a pack whole, its migrations against older versions on the shelf."""
    vocabulary = pack.engine.vocabulary
    earlier = {
        older.version: proved_marks(older.definition, vocabulary)
        for older in shelf
        if older.name == pack.name and older.version < pack.version
    }
    return examine(pack.definition, vocabulary, earlier, missing)


def proved_marks(
    definition: WorkflowDefinition, vocabulary: Vocabulary
) -> dict[str, frozenset[str]]:
    """Return, for each reachable open state, the marks that are proved on every path to it.

    Final states are left out: what has ended stays in its version.
    """
    marks: dict[str, frozenset[str]] = {}
    for node in explore(definition, vocabulary, {}):
        if not definition.states[node.state].final:
            marks[node.state] = marks.get(node.state, node.marks) & node.marks
    return marks


def _prove(invariant: Invariant, definition: WorkflowDefinition, ways: Ways) -> Proof:
    against = (
        path
        for node, path in ways.items()
        if definition.states[node.state].stage == invariant.never_reach
        and invariant.without not in node.marks
    )
    return Proof(invariant, min(against, key=len, default=()))
