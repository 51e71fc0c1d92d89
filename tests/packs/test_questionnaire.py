"""The released country questionnaire covers every topic, is well formed, and cannot be bent."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from app.engine.areas import Areas
from app.engine.questionnaires import Questionnaire, Section, SectionKind
from tests.packs import pack_text

LEAVES = {
    "A": "A1 A2 A3a A3b A3c A3d A3e A4 A5",
    "B": "B1 B2 B3a B3b B3c B3d B4a B4b B4c B4d B5a B5b B5c B5d B5e B5f B5g B6a B6b B6c B6d",
    "C": "C1a C1b C1c C3 C4 C5a C5b C5c C5d C5e C5f C5g C5h C5i C6 C7 C8",
    "D": "D1 D2 D3 D4 D5 D6a D6b D6c D6d D6e D6f D6g D7 D8 D9",
    "E": "E1 E2 E3 E4 E5 E6a E6b E6c",
}


@pytest.fixture
def text() -> dict[str, Any]:
    """A copy of the released text that a test may break."""
    return copy.deepcopy(pack_text("questionnaires", "country_assessment"))


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    """The released questionnaire, read and checked."""
    return Questionnaire.model_validate(pack_text("questionnaires", "country_assessment"))


def of_kind(questionnaire: Questionnaire, kind: SectionKind) -> Section:
    (section,) = (section for section in questionnaire.sections if section.kind is kind)
    return section


@pytest.mark.parametrize("area", LEAVES)
def test_every_topic_of_an_area_is_covered_exactly_once(
    questionnaire: Questionnaire, area: str
) -> None:
    (section,) = (section for section in questionnaire.sections if section.area == area)
    covered = sorted(topic for block in section.blocks for topic in block.covers)
    assert covered == sorted(LEAVES[area].split())


def test_the_questionnaire_and_the_areas_pack_know_the_same_topics(
    questionnaire: Questionnaire,
) -> None:
    areas = Areas.model_validate(pack_text("areas", "un_cyber"))
    topics = [topic for area in areas.areas for topic in area.topics]
    parents = {topic.parent for topic in topics}
    leaves = {topic.code for topic in topics if topic.code not in parents}
    assert leaves == {topic for block in questionnaire.blocks for topic in block.covers}


def test_there_are_41_triage_questions_and_164_in_all(questionnaire: Questionnaire) -> None:
    questions = [question for block in questionnaire.blocks for question in block.questions]
    assert len(questions) == 164
    assert sum(question.triage for question in questions) == 41
    assert {question.level for question in questions if question.triage} == {3}
    assert [sum(q.level == level for q in questions) for level in (2, 3, 4, 5)] == [41] * 4


def test_no_two_questions_say_the_same(questionnaire: Questionnaire) -> None:
    texts = [question.text for block in questionnaire.blocks for question in block.questions]
    assert len(set(texts)) == len(texts)


def test_a_maturity_question_is_a_short_statement_with_a_hint(
    questionnaire: Questionnaire,
) -> None:
    for block in questionnaire.blocks:
        for question in block.questions:
            assert question.text.endswith("."), question.code
            assert 5 <= len(question.text.split()) <= 30, question.code
            assert question.evidence_hint, question.code


def test_the_five_levels_run_from_start_up_to_dynamic(questionnaire: Questionnaire) -> None:
    codes = [level.code for level in questionnaire.levels]
    assert codes == ["start_up", "formative", "established", "strategic", "dynamic"]


def test_the_risk_block_asks_three_families_and_two_scales_of_factors(
    questionnaire: Questionnaire,
) -> None:
    fields = of_kind(questionnaire, SectionKind.RISK).risk_fields
    threats = [one.code for one in fields if one.one_of == "threats"]
    assert threats == ["threats_systems", "threats_gain", "threats_content"]
    factors = [one.code for one in fields if one.one_of == "factors"]
    assert factors == ["regional_factors", "national_factors"]
    required = [one.code for one in fields if one.required]
    assert required == ["sectors", "likelihood", "impact", "sources"]


def test_the_rights_block_asks_eleven_questions_and_five_in_short(
    questionnaire: Questionnaire,
) -> None:
    asked = of_kind(questionnaire, SectionKind.RIGHTS).rights_questions
    assert len(asked) == 11
    assert [one.code for one in asked if one.short_form] == [
        "rights.privacy",
        "rights.expression",
        "rights.due_process",
        "rights.surveillance",
        "rights.vulnerable",
    ]


def test_eleven_groups_are_heard_on_both_sides(questionnaire: Questionnaire) -> None:
    groups = of_kind(questionnaire, SectionKind.STAKEHOLDERS).groups
    sides = {
        side: {one.code for one in groups if one.side == side} for side in ("state", "non_state")
    }
    assert sides["state"] == {
        "police",
        "justice_officials",
        "ict_regulators",
        "policymakers",
        "legislators",
        "cybersecurity_experts",
    }
    assert sides["non_state"] == {
        "ngos",
        "academia",
        "technical_community",
        "network_suppliers",
        "financial_institutions",
    }


def test_a_rapid_assessment_asks_three_topics_risk_and_rights(
    questionnaire: Questionnaire,
) -> None:
    sections = questionnaire.required_sections("rapid")
    topics = [b.topic for s in sections for b in questionnaire.required_blocks("rapid", s)]
    assert topics == ["C7", "C8", "D9"]
    assert [s.code for s in sections if s.area is None] == ["risk", "rights"]


def test_a_comprehensive_assessment_leaves_no_section_out(questionnaire: Questionnaire) -> None:
    assert questionnaire.required_sections("comprehensive") == questionnaire.sections
    assert questionnaire.depth("comprehensive").time_minutes == sum(
        section.time_minutes for section in questionnaire.sections
    )


@pytest.mark.parametrize(
    ("topic", "blocks"),
    [
        ("B3a", ["B3"]),
        ("B3", ["B3", "B3d"]),
        ("D6g", ["D6c"]),
        ("A3", ["A3a", "A3b", "A3c", "A3d", "A3e"]),
        ("C2", []),
    ],
)
def test_a_topic_finds_the_blocks_that_score_it(
    questionnaire: Questionnaire, topic: str, blocks: list[str]
) -> None:
    assert [block.topic for block in questionnaire.blocks_of(topic)] == blocks


@pytest.mark.parametrize("field", ["text", "level", "colour"])
def test_a_released_questionnaire_cannot_be_changed_in_memory(
    questionnaire: Questionnaire, field: str
) -> None:
    with pytest.raises(ValidationError):
        setattr(questionnaire.blocks[0].questions[0], field, "another")


def first_block(text: dict[str, Any]) -> dict[str, Any]:
    block: dict[str, Any] = text["sections"][0]["blocks"][0]
    return block


def section(text: dict[str, Any], code: str) -> dict[str, Any]:
    return next(one for one in text["sections"] if one["code"] == code)


BENT: dict[str, Callable[[dict[str, Any]], object]] = {
    "an unknown key": lambda text: first_block(text).update(colour="blue"),
    "a level without question": lambda text: first_block(text)["questions"].pop(),
    "a question of another topic": lambda text: first_block(text)["questions"][0].update(
        topic="A2"
    ),
    "triage at level 4": lambda text: first_block(text)["questions"][2].update(triage=True),
    "a topic covered twice": lambda text: first_block(text)["covers"].append("A2"),
    "a topic scored twice": lambda text: text["sections"][0]["blocks"].append(first_block(text)),
    "minutes that do not add up": lambda text: text["sections"][0].update(time_minutes=1),
    "a rights section with an area": lambda text: section(text, "rights").update(area="A"),
    "a risk section with groups": lambda text: section(text, "risk").update(
        groups=section(text, "stakeholders")["groups"]
    ),
    "a missing level": lambda text: text["levels"].pop(),
    "a kind without depth": lambda text: text["depths"].pop(),
    "a depth of an unknown section": lambda text: text["depths"][1]["sections"].append("Z"),
    "a depth of a topic out of reach": lambda text: text["depths"][1]["topics"].append("A1"),
    "a full depth without the risk block": lambda text: text["depths"][0]["sections"].remove(
        "risk"
    ),
    "an unknown paragraph": lambda text: first_block(text).update(cite=["F99"]),
}


@pytest.mark.parametrize("fault", BENT)
def test_a_bent_questionnaire_is_refused(text: dict[str, Any], fault: str) -> None:
    BENT[fault](text)
    with pytest.raises(ValidationError):
        Questionnaire.model_validate(text)
