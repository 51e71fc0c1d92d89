"""The written requests: well formed, over everything, argued, and answered by those who may."""

import re
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from app.compendium.rules import meets
from app.directory.countries import commissions_of, load_countries
from app.engine.areas import Areas
from app.engine.mandates import GIVES_HELP, Mandate, Mandates
from app.engine.packs import read_model
from app.matching.optimiser import NeedIn
from app.matching.rules import Scope, limit_of
from tests.matching.written import (
    Case,
    NeedAnswer,
    Reason,
    Theme,
    held_back_cases,
    open_cases,
)

FRAMEWORKS = Path(__file__).parents[2] / "workflows"
DAY = date(2026, 11, 22)
PARAGRAPH = re.compile(r"\b(?:F([1-9]|[1-4]\d|5[0-5])|C([1-9]|[1-7]\d|8[0-5])|N[0-2]|R\d+|f[abc])")
ALL = [*open_cases(), *held_back_cases()]
every_case = pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)


@cache
def areas() -> Areas:
    """The areas that the cases speak of; a later version leaves them as they are."""
    return read_model(FRAMEWORKS / "areas" / "un_cyber" / "v1.yaml", Areas)


@cache
def mandates() -> Mandates:
    """The seed of the compendium that the cases are argued by."""
    return read_model(FRAMEWORKS / "mandates" / "un_system" / "v1.yaml", Mandates)


def holds(mandate: Mandate, answer: NeedAnswer, case: Case) -> bool:
    """Whether a mandate reaches one of the right readings of a need in these countries (P2.1)."""
    regions = frozenset.intersection(*(commissions_of(one, DAY) for one in case.parties()))
    scope = Scope(mandate.topics, mandate.kinds, mandate.regions, mandate.sensitivities)
    reached = [topic for topic in answer.topics if meets(topic[0], topic, mandate.topics)]
    readings = [
        NeedIn(1, topic[0], topic, kind, tuple(answer.sensitivities), "")
        for topic in reached
        for kind in answer.kinds
    ]
    return mandate.role in GIVES_HELP and any(
        limit_of(reading, scope, regions) == "" for reading in readings
    )


def covers(entities: frozenset[str], case: Case) -> bool:
    """Whether some of the entities answers for every need that can be answered for."""
    return all(entities & set(need.by) for need in case.expected.needs if need.by)


def unknown_codes(case: Case) -> list[str]:
    """The codes of a case that no framework knows."""
    answer, needs = case.expected, case.expected.needs
    lists = areas().code_lists()
    named = {
        "topic": {code for need in needs for code in need.topics},
        "kind": {code for need in needs for code in need.kinds},
        "sensitivity": {code for need in needs for code in need.sensitivities},
        "entity": {*answer.lead, *answer.acceptable, *answer.support, *answer.consult},
        "country": {case.country, *case.parties()},
    }
    named["topic"] |= {code for one in case.context.programmes for code in one.topics}
    named["entity"] |= set(answer.excluded) | {code for need in needs for code in need.by}
    named["entity"] |= {one.entity for one in case.context.programmes}
    named["entity"] |= {one.entity for one in case.context.declines}
    known = {
        "topic": set(areas().topic_by_code),
        "kind": {entry.code for entry in lists["assistance_kinds"]},
        "sensitivity": {entry.code for entry in lists["sensitivities"]},
        "entity": set(mandates().entity_by_code),
        "country": {country.alpha3 for country in load_countries()},
    }
    return [f"{what} {code}" for what in named for code in sorted(named[what] - known[what])]


def test_a_third_of_at_least_75_cases_is_held_back_with_some_of_every_theme() -> None:
    assert len({case.id for case in ALL}) == len(ALL) >= 75
    assert 3 * len(held_back_cases()) >= len(ALL)
    assert all(case.held_back for case in held_back_cases())
    assert not any(case.held_back for case in open_cases())
    for cases, fewest in ((open_cases(), 3), (held_back_cases(), 2)):
        themes = Counter(case.theme for case in cases)
        assert set(themes) == set(get_args(Theme))
        assert min(themes.values()) >= fewest


