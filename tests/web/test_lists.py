"""The list of requests by pages: filters, files, several moved at once; home; the timeline."""

import csv
import io
import re
from html import unescape

import pytest
import sqlalchemy as sa

from app.ledger.tables import LedgerEntry
from app.web import lists
from app.web.differences import pieces
from tests.web.conftest import Hall
from tests.web.readers import Reader, hidden, words_of
from tests.web.test_administration import GLASS
from tests.web.test_dossier_pages import SOON
from tests.web.test_filing import WORDS, opened, saved


@pytest.fixture(scope="module")
def requests_(coordinator: Reader) -> list[str]:
    """Three requests: two submitted, the first with another title than the second; one draft."""
    titles = ("Evidence from telephones", "=cmd|' /C calc'!A0", "Third")
    made = [drafted(coordinator, title, "A3") for title in titles]
    for request in made[:2]:
        saved(coordinator, f"{request}/moves/submit")
    return made


def drafted(coordinator: Reader, title: str, topic: str) -> str:
    """Write a draft that lacks nothing; those of tests that change theirs have a topic apart."""
    request = opened(coordinator, title)
    saved(coordinator, f"{request}/edit/what", title=title, summary=WORDS)
    saved(coordinator, f"{request}/edit/who", countries="KEN", authority="Judiciary")
    saved(coordinator, f"{request}/needs/new", text=WORDS, area="A", topic=topic)
    return request


def references(made: list[str]) -> list[str]:
    return [one.rpartition("/")[2] for one in made]


def test_filters_stand_in_the_address_and_narrow_the_list(
    requests_: list[str], desk: Reader, coordinator: Reader
) -> None:
    first, second, third = references(requests_)
    whole = coordinator.page("/requests?q=&stage=&country=&area=&topic=A3&sort=filed")
    assert [whole.find(f'href="/requests/{one}"') > 0 for one in (first, second, third)] == [
        True
    ] * 3
    assert "<details" in whole
    shown = desk.page("/requests?q=telephones&topic=A3&region=Africa&group=LDC&since=2026-01-01")
    assert "No request fits" in shown
    shown = desk.page("/requests?q=telephones&region=Africa&open=true&state=triage")
    assert first in shown
    assert third not in shown, "a draft is the coordinator's"
    assert 'name="state" value="triage" checked' in shown
    assert desk.get("/requests?country=nowhere").status_code == 422


