"""What people change of their own ways in: the password, and the codes for a lost device."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.accounts import links
from app.accounts import service as accounts
from app.accounts.tables import RecoveryCode
from app.outbox.tables import Letter
from tests.accounts.conftest import PASSWORD, Browser, Member, Signing
from tests.factories.clients import Answer, code_now

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
OTHER = "grenade lampshade visits often"


def change(browser: Browser, present: str, password: str) -> Answer:
    return browser.post("/me/password", {"present": present, "password": password})


def half_in(signing: Signing, member: Member) -> Browser:
    """Return a browser whose second factor is due."""
    browser = signing.browser()
    sent = {"login": member.login, "password": PASSWORD}
    assert browser.post("/session", sent).ok().body["pending"]
    return browser


def codes_of(browser: Browser, member: Member, later: int = 1) -> list[str]:
    """Give the second factor and make recovery codes."""
    browser.post("/me/step-up", {"code": code_now(member.device, later)}).ok()
    return list(browser.post("/me/recovery-codes").ok().body["codes"])


def letters(signing: Signing) -> list[tuple[str, str]]:
    with signing.house.database.reading() as session:
        rows = session.execute(sa.select(Letter.kind, Letter.address).order_by(Letter.id))
        return [(kind, address) for kind, address in rows]


def test_a_password_is_changed_by_the_present_one_and_other_sessions_end(signing: Signing) -> None:
    member = signing.member()
    here, there = signing.sign_in(member), signing.sign_in(member)
    with signing.house.database.writing() as session:
        link = accounts.link_for(session, member.login, links.RESET)
    wrong = change(here, "not the present one", OTHER)
    assert (wrong.status, wrong.body["code"]) == (403, "password.wrong")
    weak = change(here, PASSWORD, "ada@example.org2026")
    assert (weak.status, weak.body["code"]) == (422, "password.common")
    before = here.session
    change(here, PASSWORD, OTHER).ok()
    assert here.session != before
    assert Browser(here.http, before).get("/me").status == 401
    assert here.get("/me").status == 200
    assert there.get("/me").status == 401
    late = {"link": link, "password": "trumpet island borrowed twice"}
    assert signing.browser().post("/password-resets/completion", late).status == 422
    old = {"login": member.login, "password": PASSWORD}
    assert signing.browser().post("/session", old).status == 401
    signing.browser().post("/session", {"login": member.login, "password": OTHER}).ok()
    assert ("password_changed", member.login) in letters(signing)


def test_the_present_password_is_not_guessed_from_a_stolen_session(signing: Signing) -> None:
    member = signing.member()
    with time_machine.travel(NOON, tick=False):
        browser = signing.sign_in(member)
        got = [change(browser, f"guess number {one}", OTHER).status for one in range(12)]
    assert got == [403] * 10 + [429] * 2


def test_a_token_changes_no_password(signing: Signing) -> None:
    person = signing.clients.as_("desk_officer")
    refused = person.post("/me/password", {"present": PASSWORD, "password": OTHER})
    assert (refused.status, refused.body["code"]) == (403, "password.none")


def test_a_recovery_code_stands_in_for_the_device_once(signing: Signing) -> None:
    member = signing.member(device=True)
    browser = signing.sign_in(member)
    codes = codes_of(browser, member)
    assert len(set(codes)) == 10
    assert browser.get("/me/recovery-codes").ok().body["left"] == 10
    lost = half_in(signing, member)
    pending = lost.session
    typed = codes[0].lower().replace("-", " ")
    lost.post("/session/recovery", {"code": typed}).ok()
    assert lost.session != pending
    assert lost.get("/me").ok().body["assured_until"] is not None
    assert lost.get("/me/recovery-codes").ok().body["left"] == 9
    again = half_in(signing, member).post("/session/recovery", {"code": codes[0]})
    assert (again.status, again.body["code"]) == (403, "recovery.wrong")
    assert ("recovery_code_used", member.login) in letters(signing)
    lost.post(f"/people/{member.person_id}/second-factor/removal").ok()
    assert lost.get("/me").status == 401
    with signing.house.database.reading() as session:
        assert session.scalars(sa.select(RecoveryCode.id)).all() == []


def test_recovery_codes_are_kept_as_digests_and_belong_to_one_person(signing: Signing) -> None:
    ada, ben = signing.member(device=True), signing.member("ben", device=True)
    codes = codes_of(signing.sign_in(ada), ada)
    foreign = half_in(signing, ben).post("/session/recovery", {"code": codes[0]})
    assert foreign.status == 403
    with signing.house.database.reading() as session:
        kept = " ".join(session.scalars(sa.select(RecoveryCode.digest)))
    for code in codes:
        assert code not in kept
        assert code.replace("-", "") not in kept


def test_new_codes_take_a_second_factor_and_void_the_earlier_ones(signing: Signing) -> None:
    member = signing.member(device=True)
    with time_machine.travel(NOON, tick=False) as clock:
        browser = signing.sign_in(member)
        first = codes_of(browser, member)
        clock.shift(timedelta(minutes=11))
        refused = browser.post("/me/recovery-codes")
        assert (refused.status, refused.body["code"]) == (403, "assurance.step_up")
        second = codes_of(browser, member, 0)
        clock.shift(timedelta(minutes=11))
        assert half_in(signing, member).post("/session/recovery", {"code": first[1]}).status == 403
        half_in(signing, member).post("/session/recovery", {"code": second[1]}).ok()


def test_without_a_device_there_is_nothing_to_recover(signing: Signing) -> None:
    person = signing.clients.as_("desk_officer")
    person.step_up().ok()
    person.post(f"/people/{person.person_id}/second-factor/removal").ok()
    refused = person.post("/me/recovery-codes")
    assert (refused.status, refused.body["code"]) == (409, "recovery.no_device")


def test_recovery_codes_are_guessed_five_times(signing: Signing) -> None:
    member = signing.member(device=True)
    with time_machine.travel(NOON, tick=False):
        browser = half_in(signing, member)
        wrong = {"code": "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF"}
        got = [browser.post("/session/recovery", wrong).status for _ in range(7)]
    assert got == [403] * 5 + [429] * 2


@pytest.mark.parametrize("code", ["", "123456", "AAAA-BBBB-CCCC-DDDD-EEEE-FFF1"])
def test_what_is_no_recovery_code_is_not_tried(signing: Signing, code: str) -> None:
    browser = half_in(signing, signing.member(device=True))
    assert browser.post("/session/recovery", {"code": code}).status == 422
