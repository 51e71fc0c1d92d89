"""The words of a definition: each known to code, each label there and translated."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.engine.definition import TransitionDef, Use, WorkflowDefinition
from app.engine.vocabulary import SYSTEM, Vocabulary
from app.kit.errors import Blocker


def wording(definition: WorkflowDefinition, vocabulary: Vocabulary) -> Iterator[Blocker]:
    """Yield every word that code does not know, and every parameter that does not fit."""
    yield from _unknown_in_states(definition, vocabulary)
    for transition in definition.transitions:
        yield from _unknown_in_transition(transition, vocabulary)
        for use in transition.guards:
            yield from _unfit(transition.trigger, use, vocabulary)
    for invariant in definition.invariants:
        if invariant.never_reach not in definition.stages:
            yield Blocker("check.unknown_stage", invariant.cite, {"stage": invariant.never_reach})


def labels(definition: WorkflowDefinition) -> set[str]:
    """Return every text of a definition that people read in their language."""
    texts = {definition.title}
    for state in definition.states.values():
        texts |= {state.label, state.public}
    for transition in definition.transitions:
        texts |= {transition.label, *(field.label for field in transition.form)}
    return texts


def unlabelled(definition: WorkflowDefinition) -> Iterator[Blocker]:
    """Yield each state and transition that has nothing to show to people."""
    shown = [(name, [s.label, s.public]) for name, s in definition.states.items()]
    shown += [(t.trigger, [t.label, *(f.label for f in t.form)]) for t in definition.transitions]
    for where, texts in shown:
        if not all(text.strip() for text in texts):
            yield Blocker("check.label_missing", "", {"where": where})


def untranslated(missing: Mapping[str, Sequence[str]]) -> Iterator[Blocker]:
    """Yield each label without translation, given the labels that are missing by language."""
    for language, texts in sorted(missing.items()):
        for text in texts:
            yield Blocker("check.untranslated", "", {"language": language, "label": text})


def _unknown_in_states(definition: WorkflowDefinition, vocabulary: Vocabulary) -> Iterator[Blocker]:
    for name, state in definition.states.items():
        roles = [*state.turn, *(role for held in state.acts.values() for role in held)]
        yield from _strange("role", name, roles, vocabulary.roles)
        yield from _strange("act", name, state.acts, vocabulary.acts)


def _unknown_in_transition(transition: TransitionDef, vocabulary: Vocabulary) -> Iterator[Blocker]:
    where = transition.trigger
    yield from _strange("role", where, transition.by, vocabulary.roles | {SYSTEM})
    yield from _strange("role", where, transition.notify, vocabulary.roles)
    yield from _strange("person", where, transition.distinct_from, vocabulary.persons)
    yield from _strange("effect", where, transition.effects, vocabulary.effects)
    yield from _strange("guard", where, (g.name for g in transition.guards), vocabulary.guards)


def _strange(kind: str, where: str, used: Iterable[str], known: Iterable[str]) -> Iterator[Blocker]:
    held = set(known)
    for word in dict.fromkeys(used):
        if word not in held:
            yield Blocker(f"check.unknown_{kind}", "", {"where": where, kind: word})


def _unfit(where: str, use: Use, vocabulary: Vocabulary) -> Iterator[Blocker]:
    guard = vocabulary.guards.get(use.name)
    if guard is None:
        return
    fits = set(use.params) == set(guard.params) and all(
        isinstance(value, guard.params[name]) for name, value in use.params.items()
    )
    if not fits:
        yield Blocker("check.unknown_parameter", "", {"where": where, "guard": use.name})
