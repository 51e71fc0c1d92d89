"""One's own pages: a token shown once, a role lent and taken up, an interest declared."""

import re
from datetime import timedelta

from app.directory.service import person_of
from app.kit import clock
from tests.web.conftest import Hall
from tests.web.readers import Reader, words_of


def test_a_token_is_shown_once_and_revoked(hall: Hall) -> None:
    desk = hall.reader("desk_officer")
    form = {"name": "Dashboard", "days": "30", "scopes": ["read"]}
    made = desk.send("/account/tokens/new", form)
    assert made.status_code == 200, words_of(made.text)
    secret = made.text.partition('id="secret" dir="ltr">')[2].partition("<")[0]
    call = {"authorization": f"Bearer {secret}"}
    assert hall.clients.http.get("/api/v1/me", headers=call).status_code == 200
    listed = desk.page("/account/tokens")
    assert "Dashboard" in listed
    assert secret not in listed
    own = listed.partition("Dashboard")[2]
    path = "/account/tokens/" + own.partition('href="/account/tokens/')[2].partition('"')[0]
    assert desk.send(path, {}).status_code == 303
    assert hall.clients.http.get("/api/v1/me", headers=call).status_code == 401


def test_a_role_is_lent_and_the_other_acts_in_that_name_until_laid_down(hall: Hall) -> None:
    lender = hall.reader("resident_coordinator", "KEN")
    other = hall.clients.as_("resident_coordinator", "UGA")
    delegate = hall.reader("resident_coordinator", "UGA")
    until = (clock.now() + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")
    form = {
        "person_id": str(other.person_id),
        "role": "resident_coordinator",
        "country": "KEN",
        "valid_to": until,
    }
    asked = lender.page("/account/delegations/new")
    assert re.findall(r'value="([A-Z]{3})"', asked) == ["KEN"], "one lends what one holds"
    assert 'value="take_up_again"' not in asked
    lent = lender.send("/account/delegations/new", form)
    assert lent.status_code == 303, words_of(lent.text)
    page = delegate.page("/account/delegations")
    path = page.partition('action="/account/delegations/')[2].partition("/take-up")[0]
    taken = delegate.send(f"/account/delegations/{path}/take-up", {}, page)
    assert taken.status_code == 303, words_of(taken.text)
    acting = Reader(delegate.http, delegate.secret, f"__Host-entente-behalf={path}")
    home = acting.page("/")
    assert "is recorded under both names" in home
    opened = acting.send("/requests/new", {"countries": "KEN", "title": "Lent", "language": "en"})
    assert opened.status_code == 303, words_of(opened.text)
    ending = words_of(lender.page(f"/account/delegations/{path}/revoke"))
    assert re.search("Role Resident coordinator .Kenya. Lent by .+ Lent to .+ Until", ending)
    down = acting.send("/account/delegations/lay-down", {}, home)
    assert down.status_code == 303
    assert 'entente-behalf=""' in down.headers["set-cookie"]


def test_a_language_is_chosen_for_pages_and_for_mails(hall: Hall) -> None:
    officer = hall.reader("auditor")
    assert 'value="en" checked' in officer.page("/account/language")
    sent = officer.send("/account/language", {"language": "ru"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/account")
    assert "__Host-entente-language=ru" in sent.headers["set-cookie"]
    assert 'value="ru" checked' in officer.page("/account/language")
    call = {**officer.headers, "accept": "application/json"}
    me = officer.http.get("/api/v1/me", headers=call).json()
    with hall.clients.house.database.reading() as session:
        assert person_of(session, me["id"]).language == "ru"
    assert officer.send("/account/language", {"language": "xx"}).status_code == 422


def test_an_interest_is_declared_and_ended(hall: Hall) -> None:
    officer = hall.reader("screening_officer")
    form = {"country": "KEN", "reason": "I worked there until last year."}
    both = officer.send("/account/interests/new", {**form, "entity": "itu"})
    assert (both.status_code, "one of them" in both.text) == (422, True)
    assert officer.send("/account/interests/new", form).status_code == 303
    page = officer.page("/account/interests")
    assert "Country: Kenya" in words_of(page)
    number = page.partition("/account/interests/")[2].partition("/end")[0].rpartition("/")[2]
    asked = officer.page(f"/account/interests/{number}/end")
    assert "Country: Kenya" in words_of(asked)
    assert officer.send(f"/account/interests/{number}/end", {}, asked).status_code == 303


def test_notices_are_listed_and_marked_as_read(hall: Hall) -> None:
    desk = hall.reader("desk_officer")
    page = desk.page("/account/notices")
    assert "You were told nothing yet." in page or "I have read these" in page


def test_the_workflow_is_shown_with_what_is_proved_of_it(hall: Hall) -> None:
    desk = hall.reader("desk_officer")
    listed = desk.page("/workflow")
    assert "/workflow/needs_assessment/1" in listed
    older = words_of(listed).partition("New requests follow it")[2]
    assert "version 2" in words_of(listed).replace("\u2068", "").partition("New requests")[0]
    assert "Only requests that began with it follow it" in older
    page = words_of(desk.page("/workflow/needs_assessment/1"))
    assert "The checker visited all 63 situations and found no fault." in page
    assert re.search("No way leads to Delivery before .*: Assessment completed . F32, F41", page)


def test_the_workflow_shows_how_many_of_the_requests_one_sees_stand_where(hall: Hall) -> None:
    place, body = "/workflow/needs_assessment/2", {"countries": ["UGA"], "title": "A draft"}
    coordinator = hall.reader("resident_coordinator", "UGA")
    before = standing_in(coordinator.page(place), "draft")
    hall.clients.as_("resident_coordinator", "UGA").post("/requests", body).ok()
    shown = coordinator.page(place)
    assert standing_in(shown, "draft") == before + 1
    assert re.findall(r'class="many"[^>]*>\D*(\d+)', shown) == [str(before + 1)], "as drawn"
    elsewhere = hall.reader("resident_coordinator", "FJI").page(place)
    assert standing_in(elsewhere, "draft") == 0, "what one does not see is not counted"


def standing_in(page: str, state: str) -> int:
    """Return how many requests a page says stand in a state."""
    row = page.partition(f'<tr id="{state}">')[2].partition("</tr>")[0]
    found = re.search(r"(\d+) requests?\b", re.sub("<[^>]+>|[\u2066-\u2069]", "", row))
    return int(found[1]) if found else 0
