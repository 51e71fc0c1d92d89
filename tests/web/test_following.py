"""Before a step of the way is taken its page says what it does, and to whom."""

from app.lifecycle.effects import EFFECTS
from app.web.following import DOES, OFFERING
from tests.web.conftest import Hall
from tests.web.readers import words_of
from tests.web.test_filing import opened


def test_every_effect_of_a_step_is_told_in_words() -> None:
    assert set(DOES) == set(EFFECTS)
    assert set(EFFECTS) >= OFFERING


def test_who_withdraws_reads_that_it_ends_the_request_and_who_is_told(hall: Hall) -> None:
    coordinator = hall.reader("resident_coordinator", "KEN")
    told = words_of(coordinator.page(f"{opened(coordinator)}/moves/withdraw"))
    assert "It goes from “ Draft ” to “ Withdrawn ”." in told
    assert "That ends the request: no step leads on from there." in told
    assert "No entity is waited for any more." in told
    assert "Told of it: Desk officer and Focal point" in told
    assert "Then it is the turn of" not in told
