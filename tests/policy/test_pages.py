"""The matrix of the pages: every route that is not the API's, every session, every origin."""

import sys
from collections.abc import Iterator

import pytest
from fastapi import APIRouter

from app import main
from app.config import Settings
from app.kit.errors import Invalid
from app.policy.table import RULES
from app.web import visit
from tests.policy.asgi import Heard, hear
from tests.policy.ground import Prepared
from tests.policy.pages import TWINS, Page, Try, call_of, expected, pages, tries
from tests.policy.people import BROWSERS
from tests.policy.test_matrix import foreign

Cell = tuple[str, Page, Try]


def cells(ground: Prepared, *names: str) -> Iterator[Cell]:
    """Yield every page with every session and every way of calling it."""
    for page in pages(ground.clients.app):
        for how in tries(page):
            yield from ((name, page, how) for name in names or ("none", *BROWSERS))


def answers(ground: Prepared, *names: str) -> list[tuple[Cell, Heard]]:
    """Call every page."""
    every = list(cells(ground, *names))
    calls = [call_of(page, ground.principals[name], how) for name, page, how in every]
    return list(zip(every, hear(ground.clients.http, calls), strict=True))


def faults(ground: Prepared, *names: str) -> list[str]:
    """Return every cell that came out otherwise than its row says, or shows what is in a request."""
    found = []
    for (name, page, how), answer in answers(ground, *names):
        wanted = expected(page, ground.principals[name], how)
        cell = f"{name}: {page.method} {page.path} ({how})"
        if (answer.status, answer.code) != (wanted.status, wanted.code):
            found.append(f"{cell}: {answer.status} {answer.code}, not {wanted}")
        if strange := foreign(ground, ground.principals[name], answer, page.name):
            found.append(f"{cell}: shows {strange}")
    return found


def test_every_page_answers_as_its_row_says(sqlite_ground: Prepared) -> None:
    every = list(cells(sqlite_ground))
    told = {page.name for _, page, _ in every}
    assert told >= {n for n in RULES if n.startswith("page_")} - TWINS.keys()
    assert len(every) > 1000
    found = faults(sqlite_ground)
    assert found == [], "\n".join(found)


def test_who_is_not_signed_in_is_sent_to_the_entrance(sqlite_ground: Prepared) -> None:
    for (name, page, how), answer in answers(sqlite_ground, "none", "ended session"):
        if page.name == "page_account" and how.reads:
            assert answer.headers["location"] == "/sign-in?next=/account", name
            assert 'entente=""' in answer.headers["set-cookie"]


def test_a_form_that_forgets_the_token_of_its_session_is_noticed(
    sqlite_ground: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visit, "own_form", lambda *_: None)
    found = faults(sqlite_ground, "auditor's session")
    assert any("page_end_session" in one or "/account/sessions" in one for one in found)


def test_a_forgotten_page_stops_the_start_up(monkeypatch: pytest.MonkeyPatch) -> None:
    api = APIRouter(include_in_schema=False)
    api.add_api_route("/secret-page", lambda: "open", methods=["GET"], name="secret_page")
    monkeypatch.setitem(sys.modules, "app.web.pages", type("Module", (), {"api": api}))
    monkeypatch.setattr(main, "doors", main.doors.__wrapped__)  # made anew, not shared
    with pytest.raises(Invalid) as refused_start:
        main.create_app(Settings(database_url="sqlite://"))
    assert "no row for the route" in refused_start.value.detail
