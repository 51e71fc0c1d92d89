"""The compendium by pages: as of a day, changes by two persons with their impact, a claim."""

import re

import pytest

from app.directory import service as directory
from app.directory.schemas import GrantBody, PersonBody
from tests.web.conftest import Hall
from tests.web.readers import Reader, words_of
from tests.web.test_administration import name_of

ENTITY = "/compendium/entities/unesco"
CLAIM = "/compendium/propose/mandate/new?entity=unesco&claim=yes"
MANDATE = {
    "code": "unesco.media_literacy",
    "entity": "unesco",
    "role": "provider",
    "text": "Helps schools to teach safe conduct online.",
    "topics": ["D1"],
    "cite": "C65",
    "provenance": "claimed",
    "basis": "A resolution of its General Conference.",
    "valid_from": "2026-01-01",
    "review_by": "2028-01-01",
    "why_title": "UNESCO was left out",
    "why": "A resolution of its General Conference asks it to.",
    "claim": "yes",
}


@pytest.fixture(scope="module")
def unesco(hall: Hall) -> Reader:
    return hall.reader("focal_point", entity="unesco")


def test_every_entity_has_a_page_with_its_mandates_and_their_paragraphs(desk: Reader) -> None:
    listed = desk.page("/compendium")
    assert "/compendium/entities/unodc" in listed
    assert "/compendium/entities/unodc" not in desk.page("/compendium?topic=B4c")
    one = words_of(desk.page("/compendium/entities/unodc"))
    assert "United Nations Office on Drugs and Crime" in one
    assert "F8" in one


def test_the_past_is_read_as_of_a_day_and_said_to_be_the_past(desk: Reader) -> None:
    before = desk.page("/compendium/entities/unodc?as_of=2010-01-01")
    assert "You read the past" in before
    assert "No mandate is recorded for this day." in before
    assert "You read the past" not in desk.page("/compendium/entities/unodc")


def test_an_entity_claims_an_omission_and_another_person_approves_it(
    desk: Reader, unesco: Reader
) -> None:
    sent = unesco.send(CLAIM, MANDATE)
    assert sent.status_code == 303, words_of(sent.text)
    change = sent.headers["location"]
    own = unesco.page(change)
    assert "you cannot decide on your own proposal" in own
    assert f"{change}/review" not in own
    seen = desk.page(change)
    assert "Helps schools to teach safe conduct online." in seen
    assert "What it would mean for open requests" in seen
    asked = words_of(desk.page(f"{change}/review"))
    assert "Helps schools to teach safe conduct online." in asked, "what is approved stands there"
    assert name_of(unesco) in asked, "and who proposes it"
    bare = desk.send(f"{change}/review", {"reason": ""})
    assert bare.status_code == 422, "a no takes a reason"
    done = desk.send(f"{change}/review", {"approved": "yes", "reason": "Well founded."})
    assert done.status_code == 303, words_of(done.text)
    assert "Helps schools to teach safe conduct online." in desk.page(ENTITY)
    assert f"Reviewed by {name_of(desk)}" in words_of(desk.page(change)).replace("\u2068", "")
    history = desk.page("/compendium/entries/mandate/unesco.media_literacy")
    assert "Version 1" in words_of(history)
    for code in ("provider", "from_framework", "True", "False"):
        assert f"<td>{code}" not in history, "codes are told in words"
    assert "<td>Provider" in history
    entity = words_of(desk.page("/compendium/entries/entity/itu"))
    assert "Entity: ITU" in entity
    assert re.search(r"Valid from \(empty\) \d+ \w+ \d{4} ", entity), "a day as people write it"


def test_a_proposal_for_another_entity_comes_back_with_what_was_typed(unesco: Reader) -> None:
    form = {**MANDATE, "entity": "itu", "code": "itu.media_literacy"}
    back = unesco.send(CLAIM, form)
    assert back.status_code == 403
    assert "Helps schools to teach safe conduct online." in back.text
    assert "D1" in back.text


