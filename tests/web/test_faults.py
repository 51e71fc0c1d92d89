"""What browsers and programs are told when something stands against a call, and where forms lead."""

from typing import Any

import pytest

from app.kit.errors import Blocked, Conflict, Forbidden, Invalid, Malformed
from app.kit.text import LANGUAGES
from app.web import acts
from app.web.acts import Unfit
from app.web.pages import masked_token, place_of_ours, unmasked_token
from app.web.tell import TITLES, told
from tests.web.conftest import Hall
from tests.web.readers import BROWSER, Reader, hidden, words_of

PLACES = [
    ("/requests?state=draft", "/requests?state=draft"),
    ("//elsewhere.example", "/"),
    ("/\\elsewhere.example", "/"),
    ("https://elsewhere.example/", "/"),
    ("javascript:alert(1)", "/"),
    ("/a\r\nSet-Cookie: x", "/"),
    ("/a b", "/"),
    ("", "/"),
]

ALIKE = frozenset({"Conflict"})
"""Texts that two languages write alike."""


@pytest.mark.parametrize(("given", "led"), PLACES)
def test_nobody_is_led_away_from_here(hall: Hall, given: str, led: str) -> None:
    assert place_of_ours(given) == led
    sent = {"language": "fr", "back": given}
    answer = hall.clients.http.post("/language", data=sent, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, led)
    page = hall.clients.http.get("/sign-in", params={"next": given}, headers=BROWSER)
    assert f'name="place" value="{led.replace("&", "&amp;")}"' in page.text


def test_a_token_looks_otherwise_each_time_and_is_the_same_beneath() -> None:
    first, second = masked_token("abc-DEF_1"), masked_token("abc-DEF_1")
    assert first != second
    assert unmasked_token(first) == unmasked_token(second) == "abc-DEF_1"
    for given in ("", "zz", "abc", "0" * 7, first[:-2]):
        assert unmasked_token(given) != "abc-DEF_1"


@pytest.mark.parametrize(
    ("path", "status"), [("/requests/TA-2026-99999", 404), ("/nowhere", 404), ("/sign-out", 405)]
)
def test_a_browser_gets_a_page_and_a_program_a_problem(
    coordinator: Reader, path: str, status: int
) -> None:
    page = coordinator.get(path)
    assert (page.status_code, page.headers["content-type"][:9]) == (status, "text/html")
    assert "For the help desk:" in page.text
    assert 'lang="en"' in page.text
    headers = {"cookie": f"__Host-entente={coordinator.secret}"}
    problem = coordinator.http.get(path, headers=headers)
    assert (problem.status_code, problem.headers["content-type"]) == (
        status,
        "application/problem+json",
    )


