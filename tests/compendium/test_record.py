"""What was known on one day about another never changes, whatever is recorded afterwards."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.compendium import entries
from app.compendium import service as compendium
from app.compendium.schemas import MandateSearch
from app.compendium.service import Change, Stamp
from app.kit import clock
from app.kit.db import Session
from app.wiring.house import House

CODES = ("itu.first", "itu.second", "unodc.third")
HOUR = timedelta(hours=1)
TOPICS = ("A1", "B1", "C1", "D1")

Step = tuple[int, int, int, int | None, bool]
"""Which entry, hours until it is recorded, hours from then until it speaks, its topic or none (it is
withdrawn), and whether it ends a day later."""

steps = st.lists(
    st.tuples(
        st.integers(0, len(CODES) - 1),
        st.integers(0, 30),
        st.integers(0, 60),
        st.none() | st.integers(0, len(TOPICS) - 1),
        st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


class Model:
    """The same, said naively: a list that is only added to, and searched from its end."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self.known: list[tuple[str, float, float, str | None, date | None]] = []

    def read(self, hour: float, knowing: float, day: date) -> dict[str, str]:
        """Return the topic of every entry that holds at an hour, as known at an hour."""
        found = {}
        for code in CODES:
            said = [
                one for one in self.known if one[0] == code and one[1] <= knowing and one[2] <= hour
            ]
            if said and said[-1][3] and (said[-1][4] is None or said[-1][4] > day):
                found[code] = said[-1][3]
        return found


class Story:
    """A record that grows step by step, read after each step and compared with what was read."""

    def __init__(self, session: Session) -> None:
        """Begin where the record stands now."""
        self.session, self.model = session, Model()
        self.start, self.hour = clock.now() + HOUR, 0.0
        self.answers: dict[tuple[float, float], dict[str, str]] = {}

    def step(self, step: Step) -> None:
        """Record one change, after it what is known at its hour about hours around it."""
        which, wait, ahead, topic, ends = step
        code = CODES[which]
        self.hour += wait + 1
        at = self.start + self.hour * HOUR
        effective = at + ahead * HOUR
        until = effective.date() + timedelta(days=1) if ends else None
        told = {
            "code": code,
            "entity": code.split(".")[0],
            "role": "provider",
            "text": "Helps.",
            "topics": [TOPICS[topic or 0]],
            "cite": ["F15"],
            "provenance": "claimed",
            "basis": "It says so.",
            "valid_from": "2020-01-01",
            "valid_to": until,
            "review_by": "2040-01-01",
        }
        change = Change("mandate", entries.read("mandate", told), withdrawn=topic is None)
        compendium.record(self.session, [change], Stamp(at, effective, "a test"))
        said = None if topic is None else TOPICS[topic]
        self.model.known.append((code, self.hour, self.hour + ahead, said, until))
        for about in (0.0, self.hour, self.hour + 7, self.hour + 33, self.hour + 90):
            self.answers[(about, self.hour)] = self.read(about, self.hour)

    def read(self, about: float, knowing: float) -> dict[str, str]:
        """Return what is known at one hour about another."""
        at = self.start + about * HOUR
        asked = MandateSearch(at, self.start + knowing * HOUR)
        found = {
            one.code: one.topics[0]
            for one in compendium.mandates(self.session, asked)
            if one.code in CODES
        }
        assert found == self.model.read(about, knowing, at.date())
        return found


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(told=steps)
def test_what_was_known_on_a_day_about_a_day_never_changes(house: House, told: list[Step]) -> None:
    with house.database.writing() as session:
        inner = session.begin_nested()
        story = Story(session)
        for step in told:
            story.step(step)
        for (about, knowing), answer in story.answers.items():
            assert story.read(about, knowing) == answer, "the past was told otherwise"
        inner.rollback()


def test_a_change_that_would_speak_of_the_past_speaks_from_its_recording(house: House) -> None:
    with house.database.writing() as session:
        now = clock.now()
        founded = compendium.version(session, 1)
        said = compendium.history(session, "itu.users")[-1]
        told = {**said.told(), "topics": ["A1"]}
        change = Change("mandate", entries.read("mandate", told))
        made = compendium.record(session, [change], Stamp(now, now - 90 * HOUR, "a test"))
        assert made.effective_at == made.recorded_at > founded.recorded_at
        before = MandateSearch(made.recorded_at - HOUR, made.recorded_at)
        after = MandateSearch(made.recorded_at, made.recorded_at)
        topics = [
            next(one.topics for one in compendium.mandates(session, asked) if one.code == said.code)
            for asked in (before, after)
        ]
        assert topics == [said.content["topics"], ["A1"]]


def test_a_day_is_read_at_its_end_and_a_moment_at_itself() -> None:
    end = entries.moment_of(date(2026, 1, 31))
    assert end.isoformat() == "2026-01-31T23:59:59.999999+00:00"
    assert entries.moment_of(end - HOUR) == end - HOUR