def test_a_field_that_cannot_be_taken_is_named_and_the_rest_stays(unesco: Reader) -> None:
    back = unesco.send(CLAIM, {**MANDATE, "code": "No code", "review_by": ""})
    assert back.status_code == 422
    assert 'id="code-fault"' in back.text
    assert 'id="review_by-fault"' in back.text
    assert 'value="No code"' in back.text


def test_what_an_entity_can_take_is_said_without_a_code(desk: Reader) -> None:
    place = "/compendium/propose/capacity/new"
    shown = desk.page(place)
    assert 'name="code"' not in shown
    assert "C53" in shown, "what an entry says unless told otherwise stands there"
    form = {
        "entity": "itu",
        "period": "2027-Q1",
        "requests": "2",
        "review_by": "2027-06-01",
        "provenance": "completed",
        "why_title": "Two in the first quarter",
        "why": "A letter of the entity.",
    }
    sent = desk.send(place, form)
    assert sent.status_code == 303, words_of(sent.text)
    assert "itu:2027-Q1" in desk.page(sent.headers["location"])


def test_somebody_is_named_to_answer_and_the_page_says_so(desk: Reader, hall: Hall) -> None:
    person = hall.clients.as_("focal_point", None, "undp").person_id
    before = desk.page("/compendium/entities/undp")
    assert "Nobody answers for this entity" in before
    form = {
        "entity": "undp",
        "person_id": str(person),
        "part": "primary",
        "review_by": "2028-01-01",
        "why_title": "UNDP names Ada",
        "why": "Its letter.",
    }
    done = desk.send("/compendium/propose/focal_point/new?entity=undp", form)
    assert done.status_code == 303, words_of(done.text)
    change = done.headers["location"]
    assert f"({person})" in words_of(desk.page(change)), "by name, not only by number"
    second = hall.reader("desk_officer", nth=2)
    done = second.send(f"{change}/review", {"approved": "yes", "reason": ""})
    assert done.status_code == 303, words_of(done.text)
    after = desk.page("/compendium/entities/undp")
    assert "Nobody answers for this entity" not in after
    assert "/compendium/propose/focal_point/undp:primary" in after
    again = desk.page("/compendium/propose/focal_point/undp:primary")
    assert f'value="{person}"' in again
    ends = {**form, "valid_to": "2999-01-01", "why_title": "UNDP's focal point leaves"}
    done = desk.send("/compendium/propose/focal_point/undp:primary", ends)
    assert done.status_code == 303, words_of(done.text)
    assert "1 Jan 2999" in words_of(desk.page(done.headers["location"]))


def test_to_propose_a_number_tells_no_name_to_who_may_not_know_the_person(
    unesco: Reader, desk: Reader, hall: Hall
) -> None:
    with hall.clients.house.database.writing() as session:
        grants = (GrantBody(role="government", country="UGA"),)
        body = PersonBody(name="Okello Who Is Nobody's Business", grants=grants)
        stranger = directory.enrol(session, None, body).id
    form = {
        "entity": "unesco",
        "person_id": str(stranger),
        "part": "alternate",
        "review_by": "2028-01-01",
        "why_title": "An alternate",
        "why": "Its letter.",
    }
    sent = unesco.send("/compendium/propose/focal_point/new", form)
    assert sent.status_code == 303, words_of(sent.text)
    assert "Okello" not in unesco.page(sent.headers["location"])
    assert "Okello" in desk.page(sent.headers["location"]), "the desk works with every country"


def test_the_atlas_freshness_versions_and_files_are_there(desk: Reader) -> None:
    atlas = words_of(desk.page("/compendium/atlas"))
    assert "nobody" in atlas, "topics that nobody holds are told (C69)"
    for path in ("arrangements", "freshness", "versions", "changes"):
        desk.page(f"/compendium/{path}")
    taken = desk.get("/compendium/export/yaml")
    assert taken.status_code == 200
    assert "attachment" in taken.headers["content-disposition"]
    assert "unodc" in taken.text
