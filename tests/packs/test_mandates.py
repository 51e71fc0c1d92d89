"""The mandates pack says who may help with what, and keeps users of systems from being helpers."""

import copy
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from app.engine.frameworks import Areas, Mandates, refuse_loose_ends
from app.engine.mandates import GIVES_HELP
from tests.packs import entries_below, pack_text
from tests.packs.test_areas import CITATION

TODAY = date(2026, 11, 21)
ASSIGNABLE = """
unodc itu escwa eclac eca ece escap iaea unicef undp unctad un_women world_bank unesco
"""
NOT_ASSIGNABLE = """
fao ifad wfp unhcr ohchr wipo who ifrc oas council_of_europe eu interpol african_institute
other_regional_organizations ceb hlcp hlcm undg un_group ict_network ungis un_desa dpi cito
"""


@pytest.fixture
def text() -> dict[str, Any]:
    """A copy of the released text that a test may break."""
    return copy.deepcopy(pack_text("mandates", "un_system"))


@pytest.fixture
def pack(text: dict[str, Any]) -> Mandates:
    """The released pack."""
    return Mandates.model_validate(text)


@pytest.fixture(scope="module")
def areas() -> Areas:
    """The areas that the mandates speak of."""
    return Areas.model_validate(pack_text("areas", "un_cyber"))


def helpers_on(pack: Mandates, topic: str) -> set[str]:
    """The entities that help with a topic without any limit of region or subject."""
    return {
        mandate.entity
        for mandate in pack.holders(topic, TODAY)
        if not mandate.regions and not mandate.sensitivities
    }


def test_every_entity_of_the_texts_is_listed(pack: Mandates) -> None:
    assert {e.code for e in pack.entities if e.assignable} == set(ASSIGNABLE.split())
    assert {e.code for e in pack.entities if not e.assignable} == set(NOT_ASSIGNABLE.split())


def test_every_entity_has_a_mandate_that_says_why_it_is_listed(pack: Mandates) -> None:
    assert {mandate.entity for mandate in pack.mandates} == set(pack.entity_by_code)


def test_everything_that_is_referred_to_exists(pack: Mandates, areas: Areas) -> None:
    refuse_loose_ends(areas, pack)


def test_every_entry_names_its_paragraph(text: dict[str, Any]) -> None:
    for path, entry in entries_below(text):
        assert entry["cite"], path
        assert all(CITATION.match(mark) for mark in entry["cite"]), path
        assert all(value.strip() for value in entry.values() if isinstance(value, str)), path


def test_whoever_only_depends_watches_or_pays_gives_no_help(pack: Mandates) -> None:
    for code in ("fao", "ifad", "wfp", "unhcr", "who", "wipo", "ohchr"):
        roles = {mandate.role for mandate in pack.mandates if mandate.entity == code}
        assert not roles & GIVES_HELP, code


def test_only_one_topic_is_held_by_nobody(pack: Mandates, areas: Areas) -> None:
    assert [t.code for t in areas.topics if not pack.holders(t.code, TODAY)] == ["D3"]


@pytest.mark.parametrize(
    ("topic", "entities"),
    [
        ("A2", {"unctad", "world_bank"}),
        ("A3b", {"unodc"}),
        ("B3a", {"itu"}),
        ("B4a", {"itu"}),
        ("B5d", {"unodc"}),
        ("C1b", {"unodc"}),
        ("C3", {"itu"}),
        ("C8", {"itu"}),
        ("D6c", {"unodc"}),
        ("D9", {"itu"}),
        ("E2", {"unodc"}),
        ("D2", {"unodc", "itu", "undp"}),
        ("C5i", set()),
    ],
)
def test_help_comes_from_those_whose_mandate_says_so(
    pack: Mandates, topic: str, entities: set[str]
) -> None:
    assert helpers_on(pack, topic) == entities


def test_a_commission_acts_in_its_own_region_alone(pack: Mandates) -> None:
    for entity in pack.entities:
        mine = [m.regions for m in pack.mandates if m.entity == entity.code]
        assert set(mine) == ({(entity.region,)} if entity.region else {()}), entity.code


def test_commissions_without_cyber_work_in_the_texts_are_marked_as_completed(
    pack: Mandates,
) -> None:
    completed = {m.entity for m in pack.mandates if m.provenance == "completed"}
    assert completed == {"eca", "ece", "escap"}


def test_leads_are_those_of_the_texts_and_stay_within_their_mandates(pack: Mandates) -> None:
    assert {lead.subject: lead.entity for lead in pack.leads} == {
        "crime_prevention_criminal_justice": "unodc",
        "confidence_security_ict": "itu",
        "child_protection": "unicef",
        "ecommerce_law": "unctad",
        "information_ethics": "unesco",
        "human_rights_monitoring": "ohchr",
    }
    for lead in pack.leads:
        held = {t for m in pack.mandates if m.entity == lead.entity for t in m.topics}
        assert set(lead.topics) <= held, lead.subject


