"""Administration by pages: people and roles, an emergency opening and its review, the log."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.web.conftest import Hall
from tests.web.readers import Reader, signed_in, words_of

BODY = {
    "countries": ["KEN"],
    "title": "Held in confidence",
    "summary": "What the country asks for is told here at some length.",
    "needs": [{"area": "D", "text": "Training."}],
}
GLASS = {
    "reason": "The coordinator cannot be reached and the deadline ends today.",
    "ticket": "OPS-1",
}


@pytest.fixture(scope="module")
def administrator(hall: Hall) -> Reader:
    return hall.reader("administrator")


@pytest.fixture(scope="module")
def auditor(hall: Hall) -> Reader:
    return hall.reader("auditor")


def filed(hall: Hall) -> str:
    body = hall.clients.as_("resident_coordinator", "KEN").post("/requests", BODY).ok().body
    return str(body["reference"])


def name_of(reader: Reader) -> str:
    told = re.search(r"signed in as (.+?) ?\.", words_of(reader.page("/account")))
    assert told is not None
    return told[1].strip()


def test_a_person_is_added_given_a_role_and_suspended(administrator: Reader) -> None:
    added = administrator.send(
        "/administration/people/new",
        {"name": "Amina", "email": "amina@example.org", "language": "fr"},
    )
    assert added.status_code == 303, words_of(added.text)
    person = added.headers["location"]
    given = administrator.send(f"{person}/roles/new", {"role": "assessor", "country": "KEN"})
    assert given.status_code == 303, words_of(given.text)
    page = words_of(administrator.page(person))
    assert "Assessor (Kenya)" in page
    ending = re.search(rf"{person}/roles/[0-9]+/end", administrator.page(person))
    assert ending is not None
    asked = words_of(administrator.page(ending[0]))
    assert re.search("End a role Amina Assessor ?.Kenya ?.", asked), "whose role, and which"
    assert administrator.get(f"{person}/roles/999999/end").status_code == 404
    assert "amina@example.org" in words_of(administrator.page(f"{person}/invitation"))
    assert administrator.send(f"{person}/suspension", {}).status_code == 303
    assert "Suspended" in words_of(administrator.page(person))


def test_what_binds_asks_for_the_second_factor_and_leads_back(hall: Hall) -> None:
    person = hall.clients.as_("administrator", nth=2).person_id
    late = Reader(hall.clients.http, signed_in(hall.clients.house, person))
    asked = late.get("/administration/people/new")
    assert asked.status_code == 303
    assert asked.headers["location"] == "/account/step-up?next=/administration/people/new"
    assert "Code of your device" in late.page(asked.headers["location"])


def test_an_administrator_sees_no_request_until_the_glass_is_broken(
    administrator: Reader, auditor: Reader, hall: Hall
) -> None:
    reference = filed(hall)
    assert administrator.get(f"/requests/{reference}").status_code == 404
    broken = administrator.send("/administration/openings/new", {**GLASS, "reference": reference})
    assert broken.status_code == 303, words_of(broken.text)
    assert broken.headers["location"] == f"/requests/{reference}"
    number = broken.headers["set-cookie"].partition("=")[2].partition(";")[0]
    through = Reader(administrator.http, administrator.secret, f"__Host-entente-glass={number}")
    page = through.page(f"/requests/{reference}")
    assert "Held in confidence" in page
    assert "You read through an emergency opening" in page
    assert through.get(f"/requests/{filed(hall)}").status_code == 404, "one request, no other"
    opening = f"/administration/openings/{number}"
    read = auditor.page(opening)
    assert f"/requests/{reference}" in read, "each page that was read is recorded"
    listed = words_of(auditor.page("/administration/openings"))
    asked = words_of(auditor.page(f"{opening}/review"))
    who = name_of(administrator)
    for page in (listed, words_of(read), asked):
        assert who in page, "who opened it is told, and to the reviewer above the form"
    assert f"/requests/{reference}" in asked
    undecided = auditor.send(f"{opening}/review", {"note": "The ticket bears it out."})
    assert undecided.status_code == 422, "nothing is found by leaving something out"
    note = {"justified": "yes", "note": "The ticket bears it out."}
    assert auditor.send(f"{opening}/review", note).status_code == 303
    assert re.search("Justified: .* bears it out", words_of(auditor.page(opening)))


def test_who_broke_the_glass_does_not_review_it(administrator: Reader, hall: Hall) -> None:
    form = {**GLASS, "reference": filed(hall)}
    broken = administrator.send("/administration/openings/new", form)
    number = broken.headers["set-cookie"].partition("=")[2].partition(";")[0]
    assert administrator.get(f"/administration/openings/{number}/review").status_code == 403


def test_an_auditor_verifies_the_log_on_a_page(auditor: Reader) -> None:
    page = words_of(auditor.page("/administration/log"))
    assert "The log is whole" in page
    assert "No anchor was made yet" in page, "what was not anchored is not said to fit"
    assert "Every anchor fits" not in page


@contextmanager
def changed(hall: Hall, reference: str, words: str) -> Iterator[None]:
    """Let the owner of the database write something else into an event; then put it right."""
    file = hall.clients.house.settings.database_url.removeprefix("sqlite:///")
    of = "request_id = (SELECT id FROM requests WHERE reference = ?) AND number = 1"
    with closing(sqlite3.connect(file, timeout=30)) as owner:
        known = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
        triggers = owner.execute(known, ("request_events",)).fetchall()
        for name, _ in triggers:
            owner.execute(f"DROP TRIGGER {name}")
        put = f"UPDATE request_events SET data = ? WHERE {of}"
        (before,) = owner.execute(f"SELECT data FROM request_events WHERE {of}", (reference,))
        owner.execute(put, (words, reference))
        owner.commit()
        yield
        owner.execute(put, (*before, reference))
        for _, sql in triggers:
            owner.execute(sql)
        owner.commit()


def test_what_was_changed_in_the_log_is_told_in_words_and_leads_there(
    auditor: Reader, administrator: Reader, hall: Hall
) -> None:
    reference = filed(hall)
    with changed(hall, reference, "{}"):
        page = auditor.page("/administration/log")
        assert "what it says was changed" in page
        assert f'href="/requests/{reference}/timeline#e1"' in page
        assert "1 entry is not as it was." in words_of(page)
        assert reference not in administrator.page("/administration/log")
    with changed(hall, reference, "no content at all"):
        assert "from there on nothing can be read" in auditor.page("/administration/log")
    assert "The log is whole" in words_of(auditor.page("/administration/log"))


def test_administration_is_closed_to_others_and_says_so_on_a_page(hall: Hall) -> None:
    desk = hall.reader("desk_officer")
    for path in ("", "/people", "/log", "/openings/new"):
        shut = desk.get(f"/administration{path}")
        assert shut.status_code == 403, path
        assert shut.headers["content-type"].startswith("text/html")
    assert "/administration" not in desk.page("/")
