"""Sessions: another identifier at every step, an end in time, and dead at once where they must be."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.accounts import sessions
from app.accounts.tables import WebSession
from app.directory import service as directory
from app.directory.schemas import GrantBody
from app.wiring import entering
from tests.accounts.conftest import PASSWORD, Browser, Signing
from tests.conftest import settings_for
from tests.factories.clients import Clients, code_now

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)


def holding(browser: Browser, session: str) -> int:
    """Return what a call with a session's identifier is answered."""
    return Browser(browser.http, session).get("/me").status


def test_a_session_begins_with_login_and_password_and_its_cookie_is_bound(signing: Signing) -> None:
    member = signing.member()
    browser = signing.browser()
    made = browser.post("/session", {"login": "ADA@Example.org ", "password": PASSWORD}).ok()
    cookie = made.headers["set-cookie"].lower()
    assert cookie.startswith("__host-entente=ses_")
    for part in ("secure", "httponly", "samesite=lax", "path=/"):
        assert part in cookie
    assert "domain" not in cookie
    assert made.body["pending"] is False
    me = browser.get("/me").ok().body
    assert (me["id"], me["csrf"]) == (member.person_id, browser.csrf)
    assert browser.session not in str(made.body)


def test_the_identifier_changes_at_sign_in_second_factor_and_step_up(signing: Signing) -> None:
    member = signing.member(device=True)
    browser = signing.browser()
    browser.session = sessions.new_secret(sessions.PREFIX)
    planted = browser.session
    with time_machine.travel(MORNING, tick=False) as clock:
        browser.post("/session", {"login": member.login, "password": PASSWORD}).ok()
        pending = browser.session
        assert browser.get("/me").status == 401
        browser.post("/session/second-factor", {"code": code_now(member.device)}).ok()
        first = browser.session
        assert browser.get("/me").ok().body["assured_until"] == "2026-03-02T08:10:00Z"
        clock.shift(60)
        stepped = browser.post("/me/step-up", {"code": code_now(member.device)}).ok()
        assert stepped.body["assured_until"] == "2026-03-02T08:11:00Z"
        second = browser.session
        assert len({planted, pending, first, second}) == 4
        assert [holding(browser, s) for s in (planted, pending, first, second)] == [401] * 3 + [200]
        assert browser.get("/me").ok().body["csrf"] == browser.csrf


def test_a_change_of_roles_ends_the_session(signing: Signing) -> None:
    member = signing.member()
    browser = signing.sign_in(member)
    assert browser.get("/me").ok().body["roles"] == ["desk_officer"]
    with signing.house.database.writing() as session:
        directory.grant(session, None, member.person_id, GrantBody(role="auditor"))
    assert browser.get("/me").status == 401
    old = browser.session
    signing.sign_in(member, browser)
    assert browser.session != old
    assert browser.get("/me").ok().body["roles"] == ["auditor", "desk_officer"]


def test_a_session_ends_after_half_an_hour_of_rest(signing: Signing) -> None:
    member = signing.member()
    with time_machine.travel(MORNING, tick=False) as clock:
        browser = signing.sign_in(member)
        for _ in range(5):
            clock.shift(timedelta(minutes=28))
            assert browser.get("/me").status == 200
        clock.shift(timedelta(minutes=30, seconds=1))
        assert browser.get("/me").status == 401
        assert browser.get("/me/sessions").status == 401


def test_a_session_ends_after_twelve_hours_however_busy(signing: Signing) -> None:
    member = signing.member()
    with time_machine.travel(MORNING, tick=False) as clock:
        browser = signing.sign_in(member)
        for _ in range(35):
            clock.shift(timedelta(minutes=20))
            assert browser.get("/me").status == 200
        clock.shift(timedelta(minutes=20))
        assert browser.get("/me").status == 401


def test_a_second_factor_is_awaited_for_ten_minutes(signing: Signing) -> None:
    member = signing.member(device=True)
    browser = signing.browser()
    with time_machine.travel(MORNING, tick=False) as clock:
        browser.post("/session", {"login": member.login, "password": PASSWORD}).ok()
        clock.shift(timedelta(minutes=10, seconds=1))
        answer = browser.post("/session/second-factor", {"code": code_now(member.device)})
        assert answer.status == 401


def test_signing_out_ends_the_session_and_clears_the_browser(signing: Signing) -> None:
    browser = signing.sign_in(signing.member())
    held = browser.session
    answer = browser.call("DELETE", "/session")
    assert answer.status == 204
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    assert holding(browser, held) == 401


def test_a_suspended_person_is_out_at_once_on_every_worker(
    signing: Signing, database_url: str
) -> None:
    member = signing.member()
    browser = signing.sign_in(member)
    with Clients(settings_for(database_url)) as other:
        elsewhere = Browser(other.http, browser.session, browser.csrf)
        assert elsewhere.get("/me").status == 200
        signing.administrator().post(f"/people/{member.person_id}/suspension").ok()
        assert (browser.get("/me").status, elsewhere.get("/me").status) == (401, 401)
        again = elsewhere.post("/session", {"login": member.login, "password": PASSWORD})
        assert (again.status, again.body["code"]) == (401, "sign_in.refused")


def test_one_lists_and_ends_ones_own_sessions_and_nobody_elses(
    signing: Signing, database_url: str
) -> None:
    ada, ben = signing.member(), signing.member("ben")
    first, second, other = signing.sign_in(ada), signing.sign_in(ada), signing.sign_in(ben)
    listed = first.get("/me/sessions").ok().body["items"]
    assert [row["present"] for row in listed] == [False, True]
    assert other.post(f"/me/sessions/{listed[0]['id']}/end").status == 404
    with Clients(settings_for(database_url)) as elsewhere:
        there = Browser(elsewhere.http, second.session, second.csrf)
        assert there.get("/me").status == 200
        first.post(f"/me/sessions/{listed[0]['id']}/end").ok()
        assert (second.get("/me").status, there.get("/me").status) == (401, 401)
    assert first.get("/me").status == 200


def test_the_database_holds_no_identifier(signing: Signing) -> None:
    browser = signing.sign_in(signing.member())
    with signing.house.database.reading() as session:
        row = session.scalars(sa.select(WebSession)).one()
    told = " ".join(str(getattr(row, column.key)) for column in WebSession.__table__.columns)
    assert browser.session not in told
    assert browser.session.removeprefix("ses_") not in told
    assert "testclient" not in row.place


def test_a_session_is_no_bearer_token_and_a_token_no_session(signing: Signing) -> None:
    browser = signing.sign_in(signing.member())
    stolen = signing.browser().get("/me", authorization=f"Bearer {browser.session}")
    assert (stolen.status, stolen.body["code"]) == (401, "token.invalid")
    token = signing.administrator().token
    assert Browser(browser.http, token).get("/me").status == 401


def test_a_password_changed_while_signing_in_opens_nothing(
    signing: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = signing.member()
    house = signing.house
    fits = house.hasher.fits

    def overtaken(kept: str | None, password: str) -> bool:
        fitting = fits(kept, password)
        with house.database.writing() as session:
            session.execute(sa.text("UPDATE accounts SET password = 'another'"))
        return fitting

    monkeypatch.setattr(house.hasher, "fits", overtaken)
    assert entering.sign_in.__name__ == "sign_in"
    answer = signing.browser().post("/session", {"login": member.login, "password": PASSWORD})
    assert answer.status == 401
