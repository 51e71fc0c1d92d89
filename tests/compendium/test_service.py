"""The compendium in the database: loaded once, read as of a day, focal points one at a time."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium import service as compendium
from app.compendium.schemas import MandateSearch
from app.compendium.tables import CompendiumVersion, Mandate
from app.directory import service as directory
from app.directory.actor import Actor, Grant
from app.directory.schemas import GrantBody, PersonBody
from app.kit import clock
from app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from app.wiring.house import House

WORKFLOW = "needs_assessment"
DAY = date(2026, 1, 1)


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
        (agreed,) = compendium.arrangements(session)
        assert agreed.split == {"unodc": "criminal_justice", "itu": "cybersecurity"}
        (version,) = compendium.versions(session)
        listed = (pack.entities, pack.mandates, pack.leads, pack.arrangements)
        assert (version.number, version.entries) == (1, sum(map(len, listed)))


def test_a_loading_brings_what_is_missing_and_leaves_what_stands(house: House) -> None:
    pack = house.shelf.latest(WORKFLOW).mandates
    with house.database.writing() as session:
        session.execute(sa.delete(Mandate).where(Mandate.code == "itu.users"))
        session.execute(
            sa.update(Mandate).where(Mandate.code == "itu.policy").values(text="As contested.")
        )
        assert compendium.load(session, pack, clock.now()) == 1
        texts = {row.code: row.text for row in session.scalars(sa.select(Mandate))}
        assert texts["itu.policy"] == "As contested."
        assert "itu.users" in texts
        assert session.scalar(sa.select(sa.func.max(CompendiumVersion.number))) == 2


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
        old = session.scalars(sa.select(Mandate).where(Mandate.code == "itu.users")).one()
        fields = {c.key: getattr(old, c.key) for c in Mandate.__table__.c if c.key != "id"}
        fields |= {"version": 2, "valid_to": date(2020, 1, 1), "recorded_at": clock.now()}
        before = old.recorded_at
        session.add(Mandate(**fields))
        session.flush()
        assert "itu.users" not in codes(session)
        assert "itu.users" in codes(session, as_of=date(2019, 1, 1))
        assert "itu.users" in codes(session, known_at=before)


def test_an_entity_has_one_focal_point_at_a_time(house: House) -> None:
    with house.database.writing() as session:
        first, second = person(session, "itu"), person(session, "itu")
        compendium.name_focal_point(session, None, "itu", first, DAY)
        assert compendium.reachable(session, DAY) == {"itu"}
        assert compendium.reachable(session, DAY - timedelta(days=1)) == frozenset()
        later = DAY + timedelta(days=10)
        compendium.name_focal_point(session, None, "itu", second, later)
        assert [p.person_id for p in compendium.focal_points(session, later)] == [second]
        on_the_day_before = compendium.focal_points(session, later - timedelta(days=1))
        assert [p.person_id for p in on_the_day_before] == [first]
        with pytest.raises(Conflict):
            compendium.name_focal_point(session, None, "itu", first, later)


def test_an_ended_focal_point_leaves_the_entity_unreachable(house: House) -> None:
    with house.database.writing() as session:
        named = compendium.name_focal_point(session, None, "itu", person(session, "itu"), DAY)
        with pytest.raises(Invalid):
            compendium.end_focal_point(session, None, named.id, DAY)
        compendium.end_focal_point(session, None, named.id, DAY + timedelta(days=1))
        assert compendium.reachable(session, DAY) == {"itu"}
        assert compendium.reachable(session, DAY + timedelta(days=1)) == frozenset()
        with pytest.raises(Conflict):
            compendium.end_focal_point(session, None, named.id, DAY + timedelta(days=2))


def test_a_suspended_person_answers_for_nobody(house: House) -> None:
    with house.database.writing() as session:
        ada = person(session, "itu")
        compendium.name_focal_point(session, None, "itu", ada, DAY)
        directory.suspend(session, None, ada)
        assert compendium.reachable(session, DAY) == frozenset()


def test_only_who_can_answer_for_an_entity_is_named_and_only_by_its_keepers(house: House) -> None:
    with house.database.writing() as session:
        ada = person(session, "itu")
        with pytest.raises(Invalid):
            compendium.name_focal_point(session, None, "unodc", ada, DAY)
        with pytest.raises(NotFound):
            compendium.name_focal_point(session, None, "nobody", ada, DAY)
        outsider = Actor(ada, "Ada", (Grant("focal_point", entity="itu"),))
        with pytest.raises(Forbidden):
            compendium.name_focal_point(session, outsider, "itu", ada, DAY)
        desk = Actor(None, "Desk", (Grant("desk_officer"),))
        assert compendium.name_focal_point(session, desk, "itu", ada, DAY).entity == "itu"
