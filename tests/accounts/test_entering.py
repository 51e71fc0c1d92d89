"""Coming in: codes once, guesses few, nobody told apart, and no other site's hand in it."""

import statistics
import time
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest
import sqlalchemy as sa
import time_machine
from starlette.requests import HTTPConnection

from app.accounts import limits
from app.accounts.limits import SIGN_IN
from app.accounts.rules import check_password, guessable
from app.config import Settings
from app.jobs.letters import send_letters
from app.kit.errors import Invalid, TooMany
from app.wiring.callers import visitor_of
from tests.accounts.conftest import PASSWORD, Browser, Signing
from tests.factories.clients import code_now

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
OTHER = "grenade lampshade visits often"


def test_a_code_is_taken_once_and_within_one_period_of_drift(signing: Signing) -> None:
    member = signing.member(device=True)
    with time_machine.travel(NOON, tick=False) as clock:
        browser = signing.sign_in(member)
        again = browser.post("/me/step-up", {"code": code_now(member.device)})
        assert again.status == 403
        assert again.body["code"] == "second_factor.wrong"
        browser.post("/me/step-up", {"code": code_now(member.device, 1)}).ok()
        earlier = browser.post("/me/step-up", {"code": code_now(member.device)})
        assert earlier.status == 403
        clock.shift(300)
        assert browser.post("/me/step-up", {"code": code_now(member.device, 2)}).status == 403
        assert browser.post("/me/step-up", {"code": code_now(member.device, -2)}).status == 403
        browser.post("/me/step-up", {"code": code_now(member.device, -1)}).ok()


def test_an_hour_of_guessing_from_one_place_is_twenty_tries_at_most(
    signing: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = signing.member()
    tried = 0

    def counting(_kept: str | None, _password: str) -> bool:
        nonlocal tried
        tried += 1
        return False

    browser, waits = signing.browser(), []
    monkeypatch.setattr(signing.house.hasher, "fits", counting)
    with time_machine.travel(NOON, tick=False) as clock:
        for number in range(200):
            guess = {"login": member.login, "password": f"guess number {number}"}
            answer = browser.post("/session", guess, x_forwarded_for=f"10.0.0.{number}")
            if answer.status == 429:
                waits.append(int(answer.headers["retry-after"]))
            clock.shift(18)
    assert 10 <= tried <= 20
    assert max(waits) > 300
    assert min(waits) > 0


def test_of_ten_thousand_guesses_in_an_hour_twenty_are_tried_at_most(signing: Signing) -> None:
    tried = 0
    with signing.house.database.writing() as session:
        for number in range(10_000):
            try:
                limits.take(session, [SIGN_IN], "ada", NOON + timedelta(seconds=0.36 * number))
            except TooMany:
                continue
            tried += 1
    assert 10 <= tried <= 20


def test_the_right_password_gets_in_when_the_wait_is_over(signing: Signing) -> None:
    member, browser = signing.member(), signing.browser()
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(10):
            browser.post("/session", {"login": member.login, "password": "wrong"})
        refused = browser.post("/session", {"login": member.login, "password": PASSWORD})
        assert refused.status == 429
        clock.shift(int(refused.headers["retry-after"]))
        signing.sign_in(member, browser)


def test_second_factors_are_guessed_five_times(signing: Signing) -> None:
    member, browser = signing.member(device=True), signing.browser()
    with time_machine.travel(NOON, tick=False):
        browser.post("/session", {"login": member.login, "password": PASSWORD}).ok()
        wrong = "000000" if code_now(member.device) != "000000" else "111111"
        got = [browser.post("/session/second-factor", {"code": wrong}).status for _ in range(7)]
    assert got == [403] * 5 + [429] * 2


def test_known_and_unknown_are_told_apart_neither_by_answer_nor_by_time(signing: Signing) -> None:
    signing.member()
    browser = signing.browser()
    times: dict[str, list[float]] = {"ada@example.org": [], "nobody@example.org": []}
    bodies = set()
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(200):
            for login, taken in times.items():
                began = time.perf_counter()
                got = browser.post("/session", {"login": login, "password": "wrong password"})
                taken.append(time.perf_counter() - began)
                bodies.add((got.status, got.body["code"], got.body["detail"]))
            clock.shift(timedelta(days=1, minutes=5))
    assert bodies == {(401, "sign_in.refused", "Login or password is wrong.")}
    known, unknown = (statistics.median(taken) for taken in times.values())
    assert abs(known - unknown) < 0.010


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"content-type": "application/json"}, "csrf.token"),
        ({"content-type": "application/json", "sec-fetch-site": "cross-site"}, "csrf.cross_site"),
        ({"content-type": "application/json", "sec-fetch-site": "same-site"}, "csrf.cross_site"),
        ({"content-type": "application/json", "origin": "https://evil.example"}, "csrf.origin"),
        ({"content-type": "text/plain"}, "csrf.content_type"),
        ({"content-type": "application/x-www-form-urlencoded"}, "csrf.content_type"),
    ],
)
def test_no_route_takes_a_sessions_change_from_another_site(
    signing: Signing, headers: dict[str, str], code: str
) -> None:
    browser = signing.sign_in(signing.member())
    paths = signing.clients.http.get("/openapi.json").json()["paths"]
    inward = {"/session", "/password-resets", "/password-resets/completion"}
    inward |= {"/invitations/acceptance"}
    own = {} if code == "csrf.token" else {"x-csrf-token": browser.csrf}
    tried = 0
    for path, methods in paths.items():
        for method in set(methods) & {"post", "put", "patch", "delete"}:
            short = path.removeprefix("/api/v1")
            if code == "csrf.token" and method == "post" and short in inward:
                continue  # no session is looked at there
            kept = Browser(browser.http, browser.session, browser.csrf)
            got = kept.bare(method.upper(), short, {**headers, **own}, content=b"{}")
            assert got.status == 403, (method, path)
            assert got.body["code"] == code, (method, path)
            tried += 1
    assert tried > 60
    assert browser.get("/me").status == 200


