"""The common repository by pages: an entry is added, found by topic and words, and read."""

from tests.web.conftest import Hall
from tests.web.readers import words_of

ENTRY = {
    "kind": "best_practice",
    "title": "Judges first",
    "text": "Begin with the judges.\nThen the police.",
    "topics": ["A1", "D6a"],
    "link": "https://example.org/judges",
}


def test_an_entry_is_added_found_and_read(hall: Hall) -> None:
    desk = hall.reader("desk_officer")
    assert "Nothing is known here yet." in words_of(desk.page("/knowledge"))
    added = desk.send("/knowledge/new", ENTRY)
    assert added.status_code == 303, words_of(added.text)
    reader = hall.reader("government", "KEN")
    page = reader.page(added.headers["location"])
    assert "Begin with the judges." in words_of(page)
    assert 'href="https://example.org/judges"' in page
    for query, found in (("topic=D6a", True), ("topic=A2", False), ("q=POLICE&kind=", True)):
        listed = words_of(reader.page(f"/knowledge?{query}"))
        assert ("Judges first" in listed) is found, query
        assert ("Nothing fits." in listed) is not found, query


def test_only_those_who_deliver_or_keep_the_desk_are_offered_the_form(hall: Hall) -> None:
    reader = hall.reader("government", "KEN")
    assert "/knowledge/new" not in reader.page("/knowledge")
    assert reader.get("/knowledge/new").status_code == 403
    assert reader.get("/knowledge/99999").status_code == 404


def test_a_link_that_could_run_something_comes_back_beside_its_field(hall: Hall) -> None:
    desk = hall.reader("desk_officer")
    refused = desk.send("/knowledge/new", ENTRY | {"link": "javascript:alert(1)"})
    assert refused.status_code == 422
    assert 'aria-describedby="link-hint link-fault"' in refused.text
    assert "Begin with the judges." in refused.text


def test_the_list_goes_on_with_its_filters(hall: Hall) -> None:
    desk = hall.clients.as_("desk_officer")
    for number in range(26):
        desk.post("/knowledge", {"kind": "lesson", "title": f"L{number}", "text": "x"}).ok()
    page = hall.reader("desk_officer").page("/knowledge?kind=lesson")
    more = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "kind=lesson" in more
    assert "L0" in hall.reader("desk_officer").page(f"/knowledge{more}")
