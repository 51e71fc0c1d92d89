"""How figures are made of counts, and what of them is published: pure."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.reports.rules import at_share, mean, published

DAYS = st.lists(st.integers(0, 1000), min_size=1, max_size=40)


def test_the_median_and_the_p90_are_values_that_so_many_do_not_pass() -> None:
    spans = [timedelta(days=n) for n in range(1, 11)]
    assert (at_share(spans, 0.5), at_share(spans, 0.9), at_share(spans, 1)) == (5, 9, 10)
    assert at_share([timedelta(hours=36)], 0.5) == 1.5
    assert mean([1, 2, 2]) == 1.67


@given(DAYS, st.sampled_from([0.5, 0.9]))
def test_a_share_is_reached_and_by_no_lesser_value(days: list[int], share: float) -> None:
    days.sort()
    found = at_share([timedelta(days=n) for n in days], share)
    assert sum(n <= found for n in days) >= share * len(days)
    assert sum(n < found for n in days) < share * len(days)


def test_a_published_count_never_tells_one_two_or_three() -> None:
    told = {n: published(n) for n in range(60)}
    assert {told[n] for n in range(5)} == {None}
    assert [told[n] for n in (5, 9, 10, 14, 59)] == [5, 5, 10, 10, 55]