def test_no_topic_has_two_leads_for_the_same_need(pack: Mandates) -> None:
    unlimited = [t for lead in pack.leads if not lead.sensitivities for t in lead.topics]
    assert len(unlimited) == len(set(unlimited))


def test_unodc_and_itu_split_what_they_do_together(pack: Mandates) -> None:
    (arrangement,) = pack.arrangements
    assert (arrangement.code, arrangement.signed) == ("unodc_itu", "2011-05")
    assert dict(arrangement.split) == {"unodc": "criminal_justice", "itu": "cybersecurity"}


def test_each_authority_to_hear_holds_a_mandate_for_it(pack: Mandates, areas: Areas) -> None:
    heard = {(s, m.entity) for m in pack.mandates if m.role == "authority" for s in m.sensitivities}
    assert {(s.code, s.authority) for s in areas.sensitivities} <= heard


def test_a_mandate_holds_from_its_first_day_to_the_eve_of_its_last(text: dict[str, Any]) -> None:
    text["mandates"] = [m for m in text["mandates"] if m["code"] == "unodc.repository"]
    text["mandates"][0]["valid_to"] = "2020-01-01"
    pack = Mandates.model_validate(text)
    days = [date(2013, 10, 31), date(2013, 11, 1), date(2019, 12, 31), date(2020, 1, 1)]
    assert [len(pack.holders("C4", day)) for day in days] == [0, 1, 1, 0]


def test_e_commerce_law_has_been_led_since_2000(pack: Mandates) -> None:
    assert {m.entity for m in pack.holders("A2", date(2005, 1, 1))} == {"unctad"}


@pytest.mark.parametrize(
    ("code", "change", "refusal"),
    [
        ("fao.rural_information", {"role": "provider"}, "fao gives no help by itself"),
        ("unodc.studies", {"basis": " "}, "gives no basis"),
        ("unodc.studies", {"valid_to": "2010-01-01"}, "ends before it begins"),
        ("unodc.studies", {"review_by": "2010-01-01"}, "reviewed before it begins"),
        ("unodc.studies", {"entity": "itu"}, "must begin with its entity"),
        ("unodc.studies", {"topics": []}, "names no topic"),
        ("unodc.studies", {"topics": ["C5", "C5"]}, "stands more than once"),
        ("unodc.studies", {"regions": ["NATO"]}, "regions"),
        ("unodc.studies", {"version": 2}, "Extra inputs"),
    ],
)
def test_a_broken_mandate_is_refused(
    text: dict[str, Any], code: str, change: dict[str, Any], refusal: str
) -> None:
    next(m for m in text["mandates"] if m["code"] == code).update(change)
    with pytest.raises(ValidationError, match=refusal):
        Mandates.model_validate(text)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"topics": ["C2"]}, "unknown topic: C2"),
        ({"kinds": ["money"]}, "unknown kind of assistance: money"),
        ({"sensitivities": ["weather"]}, "unknown sensitivity: weather"),
    ],
)
def test_a_mandate_cannot_name_what_the_areas_do_not_hold(
    text: dict[str, Any], areas: Areas, change: dict[str, Any], refusal: str
) -> None:
    text["mandates"][0].update(change)
    with pytest.raises(ValueError, match=refusal):
        refuse_loose_ends(areas, Mandates.model_validate(text))


@pytest.mark.parametrize(
    ("code", "change", "refusal"),
    [
        ("interpol", {"assignable": True}, "external bodies are not assigned"),
        ("hlcp", {"assignable": True}, "governance bodies are not assigned"),
        ("itu", {"region": "ECA"}, "regional commission alone"),
        ("eca", {"region": None}, "regional commission alone"),
        ("itu", {"code": "unodc"}, "unodc stands more than once"),
    ],
)
def test_a_broken_entity_is_refused(
    text: dict[str, Any], code: str, change: dict[str, Any], refusal: str
) -> None:
    next(e for e in text["entities"] if e["code"] == code).update(change)
    with pytest.raises(ValidationError, match=refusal):
        Mandates.model_validate(text)


def test_a_lead_and_a_party_must_be_listed_entities(text: dict[str, Any]) -> None:
    text["leads"][0]["entity"] = "acme"
    text["arrangements"][0]["parties"] = ["unodc", "itu", "ajax"]
    with pytest.raises(ValidationError, match="unknown entity: acme, ajax"):
        Mandates.model_validate(text)
