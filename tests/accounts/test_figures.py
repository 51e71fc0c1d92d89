"""Figures of the porch: what time tells of who is known, and how many guesses get through."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.accounts import limits
from app.accounts.hashing import FLOOR_KIB, Hasher
from app.accounts.limits import SECOND_FACTOR, SIGN_IN, SIGN_IN_ALL, Limit
from app.accounts.sessions import Visitor
from app.kit.errors import Invalid, TooMany, Unauthenticated
from app.wiring import entering
from tests.accounts.conftest import CHEAP, Signing

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TRIES = 24
"""Of each kind: with n of each, chance alone moves the order by 1/sqrt(6 n), here 0.083."""
BOUND = 0.33
"""Four such deviations: one run in ten thousand passes it where there is nothing to tell."""


def told_apart(known: Sequence[float], unknown: Sequence[float]) -> float:
    """Return how far time tells known from unknown: 0 nothing, 0.5 everything (Mann-Whitney)."""
    longer = sum(one > other for one in known for other in unknown)
    return abs(longer / (len(known) * len(unknown)) - 0.5)


def work_of(signing: Signing, logins: tuple[str, str]) -> list[list[float]]:
    """Return the CPU seconds of refused sign-ins of each login, tried in turn."""
    found: list[list[float]] = [[], []]
    with time_machine.travel(NOON, tick=False) as clock:
        for number in range(TRIES):
            for login, taken in sorted(zip(logins, found, strict=True), reverse=number % 2 == 0):
                began = time.process_time()
                with pytest.raises(Unauthenticated):
                    entering.sign_in(signing.house, Visitor("192.0.2.1"), login, "wrong password")
                taken.append(time.process_time() - began)
            clock.shift(timedelta(days=1, minutes=5))
    return found


def test_at_full_cost_time_does_not_tell_known_from_unknown(
    signing: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    signing.house.hasher = Hasher()
    signing.house.hasher.check()
    member = signing.member()
    known, unknown = work_of(signing, (member.login, "nobody@example.org"))
    assert told_apart(known, unknown) < BOUND
    assert 0.9 < statistics.median(known) / statistics.median(unknown) < 1.1
    fits = signing.house.hasher.fits

    def hasty(kept: str | None, password: str) -> bool:
        return kept is not None and fits(kept, password)

    monkeypatch.setattr(signing.house.hasher, "fits", hasty)  # the bug planted: nothing to hash
    monkeypatch.setattr("tests.accounts.test_figures.TRIES", 8)
    assert told_apart(*work_of(signing, (member.login, "nobody@example.org"))) > BOUND


def test_no_cheaper_hash_than_the_floor_starts_the_service() -> None:
    with pytest.raises(Invalid):
        Hasher(memory_kib=FLOOR_KIB // 2).check()
    assert Hasher(**CHEAP).hash("any password").startswith("$argon2id$v=19$")


def through(
    signing: Signing, of: Callable[[int], list[tuple[Limit, str]]], moments: Iterator[float]
) -> int:
    """Return how many of the guesses at these moments (in seconds) get through the limits."""
    got = 0
    with signing.house.database.writing() as session:
        for number, at in enumerate(moments):
            now = NOON + timedelta(seconds=at)
            try:
                for limit, subject in of(number):
                    limits.take(session, [limit], subject, now)
            except TooMany:
                continue
            got += 1
    return got


def every(pause: float, until: float) -> Iterator[float]:
    """Yield moments with a pause between."""
    return (pause * number for number in range(round(until / pause)))


def test_of_an_hour_of_guesses_at_one_account_from_one_address_few_are_tried(
    signing: Signing,
) -> None:
    here = [(SIGN_IN, "ada 192.0.2.1"), (SIGN_IN_ALL, "")]
    assert through(signing, lambda _: here, every(1, 3600)) == 13


def test_of_an_hour_of_guesses_from_many_addresses_a_thousand_in_five_minutes_are_tried(
    signing: Signing,
) -> None:
    """From one address at many accounts, or from many at one: each guess has its own bucket."""

    def spread(number: int) -> list[tuple[Limit, str]]:
        return [(SIGN_IN, f"guess {number}"), (SIGN_IN_ALL, "")]

    assert through(signing, spread, every(0.2, 300)) == 1000


def test_of_a_day_of_guesses_at_a_second_factor_fifty_are_tried(signing: Signing) -> None:
    mine = [(limit, "7") for limit in SECOND_FACTOR]
    hour = through(signing, lambda _: mine, every(10, 3600))
    later = (3600 + at for at in every(60, 82_000))
    assert hour == 20
    assert hour + through(signing, lambda _: mine, later) == 50
