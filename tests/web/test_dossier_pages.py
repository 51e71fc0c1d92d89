"""What people add to a request by pages: questions, documents, triage, remarks, confidence."""

from datetime import timedelta

import pytest

from app.kit import clock
from tests.web.conftest import Hall
from tests.web.readers import Reader, hidden, words_of
from tests.web.test_filing import WORDS, opened, saved

SOON = (clock.today() + timedelta(days=10)).isoformat()


@pytest.fixture(scope="module")
def request_(coordinator: Reader) -> str:
    """The address of a request that was submitted."""
    request = opened(coordinator, "Evidence from telephones")
    saved(coordinator, f"{request}/edit/what", title="Evidence", summary=WORDS)
    saved(coordinator, f"{request}/edit/who", countries="KEN", authority="Judiciary")
    saved(coordinator, f"{request}/needs/new", text=WORDS, area="A")
    saved(coordinator, f"{request}/moves/submit")
    return request


def test_the_desk_asks_and_the_country_answers_partly_and_then_wholly(
    request_: str, desk: Reader, coordinator: Reader
) -> None:
    form = {"questions": "Which law?\r\nSince when?", "due_on": SOON}
    saved(desk, f"{request_}/clarifications/new", **form)
    part = f"{request_}/clarifications"
    assert "2 questions are open." in words_of(coordinator.page(part))
    saved(coordinator, f"{part}/1/answer", answer="The code of 2009", partial="yes")
    assert "partly answered" in coordinator.page(part)
    assert "The code of 2009</textarea>" in coordinator.page(f"{part}/1/answer")
    saved(coordinator, f"{part}/1/answer", answer="The code of 2009, chapter 3")
    saved(coordinator, f"{part}/2/answer", answer="Since 2019")
    shown = words_of(desk.page(part))
    assert "0 questions are open." in shown
    assert "chapter 3" in shown
    assert coordinator.get(f"{part}/new").status_code == 403, "the country asks nothing"


def test_a_document_is_sent_given_out_and_made_an_annex(request_: str, coordinator: Reader) -> None:
    page = coordinator.page(f"{request_}/documents")
    sent = {"file": ("law.txt", b"The code of 2009", "text/plain")}
    answer = coordinator.post(f"{request_}/attachments", hidden(page), sent)
    assert answer.status_code == 303, words_of(answer.text)
    page = coordinator.page(f"{request_}/documents")
    assert "law.txt" in page
    address = page.split('" download>')[0].rpartition('href="')[2]
    given = coordinator.get(address)
    assert given.content == b"The code of 2009"
    assert given.headers["content-disposition"].startswith("attachment")
    saved(coordinator, f"{address}/annex", reason="It names a witness")
    page = coordinator.page(f"{request_}/documents")
    assert "law.txt" not in page
    assert coordinator.get(address).status_code == 403
    refused = coordinator.send(f"{address}/open", {"reason": "to read it"})
    assert refused.status_code == 403
    assert "to read it" in refused.text


def test_a_document_that_is_not_taken_is_refused_beside_the_others(
    request_: str, coordinator: Reader
) -> None:
    page = coordinator.page(f"{request_}/documents")
    sent = {"file": ("run.exe", b"MZ", "application/octet-stream")}
    answer = coordinator.post(f"{request_}/attachments", hidden(page), sent)
    assert answer.status_code == 422
    assert 'id="faults"' in answer.text
    assert "Send the document" in answer.text
    answer = coordinator.post(f"{request_}/attachments", {"csrf": "x"}, sent)
    assert answer.status_code == 403, "a form of another page is not taken"