def test_what_went_wrong_here_is_a_page_that_tells_nothing_of_it(
    coordinator: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr("app.web.home.turns", broken)
    page = coordinator.get("/")
    assert page.status_code == 500
    assert "Something went wrong on our side" in page.text
    assert "secret of the house" not in page.text


def test_the_interface_answers_problems_to_browsers_as_well(coordinator: Reader) -> None:
    answer = coordinator.get("/api/v1/requests/TA-2026-99999")
    assert answer.headers["content-type"] == "application/problem+json"


REFUSED: dict[str, tuple[str, str, dict[str, str], Any]] = {
    "unknown": ("GET", "/api/v1/requests/TA-2026-99999", {}, None),
    "no such path": ("GET", "/api/v1/nowhere", {}, None),
    "no such call": ("DELETE", "/api/v1/requests", {}, None),
    "fields": ("POST", "/api/v1/requests", {}, {"countries": [], "title": "x" * 301}),
    "a rule of a body's own": ("POST", "/api/v1/requests", {}, {"title": "\x07"}),
    "from another site": ("POST", "/api/v1/requests", {"sec-fetch-site": "cross-site"}, {}),
    "too large": ("POST", "/api/v1/requests", {"content-length": "999999999"}, {}),
    "moved unseen": ("POST", "/api/v1/requests/{mine}/transitions", {}, {"trigger": "submit"}),
    "by a rule": (
        *("POST", "/api/v1/requests/{mine}/transitions"),
        *({"if-match": "*"}, {"trigger": "submit", "form": {}}),
    ),
}
"""Calls that are refused on each floor: by the framework, the rooms, rules, what stands outside."""


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_is_told_in_the_language_that_is_asked_for(
    coordinator: Reader, name: str
) -> None:
    method, path, more, body = REFUSED[name]
    if "{mine}" in path:
        form = {"countries": "KEN", "title": f"Refused {name}", "language": "en"}
        path = path.replace("{mine}", reference_made(coordinator, form))
    me = coordinator.http.get("/api/v1/me", headers=coordinator.headers).json()
    told = {}
    for language in LANGUAGES:
        headers = {**coordinator.headers, "accept": "application/json", **more}
        headers |= {"accept-language": language, "x-csrf-token": me["csrf"]}
        answer = coordinator.http.request(method, path, headers=headers, json=body)
        assert answer.status_code >= 400
        assert answer.headers["content-language"] == language
        problem = answer.json()
        told[language] = [problem["title"], problem["detail"]]
        told[language] += [one["message"] for one in problem.get("blockers", ())]
        assert "{" not in "".join(told[language])
    english = told.pop("en")
    for language, texts in told.items():
        same = {one for one in texts if one} & set(english)
        assert same <= ALIKE, f"{name} in {language}: {same}"


def reference_made(reader: Reader, form: dict[str, str]) -> str:
    return reader.send("/requests/new", form).headers["location"].split("/")[2]


def test_a_form_that_is_sent_twice_acts_once(coordinator: Reader) -> None:
    form = {"countries": "KEN", "title": "Once", "language": "en"}
    shown = coordinator.page("/requests/new")
    first = coordinator.send("/requests/new", form, shown)
    again = coordinator.send("/requests/new", form, shown)
    assert first.status_code == again.status_code == 303
    assert first.headers["location"] == again.headers["location"]
    anew = coordinator.send("/requests/new", form)
    assert anew.headers["location"] != first.headers["location"]


def test_a_form_without_the_key_of_its_page_acts_each_time(coordinator: Reader) -> None:
    shown = coordinator.page("/requests/new")
    form = hidden(shown) | {"countries": "KEN", "title": "Twice", "language": "en", "once": ""}
    places = {coordinator.post("/requests/new", form).headers["location"] for _ in range(2)}
    assert len(places) == 2, "so it is the key that made it one"


def test_a_refusal_never_loses_the_words(
    coordinator: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = {"countries": "KEN", "title": "x" * 301, "language": "fr"}
    answer = coordinator.send("/requests/new", typed)
    assert answer.status_code == 422
    assert "x" * 301 in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert 'href="#title"' in answer.text, "the summary leads to the field"
    assert 'value="fr" selected' in answer.text or 'value="fr" checked' in answer.text
    assert "at most 300 characters" in words_of(answer.text)
    monkeypatch.setattr(acts, "shown_again", lambda *_: None)
    assert "x" * 301 not in coordinator.send("/requests/new", typed).text, "planted, and noticed"


def test_the_longest_text_fits_into_a_form_in_whatever_script(coordinator: Reader) -> None:
    draft = reference_made(coordinator, {"countries": "KEN", "title": "Long", "language": "ar"})
    path = f"/requests/{draft}/edit/what"
    for letter in "سع网":
        answer = coordinator.send(path, {"summary": f"{letter} " * 10_000})
        assert answer.status_code == 303, "a letter takes six or nine characters in a form"
    assert coordinator.send(path, {"summary": "x" * 20_001}).status_code == 422


@pytest.mark.parametrize(("language", "told"), [("en", "This is too large"), ("ar", "حجم")])
def test_what_is_turned_back_before_anything_reads_it_is_a_page_too(
    coordinator: Reader, language: str, told: str
) -> None:
    headers = {**coordinator.headers, "accept-language": language}
    for path in ("/requests/new", "/requests/TA-2026-00001/attachments"):
        more = {"content-length": "30000000"}
        page = coordinator.http.post(path, headers={**headers, **more}, content=b"")
        assert (page.status_code, page.headers["content-type"][:9]) == (413, "text/html")
        assert told in words_of(page.text)
        assert f'lang="{language}"' in page.text
        assert page.headers["content-security-policy"].count("style-src 'self'") == 1
        assert page.headers["connection"] == "close"
        more["accept"] = "application/json"
        problem = coordinator.http.post(path, headers={**headers, **more}, content=b"")
        assert problem.json()["code"] == "body.too_large"


def test_what_binds_leads_to_the_second_factor_and_back(hall: Hall) -> None:
    keeper = hall.reader("administrator")
    with hall.clients.house.database.writing() as session:
        session.connection().exec_driver_sql("UPDATE web_sessions SET assured_at = NULL")
    path = "/administration/people/new"
    answer = keeper.get(path)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/account/step-up?next={path}",
    )
    assert f'name="place" value="{path}"' in keeper.page(answer.headers["location"])


def test_the_title_of_a_form_that_comes_back_begins_with_that(coordinator: Reader) -> None:
    form = "/account/interests/new"
    page = coordinator.page(form)
    assert "<title>Error:" not in page
    back = coordinator.send(form, {"reason": ""}, page)
    assert (back.status_code, "<title>Error: " in back.text) == (422, True)
    assert "<title>There is no such page" in coordinator.get("/requests/TA-2026-99999").text


def test_no_heading_is_a_word_for_programs() -> None:
    refusals = (Invalid("x"), Malformed("x"), Conflict("x"), Blocked("x"), Forbidden("x"))
    headings = {told(one).title for one in (*refusals, Unfit({}))}
    assert headings <= set(TITLES.values())
