"""From when to when somebody answers: at every moment, the one whom the newest version names."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.compendium.terms import Saying, answers, terms

START = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOST = 12

hours = st.integers(-3, MOST - 2)
sayings = st.builds(
    lambda effective, person, begins, lasts: Saying(
        START + effective * HOUR,
        person,
        START + begins * HOUR,
        None if lasts is None else START + (begins + lasts) * HOUR,
    ),
    hours,
    st.none() | st.integers(1, 3),
    hours,
    st.none() | st.integers(1, MOST),
)
parts = st.lists(st.lists(sayings, max_size=5), min_size=1, max_size=2)


@given(said=parts)
def test_at_every_moment_those_act_whom_the_newest_versions_name(said: list[list[Saying]]) -> None:
    found = terms(said, START)
    for half in range(2 * MOST + 8):
        at = START + half * HOUR / 2
        wanted = {answers(each, at) for each in said} - {None}
        acting = {
            person
            for person, each in found.items()
            if any(begins <= at and (ends is None or at < ends) for begins, ends in each)
        }
        assert acting == wanted, at
    for each in found.values():
        ends = [end for _, end in each]
        assert None not in ends[:-1]
        assert all(end < begin for end, (begin, _) in zip(ends, each[1:], strict=False) if end)
