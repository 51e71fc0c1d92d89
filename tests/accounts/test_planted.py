"""Each guard of coming in is taken away once, and the very test of it fails: it can see the bug."""

import pytest

from app.accounts import factors, limits, sessions
from app.wiring import crossing
from tests.accounts import test_entering, test_own, test_sessions
from tests.accounts.conftest import Signing


def failing() -> "pytest.RaisesExc[AssertionError]":
    return pytest.raises(AssertionError)


def test_changes_from_another_site_would_be_seen(
    signing: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crossing, "foreign", lambda *_: None)
    evil = {"content-type": "application/json", "sec-fetch-site": "cross-site"}
    with failing():
        test_entering.test_no_route_takes_a_sessions_change_from_another_site(
            signing, evil, "csrf.cross_site"
        )


def test_tries_without_limits_would_be_seen(
    signing: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "take", lambda *_: None)
    with failing():
        test_entering.test_second_factors_are_guessed_five_times(signing)
    with failing():
        test_entering.test_of_ten_thousand_guesses_in_an_hour_twenty_are_tried_at_most(signing)


def test_guesses_at_the_present_password_without_limits_would_be_seen(
    signing: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "take", lambda *_: None)
    with failing():
        test_own.test_the_present_password_is_not_guessed_from_a_stolen_session(signing)


def test_codes_taken_twice_would_be_seen(signing: Signing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(factors, "_advance", lambda *_: True)
    with failing():
        test_entering.test_a_code_is_taken_once_and_within_one_period_of_drift(signing)


def test_a_kept_identifier_would_be_seen(signing: Signing, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = sessions.new_secret(sessions.PREFIX)
    monkeypatch.setattr(sessions, "new_secret", lambda _prefix: kept)
    with failing():
        test_sessions.test_the_identifier_changes_at_sign_in_second_factor_and_step_up(signing)