def test_triage_by_pages(request_: str, desk: Reader, coordinator: Reader) -> None:
    triage = f"{request_}/triage"
    element = desk.page(triage).split("/elements/")[1].partition('"')[0]
    form = {"verdict": "possible", "reason": "It speaks of telephones"}
    saved(desk, f"{request_}/elements/{element}", **form)
    assert "It speaks of telephones" in desk.page(triage)
    assert desk.get(f"{request_}/elements/nothing.known").status_code == 404
    saved(coordinator, f"{request_}/urgency", reason="Courts release suspects")
    saved(desk, f"{request_}/urgency/settle", confirmed="yes", reason="Agreed")
    assert "Confirmed" in words_of(desk.page(triage))
    saved(desk, f"{request_}/matter", internal="no", reason="It is the country's own")
    assert "not decided yet" not in desk.page(triage)
    work = {"who": "A donor", "what": "Trains judges", "topics": "D6"}
    saved(desk, f"{request_}/standing-work/new", **work)
    assert "Trains judges" in coordinator.page(triage)
    assert coordinator.get(f"{request_}/matter").status_code == 403


def test_remarks_and_standing_back(request_: str, hall: Hall, desk: Reader) -> None:
    saved(desk, f"{request_}/remarks/new", text="See the earlier request")
    assert "See the earlier request" in desk.page(f"{request_}/remarks")
    other = hall.reader("desk_officer", nth=2)
    saved(other, f"{request_}/recusal", reason="A cousin works there")
    assert "A cousin works there" in desk.page(f"{request_}/remarks")
    assert other.get(f"{request_}/remarks/new").status_code == 403


def test_the_level_is_raised_by_one_and_lowered_by_two(
    hall: Hall, desk: Reader, coordinator: Reader
) -> None:
    request = opened(coordinator, "Quiet")
    saved(coordinator, f"{request}/level", level="restricted", reason="Names of units")
    saved(coordinator, f"{request}/lowerings/new", level="ordinary", reason="Published by now")
    page = coordinator.page(f"{request}/confidence")
    assert "waits for a second person" in page
    assert "Published by now" in page
    late = hall.unassured("resident_coordinator", "KEN")
    own = late.get(f"{request}/lowerings/1/confirm")
    assert own.status_code == 303
    assert own.headers["location"].startswith("/account/step-up"), "it takes the second factor"
    saved(coordinator, f"{request}/lowerings/1/refuse")
    assert "waits for a second person" not in coordinator.page(f"{request}/confidence")


def test_people_at_risk_are_sealed_and_no_browser_keeps_what_is_typed(
    coordinator: Reader,
) -> None:
    request = opened(coordinator, "Quiet too")
    page = coordinator.page(f"{request}/protected/new")
    assert "data-draft>" not in page
    form = {"groups": ["witnesses"], "country": "KEN", "text": "canary-at-risk"}
    answer = coordinator.send(f"{request}/protected/new", form, page)
    assert answer.status_code == 303, words_of(answer.text)
    shown = coordinator.page(f"{request}/confidence")
    assert "Witnesses" in shown
    assert "canary-at-risk" not in shown
    opening = coordinator.send(f"{request}/protected/1/open", {"reason": "to see"})
    assert opening.status_code == 403, "it takes a named grant"
    assert "canary-at-risk" not in opening.text


def test_one_person_is_let_in_and_out_by_name(
    request_: str, hall: Hall, coordinator: Reader
) -> None:
    friend = hall.clients.as_("focal_point", entity="itu").person_id
    form = {"person": str(friend), "part": "request", "reason": "advice", "until": SOON}
    saved(coordinator, f"{request_}/named-grants/new", **form)
    inside = hall.reader("focal_point", entity="itu")
    assert inside.get(request_).status_code == 200
    saved(coordinator, f"{request_}/named-grants/1/revoke")
    assert inside.get(request_).status_code == 404


def test_a_country_decides_on_publication(request_: str, coordinator: Reader, desk: Reader) -> None:
    form = {"country": "KEN", "subject": "publication", "given": "yes", "reason": "With pride"}
    saved(coordinator, f"{request_}/consents/new", **form)
    assert "With pride" in coordinator.page(f"{request_}/consents")
    assert "/consents/new" not in desk.page(f"{request_}/consents")
