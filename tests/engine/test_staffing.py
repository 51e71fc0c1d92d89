"""There is always a second person: the released definition has one, planted ones are found out."""

from dataclasses import replace

import pytest

from app.engine.check import examine
from app.engine.staffing import staffing
from app.kit.errors import Blocker
from app.lifecycle.facts import PERSONS
from app.lifecycle.vocabulary import ACTS, HANDS, PAIRS, POOLS, VOCABULARY
from tests.engine import Text, check, named, read, released_text


def second_persons(text: Text) -> list[Blocker]:
    """The demands for a second person that a text can never meet."""
    return [fault for fault in check(text).faults if fault.code == "check.no_second_person"]


def everywhere(text: Text, act: str, roles: list[str]) -> Text:
    """The text with an act that other roles may do, wherever it stands."""
    for state in text["states"].values():
        if act in state.get("acts", {}):
            state["acts"][act] = roles
    return text


def test_a_country_with_one_person_in_its_office_is_never_stuck_in_the_released_definition() -> (
    None
):
    report = check(released_text())
    assert second_persons(released_text()) == []
    assert report.staff == {
        "assessor": 1,
        "desk_officer": 1,
        "focal_point": 1,
        "government": 1,
        "resident_coordinator": 1,
        "rights_reviewer": 1,
        "screening_officer": 2,
    }


@pytest.mark.parametrize(
    ("act", "roles", "first"),
    [
        ("assessment.countersign", ["resident_coordinator"], "assessment.sign"),
        ("urgency.settle", ["resident_coordinator"], "urgency.ask"),
        ("match.consent", ["resident_coordinator"], "request.edit"),
    ],
)
def test_a_second_signature_that_only_the_same_office_could_give_is_named(
    act: str, roles: list[str], first: str
) -> None:
    (fault,) = second_persons(everywhere(released_text(), act, roles))
    assert (fault.params["second"], fault.params["first"]) == (act, first)
    assert fault.params["roles"] == roles[0]
    assert fault.cite == "C7"


def test_a_transition_that_only_its_own_author_could_fire_is_named() -> None:
    text = released_text()
    (step,) = named(text, "complete_assessment")
    step["by"] = ["assessor", "resident_coordinator"]
    (fault,) = second_persons(text)
    assert fault.params["second"] == "complete_assessment"
    assert not check(text).passed


def test_more_people_in_a_global_role_always_give_a_second_person() -> None:
    text = everywhere(released_text(), "screening.confirm", ["screening_officer"])
    assert second_persons(text) == []
    assert check(text).staff["screening_officer"] >= 2


def test_two_people_are_told_where_one_role_must_find_its_second_in_itself() -> None:
    text = everywhere(released_text(), "screening.confirm", ["screening_officer"])
    one_role = replace(VOCABULARY, pairs=(("screening.decide", "screening.confirm"),), hands={})
    found = staffing(read(text), one_role)
    assert (found.faults, found.staff["screening_officer"]) == ((), 2)


def test_a_checker_that_knew_no_pools_would_overlook_the_stuck_country() -> None:
    text = everywhere(released_text(), "urgency.settle", ["resident_coordinator"])
    blind = replace(VOCABULARY, pools={})
    assert [f.code for f in examine(read(text), blind).faults] == []
    assert second_persons(text)


def test_every_word_of_the_staffing_is_one_that_definitions_know() -> None:
    assert set(HANDS) == PERSONS
    assert {act for acts in HANDS.values() for act in acts} <= set(ACTS)
    assert {act for pair in PAIRS for act in pair} <= set(ACTS)
    assert set(POOLS) <= VOCABULARY.roles