def test_an_invitation_is_mailed_accepted_once_and_a_reset_ends_sessions(
    signing: Signing, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("mail")
    house, admin, browser = signing.house, signing.administrator(), signing.browser()
    settings = house.settings.model_copy(update={"mail_folder": folder})
    body = {"name": "Ben", "email": "ben@example.org", "grants": [{"role": "desk_officer"}]}
    number = admin.post("/people", body).ok().body["id"]

    def mailed() -> str:
        assert send_letters(settings, house.database) == 1
        newest = max(folder.iterdir())
        text = str(message_from_bytes(newest.read_bytes()).get_payload(decode=True))
        newest.unlink()
        return text.partition("link=")[2].partition("\\n")[0]

    admin.post("/invitations", {"person": number}).ok()
    link = mailed()
    weak = browser.post("/invitations/acceptance", {"link": link, "password": "ben@example.org1"})
    assert (weak.status, weak.body["code"]) == (422, "password.common")
    accepted = {"link": link, "password": PASSWORD}
    assert browser.post("/invitations/acceptance", accepted).ok().body["login"] == body["email"]
    assert browser.post("/invitations/acceptance", accepted).status == 422
    browser.post("/session", {"login": body["email"], "password": PASSWORD}).ok()
    known = signing.browser().post("/password-resets", {"login": body["email"]})
    nobody = signing.browser().post("/password-resets", {"login": "nobody@example.org"})
    assert (known.status, known.body) == (nobody.status, nobody.body) == (202, known.body)
    link = mailed()
    completed = {"link": link, "password": OTHER}
    signing.browser().post("/password-resets/completion", completed).ok()
    assert browser.get("/me").status == 401
    with house.database.reading() as session:
        told = " ".join(
            str(row) for row in session.execute(sa.text("SELECT * FROM ledger_entries"))
        )
    assert "password_set" in told
    assert "signed_in" in told
    for secret in (link, OTHER, PASSWORD, browser.session):
        assert secret not in told


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "qwertyuiopasdfgh",
        "123456789012345",
        "P@ssw0rdP@ssw0rd1",
        "ada.entente2026",
    ],
)
def test_a_guessable_password_is_refused(password: str) -> None:
    assert guessable(password, ("Ada Lovelace", "ada@example.org"))


def test_long_and_odd_is_enough() -> None:
    assert check_password("  \uff37IDE letters 7 tables  ", ()) == "  WIDE letters 7 tables  "
    with pytest.raises(Invalid):
        check_password("short but odd!", ())


@pytest.mark.parametrize(
    ("trusted", "passed", "seen"),
    [
        ((), "198.51.100.7", "10.1.1.1"),
        (("10.0.0.0/8",), "198.51.100.7", "198.51.100.7"),
        (("10.0.0.0/8",), "203.0.113.9, 198.51.100.7, 10.2.2.2", "198.51.100.7"),
        (("192.0.2.0/24",), "198.51.100.7", "10.1.1.1"),
    ],
)
def test_only_our_proxies_are_believed_about_an_address(
    trusted: tuple[str, ...], passed: str, seen: str
) -> None:
    headers = [(b"x-forwarded-for", passed.encode())]
    http = HTTPConnection({"type": "http", "client": ("10.1.1.1", 5000), "headers": headers})
    assert visitor_of(http, Settings(trusted_proxies=trusted)).address == seen


def test_persons_who_may_be_one_are_shown_to_those_who_look_after_it(signing: Signing) -> None:
    first, second = signing.member("ada+work"), signing.member("ada")
    stranger = signing.member("ben")
    found = signing.administrator().get("/people/suspected-duplicates").ok().body["items"]
    pair = {"first": first.person_id, "second": second.person_id, "signs": ["same_address"]}
    assert pair in found
    assert stranger.person_id not in {who for row in found for who in (row["first"], row["second"])}
    desk = signing.clients.as_("desk_officer")
    assert desk.get("/people/suspected-duplicates").status == 403