def test_each_language_is_written_in_at_least_twice() -> None:
    languages = Counter(case.language for case in ALL)
    assert all(languages[one] >= 2 for one in ("en", "fr", "es", "ar", "ru", "zh"))


def test_every_topic_is_asked_for_and_every_area_hinted_wrongly() -> None:
    needs = [
        (asked, answer)
        for case in ALL
        for asked, answer in zip(case.needs, case.expected.needs, strict=True)
    ]
    assert {topic for _, answer in needs for topic in answer.topics} == set(areas().topic_by_code)
    misled = {
        asked.area for asked, answer in needs if answer.topics and asked.area != answer.topics[0][0]
    }
    assert misled >= {area.code for area in areas().areas}


def test_every_entity_leads_supports_or_is_left_out_and_all_who_may_lead_do() -> None:
    seen = {one for case in ALL for one in (*case.expected.working(), *case.expected.excluded)}
    assert seen == set(mandates().entity_by_code)
    leads = {one for case in ALL for one in case.expected.lead}
    acceptable = {one for case in ALL for one in case.expected.acceptable}
    able = {entity.code for entity in mandates().entities if entity.assignable}
    assert leads | acceptable == able


def test_every_reason_for_no_lead_and_every_sensitivity_is_met() -> None:
    needs = [need for case in ALL for need in case.expected.needs]
    assert {need.none for need in needs} == {None, *get_args(Reason)}
    seen = {code for need in needs for code in need.sensitivities}
    assert seen == {entry.code for entry in areas().code_lists()["sensitivities"]}


@every_case
def test_a_case_names_known_codes_and_answers_every_need(case: Case) -> None:
    assert unknown_codes(case) == []
    assert len(case.expected.needs) == len(case.needs)
    programmes = {one.code for one in case.context.programmes}
    for need in case.expected.needs:
        assert bool(need.by) != bool(need.none)
        assert need.topics or need.none
        assert set(need.overlaps) <= programmes
        assert (need.after is not None) == case.context.urgent
    for decline in case.context.declines:
        for number in decline.needs:
            assert decline.entity not in case.expected.needs[number - 1].by


@every_case
def test_a_case_is_argued_by_paragraph_in_two_sentences_or_three(case: Case) -> None:
    assert len(PARAGRAPH.findall(case.argument)) >= 2
    assert 1 <= len(re.findall(r"[.](?:\s|$)", case.argument)) <= 3


@every_case
def test_who_answers_for_a_need_holds_a_mandate_for_it(case: Case) -> None:
    for need in case.expected.needs:
        held = {one.entity for one in mandates().mandates if holds(one, need, case)}
        assert set(need.by) <= held


@every_case
def test_lead_and_support_are_a_smallest_set_and_nobody_excluded_works(case: Case) -> None:
    answer, working = case.expected, case.expected.working()
    able = {one for need in answer.needs for one in need.by}
    assert not (working | able) & set(answer.excluded)
    assert bool(answer.lead) != bool(answer.none)
    assert set(answer.lead) <= set(answer.acceptable)
    assert covers(working, case)
    assert not any(covers(working - {one}, case) for one in working)
    assert ({"unodc", "itu"} <= working) == (answer.arrangement == "unodc_itu")


@every_case
def test_the_authority_of_each_sensitivity_is_heard(case: Case) -> None:
    authority = {entry.code: entry.authority for entry in areas().sensitivities}
    seen = {code for need in case.expected.needs for code in need.sensitivities}
    assert {authority[code] for code in seen} <= set(case.expected.consult)


def test_the_checks_see_a_case_that_is_wrong() -> None:
    right = next(case for case in ALL if case.id == "regional_outside_member_esp")
    need = right.expected.needs[0]
    eclac = [one for one in mandates().mandates if one.entity == "eclac"]
    assert not any(holds(one, need, right) for one in eclac)
    inside = right.model_copy(update={"country": "CHL"})
    assert any(holds(one, need, inside) for one in eclac)
    astray = right.model_copy(update={"country": "XXX"})
    assert unknown_codes(astray) == ["country XXX"]
    assert not covers(frozenset({"itu"}), right)
