"""The compendium in the database: loaded once, read as of a day, focal points one at a time."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.compendium import entries
from app.compendium import service as compendium
from app.compendium.schemas import MandateSearch
from app.compendium.service import Change, Stamp
from app.directory import service as directory
from app.directory.schemas import GrantBody, PersonBody
from app.kit import clock
from app.wiring.house import House
from tests.factories import naming

WORKFLOW = "needs_assessment"
DAY = date(2026, 1, 1)
SOON = timedelta(days=10)
QUARTERS = (date(2027, 6, 30), date(2027, 7, 1), date(2027, 10, 1))


def person(session: Session, entity: str) -> int:
    """Enrol a focal point of an entity and return their number."""
    body = PersonBody(name="Ada", grants=(GrantBody(role="focal_point", entity=entity),))
    return directory.enrol(session, None, body).id


def codes(session: Session, **asked: object) -> list[str]:
    """The codes of the mandates that a search finds."""
    search = {"as_of": clock.today(), "known_at": clock.now(), **asked}
    return [row.code for row in compendium.mandates(session, MandateSearch(**search))]  # type: ignore[arg-type]  # named in the test


def test_every_entry_of_the_pack_is_in_the_database_and_a_second_loading_adds_nothing(
    house: House,
) -> None:
    pack = house.shelf.latest(WORKFLOW).mandates
    with house.database.writing() as session:
        assert compendium.load(session, pack, clock.now()) == 0
        assert codes(session) == sorted(one.code for one in pack.mandates)
        assert {e.code for e in compendium.entities(session, DAY)} == set(pack.entity_by_code)
        (agreed,) = compendium.arrangements(session, DAY)
        assert agreed.split == {"unodc": "criminal_justice", "itu": "cybersecurity"}
        (version,) = compendium.versions(session)
        listed = (pack.entities, pack.mandates, pack.leads, pack.arrangements)
        assert (version.number, version.entries) == (1, sum(map(len, listed)))


def changed(session: Session, code: str, **more: object) -> Change:
    """The newest version of a mandate with some fields said otherwise."""
    said = compendium.history(session, code, "mandate")[-1]
    told = {**said.told(), **more}
    return Change("mandate", entries.read("mandate", told))


def test_a_loading_brings_what_is_missing_and_leaves_what_stands(house: House) -> None:
    pack = house.shelf.latest(WORKFLOW).mandates
    old = next(one for one in pack.mandates if one.code == "itu.policy")
    new = old.model_copy(update={"code": "itu.newer"})
    later = pack.model_copy(
        update={"mandates": (new, old.model_copy(update={"text": "Otherwise."}))}
    )
    with house.database.writing() as session:
        at = clock.now()
        assert compendium.load(session, later, at) == 1
        assert compendium.history(session, "itu.policy")[-1].content["text"] == old.text
        assert [one.number for one in compendium.versions(session)] == [1, 2]
        assert "itu.newer" in codes(session)
        assert "itu.newer" not in codes(session, as_of=at - timedelta(days=1)), "not retroactive"


def test_mandates_are_read_as_of_a_day_and_as_known_at_a_moment(house: House) -> None:
    with house.database.writing() as session:
        assert "unctad.ecommerce_law" in codes(session, as_of=date(2005, 1, 1))
        assert "unodc.forensics" not in codes(session, as_of=date(2005, 1, 1))
        assert codes(session, known_at=clock.now() - timedelta(days=1)) == []
        assert codes(session, entity="unctad") == [
            "unctad.computer_crime_law",
            "unctad.ecommerce_law",
        ]
        assert "unodc.forensics" in codes(session, topic="C1a")


def test_a_newer_version_stands_in_for_the_one_before_even_when_it_ends_it(house: House) -> None:
    with house.database.writing() as session:
        before = clock.now()
        ended = changed(session, "itu.users", valid_to=date(2030, 1, 1))
        stamp = Stamp(before, before + timedelta(days=30), "a test")
        assert compendium.record(session, [ended], stamp).number == 2
        assert "itu.users" in codes(session)
        assert "itu.users" in codes(session, as_of=date(2029, 1, 1))
        assert "itu.users" not in codes(session, as_of=date(2031, 1, 1))
        known = before - timedelta(microseconds=1)
        assert "itu.users" in codes(session, as_of=date(2031, 1, 1), known_at=known)


def test_what_is_withdrawn_stands_until_its_moment_and_comes_back_only_as_a_new_version(
    house: House,
) -> None:
    with house.database.writing() as session:
        now = clock.now()
        gone = Change("mandate", changed(session, "itu.users").entry, withdrawn=True)
        compendium.record(session, [gone], Stamp(now, now + timedelta(days=2), "a test"))
        assert "itu.users" in codes(session)
        assert "itu.users" not in codes(session, as_of=now + timedelta(days=2))
        back = changed(session, "itu.users")
        compendium.record(session, [back], Stamp(now, now + timedelta(days=4), "a test"))
        assert "itu.users" not in codes(session, as_of=now + timedelta(days=3))
        assert "itu.users" in codes(session, as_of=now + timedelta(days=4))
        told = compendium.history(session, "itu.users")
        assert [(one.version, one.withdrawn) for one in told] == [(1, False), (2, True), (3, False)]


def test_an_entry_is_never_changed_nor_taken_out_nor_dated_back(house: House) -> None:
    for statement in (
        "UPDATE compendium_entries SET basis = 'another'",
        "DELETE FROM compendium_entries",
        (
            "INSERT INTO compendium_entries SELECT 99999, kind, code, 2, number, entity, content,"
            " withdrawn, source, provenance, basis, valid_from, valid_to, review_by, effective_at,"
            " recorded_at FROM compendium_entries WHERE code = 'itu.users'"
        ),
    ):
        with pytest.raises(DBAPIError), house.database.writing() as session:
            session.execute(sa.text(statement))


def test_a_quarter_of_its_own_comes_before_the_general_limit(house: House) -> None:
    limits = (("itu", "", 9), ("itu:2027-Q3", "2027-Q3", 2))
    with house.database.writing() as session:
        now = clock.now()
        stated = [
            Change(
                "capacity",
                entries.read(
                    "capacity",
                    {
                        "code": code,
                        "entity": "itu",
                        "period": period,
                        "requests": most,
                        "review_by": "2028-01-01",
                    },
                ),
            )
            for code, period, most in limits
        ]
        compendium.record(session, stated, Stamp(now, now, "a test"))
        at = {day: compendium.picture(session, day, clock.now()) for day in QUARTERS}
    assert [at[day].capacity for day in QUARTERS] == [{"itu": 9}, {"itu": 2}, {"itu": 9}]
    assert at[QUARTERS[0]].version == 2


def test_an_entity_has_one_focal_point_at_a_time(house: House) -> None:
    with house.database.writing() as session:
        first, second = person(session, "itu"), person(session, "itu")
        before = clock.now()
        naming.name(session, naming.change("itu", first))
        assert compendium.reachable(session, clock.now()) == {"itu"}
        assert compendium.reachable(session, before) == frozenset(), "never retroactive"
        naming.name(session, naming.change("itu", second), ahead=SOON)
        assert [p.person_id for p in compendium.focal_points(session, clock.now())] == [first]
        later = compendium.focal_points(session, clock.now() + SOON)
        assert [p.person_id for p in later] == [second]


def test_an_ended_focal_point_leaves_the_entity_unreachable(house: House) -> None:
    with house.database.writing() as session:
        until = clock.today() + SOON
        naming.name(session, naming.change("itu", person(session, "itu"), until=until))
        assert compendium.reachable(session, until - timedelta(days=1)) == {"itu"}
        assert compendium.reachable(session, until) == frozenset()


def test_a_suspended_person_answers_for_nobody(house: House) -> None:
    with house.database.writing() as session:
        ada = person(session, "itu")
        naming.name(session, naming.change("itu", ada))
        directory.suspend(session, None, ada)
        assert compendium.reachable(session, clock.now()) == frozenset()


def test_an_alternate_is_reached_where_the_primary_one_is_not(house: House) -> None:
    with house.database.writing() as session:
        ada, bob = person(session, "itu"), person(session, "itu")
        naming.name(session, naming.change("itu", ada))
        naming.name(session, naming.change("itu", bob, naming.ALTERNATE))
        now = clock.now()
        assert compendium.reached(session, now) == {"itu": "primary"}
        directory.suspend(session, None, ada)
        assert compendium.reached(session, now) == {"itu": "alternate"}
        shown = compendium.entity(session, "itu", now)
        assert (shown.reachable, shown.reached_by) == (True, "alternate")
        told = {gap.entity: (gap.reason, gap.alternate) for gap in compendium.gaps(session, now)}
        assert told["itu"] == ("suspended", True)
        assert told["unodc"] == ("none", False)


def test_who_answered_is_told_as_it_was_known(house: House) -> None:
    with house.database.writing() as session:
        ada = person(session, "itu")
        naming.name(session, naming.change("itu", ada))
        known = clock.now()
        later = clock.today() + SOON
        naming.name(session, naming.change("itu", ada, until=clock.today() + timedelta(days=1)))
        assert compendium.focal_points(session, later) == []
        (told,) = compendium.focal_points(session, later, known)
        assert (told.person_id, told.valid_to) == (ada, None)
        assert compendium.focal_points(session, later, known - SOON) == []
