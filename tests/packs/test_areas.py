"""The areas pack holds every topic and code list of the framework, and refuses what is broken."""

import copy
import re
from typing import Any

import pytest
from pydantic import ValidationError

from app.engine.frameworks import Areas
from tests.packs import entries_below, pack_text

TOPICS = """
A1 A2 A3 A3a A3b A3c A3d A3e A4 A5
B1 B2 B3 B3a B3b B3c B3d B4 B4a B4b B4c B4d B5 B5a B5b B5c B5d B5e B5f B5g B6 B6a B6b B6c B6d
C1 C1a C1b C1c C3 C4 C5 C5a C5b C5c C5d C5e C5f C5g C5h C5i C6 C7 C8
D1 D2 D3 D4 D5 D6 D6a D6b D6c D6d D6e D6f D6g D7 D8 D9
E1 E2 E3 E4 E5 E6 E6a E6b E6c
"""
COUNTS = {
    "areas": 5,
    "topics": 79,
    "phases": 5,
    "headings": 5,
    "families": 3,
    "acts": 14,
    "objectives": 7,
    "security_objectives": 5,
    "standards": 3,
    "assistance_kinds": 21,
    "sectors": 16,
    "elements": 12,
    "stakeholders": 11,
    "sensitivities": 6,
}
CITATION = re.compile(r"^(F([1-9]|[1-4]\d|5[0-5])([a-z]|-\d)?|C\d{1,2}|R\d{1,2}|N[012]|f[abc])$")


@pytest.fixture
def text() -> dict[str, Any]:
    """A copy of the released text that a test may break."""
    return copy.deepcopy(pack_text("areas", "un_cyber"))


@pytest.fixture
def areas(text: dict[str, Any]) -> Areas:
    """The released pack."""
    return Areas.model_validate(text)


def test_every_topic_of_the_framework_stands_in_the_pack_and_no_other(areas: Areas) -> None:
    assert [topic.code for topic in areas.topics] == TOPICS.split()


def test_the_gate_is_a_rule_and_no_topic(areas: Areas) -> None:
    assert "C2" not in areas.topic_by_code


def test_every_code_list_is_complete(areas: Areas) -> None:
    assert {name: len(entries) for name, entries in areas.code_lists().items()} == COUNTS


def test_every_entry_names_its_paragraph_and_has_words(text: dict[str, Any]) -> None:
    for path, entry in entries_below(text):
        assert entry["cite"], path
        assert all(CITATION.match(mark) for mark in entry["cite"]), path
        assert all(entry[words].strip() for words in ("label", "text")), path


def test_a_topic_cites_a_paragraph_of_its_own_area(areas: Areas) -> None:
    paragraphs = {"A": (21, 24), "B": (25, 30), "C": (31, 38), "D": (39, 43), "E": (44, 49)}
    for topic in areas.topics:
        first, last = paragraphs[topic.code[0]]
        found = re.match(r"F(\d+)", topic.cite[0])
        assert found, topic.code
        assert first <= int(found[1]) <= last, topic.code


def test_every_phase_and_every_heading_is_reached_by_some_topic(areas: Areas) -> None:
    assert {p for t in areas.topics for p in t.phases} == {p.code for p in areas.phases}
    assert {h for t in areas.topics for h in t.headings} == {h.code for h in areas.headings}


def test_duties_among_the_organizations_are_no_deliverables(areas: Areas) -> None:
    inner = {topic.code for topic in areas.topics if not topic.deliverable}
    assert inner == {"C4", "E6", "E6a", "E6b", "E6c"}


def test_only_emergency_help_is_rapid(areas: Areas) -> None:
    rapid = {kind.code for kind in areas.assistance_kinds if kind.rapid}
    assert rapid == {"containment", "restoration", "evidence_preservation"}


def test_stakeholders_are_six_of_the_state_three_others_and_two_private(areas: Areas) -> None:
    groups = [stakeholder.group for stakeholder in areas.stakeholders]
    assert [groups.count(g) for g in ("state", "non_state", "private")] == [6, 3, 2]


def test_each_sensitivity_names_the_authority_to_hear(areas: Areas) -> None:
    assert {s.code: s.authority for s in areas.sensitivities} == {
        "children": "unicef",
        "refugees": "unhcr",
        "women": "un_women",
        "nuclear": "iaea",
        "surveillance": "ohchr",
        "content": "ohchr",
    }


def test_the_leaves_of_a_topic_are_its_refinements_or_itself(areas: Areas) -> None:
    assert areas.leaves("C1") == ("C1a", "C1b", "C1c")
    assert areas.leaves("C8") == ("C8",)
    with pytest.raises(KeyError):
        areas.leaves("C2")


def test_an_element_cannot_point_to_an_unknown_topic(text: dict[str, Any]) -> None:
    text["elements"][0]["topics"] = ["C2"]
    with pytest.raises(ValidationError, match="unknown topic of an element: C2"):
        Areas.model_validate(text)


def test_a_topic_cannot_stand_twice(text: dict[str, Any]) -> None:
    text["areas"][0]["topics"].append(copy.deepcopy(text["areas"][0]["topics"][0]))
    with pytest.raises(ValidationError, match="A1 stands more than once"):
        Areas.model_validate(text)


def test_a_sub_topic_cannot_lose_its_parent(text: dict[str, Any]) -> None:
    del text["areas"][0]["topics"][3]["parent"]
    with pytest.raises(ValidationError, match="A3a must have parent A3"):
        Areas.model_validate(text)


def test_a_topic_cannot_move_to_another_area(text: dict[str, Any]) -> None:
    text["areas"][0]["topics"].append(text["areas"][1]["topics"].pop(0))
    with pytest.raises(ValidationError, match="area A cannot hold B1"):
        Areas.model_validate(text)


@pytest.mark.parametrize("mark", ["F56", "C95", "R25", "N3", "fd", "F0", "12", "", "F12gg", "X1"])
def test_a_mark_that_leads_nowhere_is_refused(text: dict[str, Any], mark: str) -> None:
    text["acts"][0]["cite"] = [mark]
    with pytest.raises(ValidationError, match="cite"):
        Areas.model_validate(text)


@pytest.mark.parametrize("change", [{"version": 1}, {"label": "  "}, {"cite": []}])
def test_an_unknown_key_or_an_empty_field_is_refused(
    text: dict[str, Any], change: dict[str, object]
) -> None:
    text["families"][0] |= change
    with pytest.raises(ValidationError, match=r"families\.0"):
        Areas.model_validate(text)


def test_a_loaded_pack_does_not_change(areas: Areas) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        areas.topics[0].label = "Another"  # type: ignore[misc]  # the refusal is what is tested
