"""Tests of the engine: the released definition, and copies of it that are broken on purpose."""

import copy
from collections.abc import Collection
from typing import Any

from app.engine.check import Proof, Report, examine
from app.engine.definition import WorkflowDefinition
from app.engine.vocabulary import Vocabulary
from app.lifecycle.vocabulary import VOCABULARY
from tests.packs import pack_text

Text = dict[str, Any]


def released_text() -> Text:
    """The first released definition as YAML gives it, to be changed at will."""
    return copy.deepcopy(pack_text("definitions", "needs_assessment"))


def read(text: Text) -> WorkflowDefinition:
    """The definition that a text says."""
    return WorkflowDefinition.model_validate(copy.deepcopy(text))


def check(text: Text, vocabulary: Vocabulary = VOCABULARY) -> Report:
    """What the checker finds in a text."""
    return examine(read(text), vocabulary)


def named(text: Text, trigger: str) -> list[Text]:
    """The transitions of a text that bear a trigger."""
    found = [t for t in text["transitions"] if t["trigger"] == trigger]
    assert found, trigger
    return found


def unguarded(text: Text, guard: str, triggers: Collection[str]) -> Text:
    """The text without a guard at some triggers, each of which must have had it."""
    for transition in [t for trigger in triggers for t in named(text, trigger)]:
        kept = [use for use in transition["guards"] if use != guard and guard not in use]
        assert len(kept) == len(transition["guards"]) - 1, (guard, transition["trigger"])
        transition["guards"] = kept
    return text


def retargeted(text: Text, trigger: str, to: str) -> Text:
    """The text with a trigger that leads elsewhere."""
    for transition in named(text, trigger):
        transition.pop("back_to", None)
        transition["to"] = to
    return text


def added(text: Text, trigger: str, source: str, to: str, **more: Any) -> Text:
    """The text with one more transition, which a desk officer may fire."""
    step = {
        "trigger": trigger,
        "from": [source],
        "to": to,
        "label": trigger,
        "by": ["desk_officer"],
    }
    text["transitions"].append(step | more)
    return text


def proof(report: Report, stage: str, mark: str) -> Proof:
    """The proof of one invariant."""
    found = [p for p in report.proofs if p.invariant.never_reach == stage]
    return next(p for p in found if p.invariant.without == mark)


def way(report: Report, stage: str, mark: str) -> str:
    """The path that breaks an invariant, as one line; empty when it holds."""
    return " ".join(proof(report, stage, mark).path)