WRONG = {
    "q": ("x" * 400, "at most 300 characters are taken"),
    "since": ("31.12.2026", "Spell it as 2026-01-31"),
    "country": ("Kenya", "Country"),
    "sort": ("wherever", "Order"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_filter_that_cannot_be_taken_is_named_and_the_others_hold(
    requests_: list[str], coordinator: Reader, name: str
) -> None:
    typed, told = WRONG[name]
    answer = coordinator.get(f"/requests?topic=A3&{name}={typed}")
    assert answer.status_code == 422
    page = answer.text
    shown = page.split('id="faults"')[1].partition("</div>")[0]
    assert f'<a href="#{name}">' in shown
    assert told in words_of(f"<main{shown}</main>")
    assert f"{len(requests_)} </bdi> requests" in page.replace("</bdi>", " </bdi>")
    assert name != "q" or f'value="{typed}"' in page, "the words stay"


def test_words_that_only_begin_so_are_found_where_no_other_is(
    requests_: list[str], coordinator: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE", 1)
    told = "No request holds exactly these words."
    assert told not in coordinator.page("/requests?topic=A3&q=preserve")
    page = coordinator.page("/requests?topic=A3&q=preser%20tele")
    assert told in page
    onward = re.search(r'rel="next" href="([^"]*)"', page)
    assert onward
    assert "/requests/TA-" in coordinator.page(unescape(onward[1])), "so do its further pages"
    for nothing in ("pre", "reserve", "preser*", "preser:*", "%25", "_", "preser%20OR%20x"):
        page = coordinator.page(f"/requests?topic=A3&q={nothing}")
        assert ("No request fits" in page) != (nothing.startswith("preser") and "OR" not in nothing)


def test_a_country_among_the_words_is_offered_as_a_filter(coordinator: Reader) -> None:
    page = coordinator.page("/requests?topic=A3&q=kenya%20preserve")
    assert 'href="/requests?q=preserve&amp;country=KEN&amp;topic=A3"' in page
    told = coordinator.get("/requests?q=N%C3%A9pal", language="fr").text
    assert 'href="/requests?country=NPL"' in told, "in the reader's language"
    assert "country=NER" not in coordinator.page("/requests?q=Nigeria"), "whole names alone"


def test_a_page_of_another_order_begins_the_list_anew(coordinator: Reader) -> None:
    answer = coordinator.get("/requests?open=true&sort=due&cursor=WzFd")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/requests?open=true&sort=due",
    )


def test_every_page_of_a_narrowed_list_leads_on_and_back(
    requests_: list[str], coordinator: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE", 1)
    seen, place = [], "/requests?topic=A3&sort=updated&q=preserve"
    while place:
        page = coordinator.page(place)
        seen += re.findall(r'href="/requests/(TA-[0-9-]+)"', page)
        assert ('rel="first" href="/requests?' in page) == ("cursor=" in place)
        onward = re.search(r'rel="next" href="([^"]*)"', page)
        place = unescape(onward[1]) if onward else ""
    assert sorted(seen) == references(requests_), "each once, whatever the order"


def test_a_search_is_kept_for_oneself_and_dropped(desk: Reader, hall: Hall) -> None:
    page = desk.page("/requests?q=telephones&open=true")
    form = hidden(page) | {"name": "Phones"}
    assert form["query"] == "q=telephones&open=true"
    kept = desk.post("/requests/searches", form)
    assert kept.headers["location"] == "/requests?q=telephones&open=true"
    assert desk.post("/requests/searches", form).status_code == 303, "the same name gives way"
    page = desk.page("/requests")
    assert page.count(">Phones<") == 1
    assert 'href="/requests?q=telephones&amp;open=true"' in page
    other = hall.reader("desk_officer", nth=2)
    theirs = other.page("/requests?q=x")
    assert "Phones" not in theirs
    address = "/requests" + page.split('action="/requests')[2].partition('"')[0]
    assert address.endswith("/drop")
    assert other.post(address, hidden(theirs)).status_code == 404
    outside = hidden(theirs) | {"name": "x", "query": "q=a\r\nSet-Cookie: b"}
    assert other.post("/requests/searches", outside).status_code == 422
    assert desk.post(address, hidden(page)).status_code == 303
    assert "Phones" not in desk.page("/requests")


def test_the_list_is_taken_out_as_it_is_shown_and_no_cell_is_computed(
    requests_: list[str], desk: Reader, coordinator: Reader
) -> None:
    first, second, third = references(requests_)
    told = desk.get("/requests/export?q=&topic=A3&sort=filed")
    rows = list(csv.DictReader(io.StringIO(told.text)))
    assert [row["reference"] for row in rows] == [first, second], "what one sees, and no draft"
    assert rows[1]["title"].startswith("'="), "a spreadsheet computes nothing"
    told = coordinator.get("/requests/export?q=Third")
    assert [row["reference"] for row in csv.DictReader(io.StringIO(told.text))] == [third]
    book = coordinator.get("/requests/export?form=xlsx")
    assert book.content[:2] == b"PK"
    assert book.headers["content-disposition"].endswith('requests.xlsx"')


def test_one_person_takes_out_so_many_files_an_hour_and_each_is_in_the_log(
    requests_: list[str], hall: Hall, coordinator: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = hall.clients.house
    monkeypatch.setattr(house, "settings", house.settings.model_copy(update={"export_limit": 3}))
    reader, caller = hall.reader("auditor", nth=7), hall.clients.as_("auditor", nth=7)
    assert reader.get("/requests/export?topic=A3").status_code == 200
    by_rest = caller.get("/requests/export?format=csv&q=Third").ok()
    assert by_rest.body == reader.get("/requests/export?q=Third").text, "one way behind both"
    refused = reader.get("/requests/export?form=xlsx")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 3000
    assert caller.get("/requests/export").status == 429
    assert coordinator.get("/requests/export").status_code == 200, "others are not held by it"
    with hall.clients.office.reading() as session:
        rows = session.scalars(
            sa.select(LedgerEntry).where(LedgerEntry.actor_id == caller.person_id)
        )
        told = [row.content["count"] for row in rows if row.action == "requests_exported"]
    assert told == [len(requests_), 1, 1], "what was refused left nothing"


def test_several_are_moved_each_under_every_rule_and_reported_one_by_one(
    requests_: list[str], coordinator: Reader, desk: Reader
) -> None:
    first, third = references([requests_[0], drafted(coordinator, "To be moved", "A4")])
    address = f"/requests/bulk?trigger=submit&ref={third}&ref={first}&ref=TA-2026-99999"
    page = coordinator.page(address)
    assert f'value="{third}:' in page
    assert f'value="{first}:' not in page, "it is no step from where that one stands"
    shown = words_of(page)
    assert "This is no step from where the request stands now." in shown
    assert "There is no such request." in shown
    form = hidden(page)
    narrowed = desk.page("/requests?topic=A3&sort=due")
    assert 'name="back" value="topic=A3&amp;sort=due"' in narrowed
    assert 'href="/requests?topic=A3">Back' in coordinator.page(f"{address}&back=topic%3DA3")
    ticked = page.split(f'value="{third}:')[1].partition('"')[0]
    saved(coordinator, f"/requests/{third}/edit/what", title="To be moved, changed", summary=WORDS)
    stale = coordinator.post("/requests/bulk", form | {"ref": f"{third}:{ticked}"})
    assert "0 requests were moved." in words_of(stale.text), "another was quicker"
    page = coordinator.page(address)
    ticked = page.split(f'value="{third}:')[1].partition('"')[0]
    both = {**hidden(page), "ref": [f"{third}:{ticked}", f"{first}:3"]}
    moved = coordinator.post("/requests/bulk", both | {"back": "topic=A3"}).text
    assert 'href="/requests?topic=A3">Back to the list' in moved
    told = words_of(moved)
    assert "1 request was moved." in told
    assert third in desk.page("/requests?state=triage")
    again = words_of(coordinator.post("/requests/bulk", both | {"back": "topic=A3"}).text)
    assert "1 request was moved." in again, "sent twice it is one act"
    assert coordinator.post("/requests/bulk", {"csrf": "x"}).status_code == 403


def test_a_title_says_its_language_whatever_the_page_is_in(
    requests_: list[str], desk: Reader
) -> None:
    link = f'<a href="{requests_[0]}" lang="en">'
    for language in ("en", "fr"):  # alike in all, as every page's markup is
        assert link in desk.get("/requests", language).text


def test_home_tells_what_is_asked_of_whom(
    requests_: list[str], hall: Hall, coordinator: Reader, desk: Reader
) -> None:
    request = drafted(coordinator, "To be asked about", "A4")
    saved(coordinator, f"{request}/moves/submit")
    form = {"questions": "Which law?", "due_on": SOON}
    saved(desk, f"{request}/clarifications/new", **form)
    saved(coordinator, f"{requests_[1]}/urgency", reason="Courts release suspects")
    home = coordinator.page("/")
    assert f'href="{request}/clarifications/1/answer"' in home
    assert f"{requests_[1]}/urgency/settle" not in home
    assert f'href="{requests_[1]}/urgency/settle"' in desk.page("/")
    other = hall.reader("resident_coordinator", "UGA")
    assert request not in other.page("/"), "another country's questions are not for them"


def test_home_tells_whose_turn_it_is_and_what_others_did(
    hall: Hall, coordinator: Reader, desk: Reader
) -> None:
    request = drafted(coordinator, "To be followed", "A4")
    saved(coordinator, f"{request}/moves/submit")
    saved(desk, f"{request}/remarks/new", text="See the earlier request")
    saved(desk, f"{request}/remarks/new", text="And the one before")
    number = request.rpartition("/")[2]
    mine = line_of(coordinator.page("/"), "Waiting for others", number)
    assert "It is the turn of: Desk officer" in mine
    changed = line_of(coordinator.page("/"), "Changed since", number)
    assert f"Comment added : {number} (2)" in changed
    assert "Moved" not in changed, "that was oneself"
    assert "Moved" in line_of(desk.page("/"), "Changed since", number)
    assert request not in hall.reader("resident_coordinator", "UGA").page("/")


def line_of(page: str, heading: str, reference: str) -> str:
    """Return the words of the line of a request beneath a heading of home."""
    part = page.partition(f"<h2>{heading}")[2]
    line = part.partition(f'<a href="/requests/{reference}"')[2].partition("</li>")[0]
    return words_of(f"<main>{line}</main>")


def test_home_tells_what_else_waits_for_a_second_person(hall: Hall, desk: Reader) -> None:
    form = {"why_title": "A better word", "why": "The old one is wrong", "name": "Office"}
    place = "/compendium/propose/entity/unodc"
    saved(desk, place, **form)
    second = hall.reader("desk_officer", nth=2)
    link = re.search(r'href="(/compendium/changes/\d+)">Review the proposal', second.page("/"))
    assert link
    assert "A better word" in second.page("/")
    assert link[1] not in desk.page("/"), "nobody reviews one's own"
    keeper, auditor = hall.reader("administrator"), hall.reader("auditor")
    request = drafted(hall.reader("resident_coordinator", "KEN"), "To be opened", "A4")
    number = request.rpartition("/")[2]
    saved(keeper, "/administration/openings/new", **GLASS, reference=number)
    told = re.search(r'href="(/administration/openings/\d+)">Review', auditor.page("/"))
    assert told
    assert number in auditor.page("/")
    assert told[1] not in keeper.page("/")


def test_the_timeline_shows_the_differences_of_texts_and_narrows_by_kind(
    coordinator: Reader, hall: Hall
) -> None:
    request = opened(coordinator, "Old title")
    saved(coordinator, f"{request}/edit/what", title="New title", summary=WORDS)
    page = coordinator.page(f"{request}/timeline")
    assert "<del>Old </del><ins>New </ins>" in page
    saved(coordinator, f"{request}/needs/new", text=WORDS, area="A")
    only = coordinator.page(f"{request}/timeline?kind=need_added")
    assert "Need added" in words_of(only)
    assert "<del>" not in only
    assert "&#39;" not in page, "no fact stands as it is kept"
    assert "Sector, What the country asks for and Title" in words_of(page)
    later = coordinator.page(f"{request}/timeline?event=3")
    assert 'id="e3"' in later
    assert 'id="e2"' not in later


def test_only_what_changed_is_shown_with_some_words_around() -> None:
    words = " ".join(f"word{n}" for n in range(100))
    found = list(pieces(f"{words} old {words}", f"{words} new {words}"))
    assert [mark for mark, _ in found] == ["left out", "same", "gone", "new", "same", "left out"]
    assert "".join(text for mark, text in found if mark == "gone").strip() == "old"
    assert sum(len(text.split()) for mark, text in found if mark == "same") == 24
