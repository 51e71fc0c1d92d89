"""The checker: the released definition passes, each kind of fault is seen, no path is left out."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from app.engine.check import examine, labels, proved_marks
from app.engine.paths import Node, explore
from app.kit.text import Catalogue
from app.lifecycle.vocabulary import VOCABULARY
from tests.engine import Text, added, check, named, read, released_text, retargeted, way
from tests.packs import WORKFLOWS

KINDS = {
    "ordinary": ["begin_delivery", "close"],
    "clarified": ["await_clarification", "take_up_again", "begin_delivery"],
    "revived": ["set_aside", "revive", "begin_delivery"],
    "returned": ["return_for_revision", "resubmit", "begin_delivery"],
    "appealed": ["appeal", "grant_appeal", "begin_delivery"],
    "reopened": ["reopen_assessment", "complete_assessment", "begin_delivery"],
    "second proposal": ["match_declined", "offer_match", "begin_delivery"],
    "refused by the country": ["consent_refused", "offer_match", "begin_delivery"],
    "looked for again": ["find_no_match", "match_again", "begin_delivery"],
    "resumed": ["begin_delivery", "complete_delivery", "resume_delivery"],
    "withdrawn": ["begin_delivery", "withdraw"],
}
"""Kinds of ways, each with triggers that it holds in this order."""


def test_the_released_definition_passes_with_every_invariant_proved() -> None:
    texts = Catalogue(WORKFLOWS / "locales")
    report = examine(read(released_text()), VOCABULARY, {}, texts.missing)
    assert report.faults == ()
    assert [proof.path for proof in report.proofs] == [()] * 5
    assert set(report.states) == set(released_text()["states"])
    assert report.passed


def walk(seed: int, wanted: list[str]) -> tuple[list[str], list[Node]]:
    """A random way with a liking for some triggers; its marks are kept without the checker's code.

    Returns what is left of the wanted triggers, and every node on the way.
    """
    chance, edges = random.Random(seed), read(released_text()).edges
    node, rest, nodes = Node("draft", None, frozenset()), list(wanted), []
    for _ in range(40):
        open_edges = [
            e
            for e in edges
            if e.source == node.state
            and e.came_from in (None, node.came_from)
            and (e.transition.trigger != "withdraw" or chance.random() < 0.1)
        ]
        if not open_edges:
            break
        liked = [e for e in open_edges if e.transition.trigger in rest[:1]]
        edge = chance.choice(liked or open_edges)
        if liked:
            rest.pop(0)
        marks = set(node.marks)
        for use in edge.transition.guards:
            marks.update(VOCABULARY.guards[use.name].proves(use.params))
        for effect in edge.transition.effects:
            marks.difference_update(VOCABULARY.effects[effect].revokes)
        node = Node(edge.target, node.state, frozenset(marks))
        nodes.append(node)
    return rest, nodes


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_way_is_within_what_the_search_visits(kind: str) -> None:
    visited = set(explore(read(released_text()), VOCABULARY, {}))
    walks = [walk(seed, KINDS[kind]) for seed in range(600)]
    assert all(visited.issuperset(nodes) for _, nodes in walks)
    assert any(not rest for rest, _ in walks), "no walk was of this kind"


def test_an_urgent_request_has_no_way_of_its_own_and_one_that_is_added_is_searched() -> None:
    plain = explore(read(released_text()), VOCABULARY, {})
    states = released_text()["states"]
    assert {"urgency.ask", "urgency.settle"} <= set(states["triage"]["acts"])
    assert any(node.state == "assessment" and node.came_from == "triage" for node in plain)
    text = added(released_text(), "rush", "triage", "screening", guards=["urgency_settled"])
    rushed = explore(read(text), VOCABULARY, {})
    assert Node("screening", "triage", frozenset()) in set(rushed) - set(plain)


def second_version(moved: dict[str, str]) -> Text:
    """A next version into which every open state is carried over, some elsewhere than to itself."""
    text = released_text()
    states = {name: name for name, state in text["states"].items() if not state.get("final")}
    text["migrates"] = [{"version": 1, "states": states | moved}]
    return text


EARLIER = {1: proved_marks(read(released_text()), VOCABULARY)}


def test_what_was_proved_in_the_older_version_is_carried_over_with_the_request() -> None:
    text = second_version({})
    assert examine(read(text), VOCABULARY, EARLIER).passed
    nodes = explore(read(text), VOCABULARY, EARLIER)
    carried = Node("evaluation", None, EARLIER[1]["evaluation"])
    assert nodes[carried] == ("migrated from version 1 'evaluation'", "evaluation")


@pytest.mark.parametrize(
    ("state", "to", "stage", "mark", "path"),
    [
        (
            *("triage", "delivery", "delivery", "assessment.completed"),
            "migrated from version 1 'triage' delivery",
        ),
        (
            *("assessment", "matching", "matching", "assessment.completed"),
            "migrated from version 1 'assessment' matching",
        ),
        (
            *("consent", "delivery", "delivery", "country.consented"),
            "migrated from version 1 'consent' delivery",
        ),
        (
            *("screening", "evaluation", "delivery", "screening.passed"),
            "migrated from version 1 'screening' evaluation",
        ),
    ],
)
def test_a_migration_that_leads_past_the_gate_is_named(
    state: str, to: str, stage: str, mark: str, path: str
) -> None:
    report = examine(read(second_version({state: to})), VOCABULARY, EARLIER)
    assert not report.passed
    assert way(report, stage, mark) == path


def test_without_the_older_version_nothing_counts_as_proved() -> None:
    report = examine(read(second_version({})), VOCABULARY, {})
    assert "check.unknown_version" in {fault.code for fault in report.faults}
    assert way(report, "delivery", "assessment.completed") == (
        "migrated from version 1 'delivery' delivery"
    )


def test_a_migration_must_say_where_every_open_state_goes() -> None:
    text = second_version({})
    del text["migrates"][0]["states"]["appeal"]
    text["migrates"][0]["states"]["closed"] = "closed"
    faults = examine(read(text), VOCABULARY, EARLIER).faults
    assert [(f.code, f.params["state"]) for f in faults] == [
        ("check.migration_incomplete", "appeal"),
        ("check.migration_idle", "closed"),
    ]


def spoil(where: str, **new: object) -> Callable[[Text], object]:
    return lambda text: named(text, where)[0].update(new)


def spoil_state(where: str, **new: object) -> Callable[[Text], object]:
    return lambda text: text["states"][where].update(new)


def island(text: Text) -> None:
    text["states"]["island"] = text["states"]["triage"] | {"acts": {}}
    added(text, "leave", "island", "withdrawn")


def trap(text: Text) -> None:
    text["states"]["trap"] = text["states"]["triage"] | {"acts": {}}
    added(text, "fall", "triage", "trap")
    added(text, "stay", "trap", "trap")


FAULTS: list[tuple[Callable[[Text], object], str]] = [
    (spoil("submit", by=["postman"]), "check.unknown_role"),
    (spoil("submit", notify=["system"]), "check.unknown_role"),
    (spoil_state("triage", turn=["postman"]), "check.unknown_role"),
    (spoil_state("triage", acts={"tea.make": ["desk_officer"]}), "check.unknown_act"),
    (spoil_state("triage", acts={"comment.add": ["postman"]}), "check.unknown_role"),
    (spoil("submit", guards=["fine_weather"]), "check.unknown_guard"),
    (spoil("submit", effects=["fireworks"]), "check.unknown_effect"),
    (spoil("submit", distinct_from=["the.moon"]), "check.unknown_person"),
    (spoil("submit", guards=[{"needs_at_least": {"count": "one"}}]), "check.unknown_parameter"),
    (spoil("submit", guards=["needs_at_least"]), "check.unknown_parameter"),
    (spoil("submit", label=" "), "check.label_missing"),
    (spoil_state("triage", public=""), "check.label_missing"),
    (spoil("submit", by=[]), "check.nobody_may"),
    (spoil("set_aside", distinct_from=["screening.involved"]), "check.four_eyes_idle"),
    (spoil_state("triage", turn=[]), "check.nobodys_turn"),
    (spoil_state("triage", final=True), "check.final_left"),
    (spoil_state("closed", final=False, turn=["desk_officer"]), "check.dead_end"),
    (island, "check.unreachable"),
    (trap, "check.no_way_out"),
    (lambda text: retargeted(text, "appeal", "refused"), "check.dead_transition"),
    (lambda text: text["invariants"][0].update(never_reach="heaven"), "check.unknown_stage"),
]


@pytest.mark.parametrize(
    ("mutate", "code"), FAULTS, ids=[f"{place}-{code}" for place, (_, code) in enumerate(FAULTS)]
)
def test_a_fault_of_the_text_is_seen(mutate: Callable[[Text], object], code: str) -> None:
    text = released_text()
    mutate(text)
    report = check(text)
    assert code in {fault.code for fault in report.faults}
    assert not report.passed


def test_a_text_with_unknown_words_proves_nothing() -> None:
    text = released_text()
    spoil("submit", guards=["fine_weather"])(text)
    assert (check(text).proofs, check(text).nodes) == ((), 0)


def test_every_label_must_be_in_the_five_other_languages(tmp_path: Path) -> None:
    definition = read(released_text())
    report = examine(definition, VOCABULARY, {}, Catalogue(tmp_path).missing)
    seen = {(fault.params["language"], fault.params["label"]) for fault in report.faults}
    assert {fault.code for fault in report.faults} == {"check.untranslated"}
    assert seen == {
        (lang, text) for lang in ("ar", "es", "fr", "ru", "zh") for text in labels(definition)
    }
    shown = {"Triage", "Received", "Submit", "Grounds of the appeal"}
    assert shown < labels(definition)
