"""What a page of a request offers: what is one's own to do, what not and why, what for others."""

import re

import pytest

from app.kit.errors import Blocker
from app.kit.speech import speech
from app.lifecycle.vocabulary import ACTS
from app.web.doings import PLACES
from app.web.tell import reason
from app.web.texts import speaking
from tests.web import readers
from tests.web.conftest import Hall
from tests.web.readers import Reader
from tests.web.speeches import NO_PACKS
from tests.web.test_filing import opened, saved
from tests.web.test_lists import drafted


def words_of(page: str) -> str:
    """Return the words of a page as they are read, with no space before a full stop."""
    return readers.words_of(page).replace(" .", ".")


@pytest.fixture(scope="module")
def submitted(coordinator: Reader) -> str:
    request = drafted(coordinator, "To be looked at", "A3")
    saved(coordinator, f"{request}/moves/submit")
    return request


def test_every_act_that_a_definition_knows_has_its_place() -> None:
    assert set(PLACES) == set(ACTS)


def test_one_reads_what_one_may_do_now_and_whose_turn_it_is(
    submitted: str, coordinator: Reader, desk: Reader
) -> None:
    draft = opened(coordinator, "Begun")
    page = coordinator.page(draft)
    assert "It is your turn." in words_of(page)
    for part in ("filing", "urgency", "documents", "remarks/new"):
        assert f'href="{draft}/{part}"' in page
    page = desk.page(submitted)
    assert "It is your turn." in words_of(page)
    assert f'href="{submitted}/clarifications/new"' in page
    assert f"{submitted}/urgency/settle" not in page, "nobody asked for it"
    assert "It is the turn of: Desk officer" in words_of(coordinator.page(submitted))
    saved(coordinator, f"{submitted}/urgency", reason="Courts release suspects")
    assert f'href="{submitted}/urgency/settle"' in desk.page(submitted)


def test_the_stages_are_steps_and_say_which_is_behind_and_where_it_stands(
    submitted: str, coordinator: Reader, desk: Reader
) -> None:
    page = desk.page(submitted)
    steps = page.split('<ol class="steps"')[1].partition("</ol>")[0]
    assert re.findall(r'<li class="(\w+)"', steps) == ["now", *["ahead"] * 4]
    assert '<li class="now">Intake<span class="unseen">: it stands here</span></li>' in steps
    assert '<span class="tag go">Triage</span>' in page, "as the desk calls it"
    assert '<span class="tag go">Received</span>' in coordinator.page(submitted), "in public words"
    assert re.search(r'Due by (?:<bdi>)?<time datetime="\d{4}-\d\d-\d\d">', page)


def test_nothing_to_do_is_said_kindly(hall: Hall) -> None:
    told = words_of(hall.reader("resident_coordinator", "FJI").page("/"))
    assert "Nothing waits for you. Enjoy the calm." in told
    assert "Nothing waits for anybody else." in told
    assert "Nothing has changed." in told


def test_what_may_not_be_done_bears_its_reason_the_paragraph_and_where_it_is_mended(
    submitted: str, coordinator: Reader, desk: Reader
) -> None:
    draft = opened(coordinator, "Begun as well")
    page = coordinator.page(draft)
    assert f'<a href="{draft}/edit/what#summary">Write a summary' in page
    shut = desk.page(submitted).split("Start the in-country assessment")[1]
    assert f'<a href="{submitted}/triage">Say first whether it is an internal matter' in shut
    assert "<cite>F2</cite>" in shut
    blocked = desk.page(f"{submitted}/moves/start_assessment")
    assert f'<a href="{submitted}/triage">Say first' in blocked


def test_what_is_for_others_is_told_with_their_roles(submitted: str, hall: Hall) -> None:
    told = words_of(hall.reader("government", "KEN").page(submitted))
    others = told.partition("What is for others to do")[2]
    assert "Judge cyber elements and whose matter it is: Desk officer" in others
    assert "Start the in-country assessment: Desk officer F32" in others
    assert "Withdraw" not in others, "that is the government's own"


def test_who_stands_back_reads_why_nothing_goes_any_more(submitted: str, hall: Hall) -> None:
    away = hall.reader("desk_officer", nth=2)
    saved(away, f"{submitted}/recusal", reason="A cousin works there")
    told = words_of(away.page(submitted))
    shut = told.partition("What does not go, and why")[2]
    assert "Judge cyber elements and whose matter it is" in shut
    assert "You have recused yourself from this request. C7" in shut
    assert "Nothing here is for you to do now." in told


def test_several_are_told_together_what_the_step_does(coordinator: Reader, desk: Reader) -> None:
    request = drafted(coordinator, "To be weighed", "A4")
    number = request.rpartition("/")[2]
    several = words_of(coordinator.page(f"/requests/bulk?trigger=submit&ref={number}"))
    assert "It goes from “ Draft ” to “ Received ”." in several, "in the words of the country"
    assert "Then it is the turn of: Desk officer" in several
    assert several.count("Told of it:") == 1
    saved(coordinator, f"{request}/moves/withdraw", reason="A donor helps")
    assert "nothing is left to do here" in words_of(coordinator.page(request))


WHY = (
    Blocker("assessment.not_acknowledged", "F19", {"country": "SEN"}),
    Blocker("assessment.consultation_missing", "F18", {"side": "non_state"}),
    Blocker("assessment.visit_missing", "F32", {"country": "SEN", "reason": "none"}),
    Blocker("clarification.open", "F10", {"question": 3, "due_on": "2026-11-30"}),
    Blocker("match.not_accepted", "F41", {"entity": "unodc"}),
    Blocker("consent.missing", "F19", {"country": "SEN"}),
    Blocker("screening.other_outcome", "F14", {"outcome": "return_for_revision"}),
    Blocker("assessment.other_countries", "F32", {"countries": "KEN, SEN"}),
)


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_no_reason_on_a_page_tells_a_code_or_a_key(language: str) -> None:
    with speaking(speech(language, NO_PACKS, {"unodc": "UNODC"})):
        told = [str(reason(one)) for one in WHY]
    for one in told:
        assert not re.search(
            r"SEN|KEN|_|2026-11|>none<|>unodc<", re.sub(" datetime=.*?>", ">", one)
        )
    names = {"en": "Senegal", "fr": "Sénégal", "ar": "السنغال"}
    assert names[language] in told[0]
    assert "<bdi>" in told[0], "isolated from the direction of the sentence"
