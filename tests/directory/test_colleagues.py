"""Whom one may know: colleagues by words of their names, strangers by their whole address."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from app.directory import service as directory
from app.directory.actor import Actor, Grant
from app.directory.colleagues import MOST, colleague, colleagues
from app.directory.schemas import GrantBody, PersonBody, Role
from app.wiring.house import House

KENYA = Actor(None, "asks", (Grant("resident_coordinator", "KEN"),))


def enrolled(session: Session, name: str, email: str, role: Role, place: str | None = None) -> int:
    entity = place.lower() if place and role == "focal_point" else None
    grant = GrantBody(role=role, country=None if entity else place, entity=entity)
    body = PersonBody(name=name, email=email, grants=(grant,))
    return directory.enrol(session, None, body).id


@pytest.fixture
def session(house: House) -> Iterator[Session]:
    with house.database.writing() as opened:
        yield opened


@pytest.fixture
def people(session: Session) -> dict[str, int]:
    """People of two countries, of an entity, of the desk, and the administration."""
    return {
        "ken": enrolled(session, "Amina Otieno", "amina@ken.example", "government", "KEN"),
        "uga": enrolled(session, "Amina Okello", "okello@uga.example", "government", "UGA"),
        "itu": enrolled(session, "Élodie Martin", "em@itu.example", "focal_point", "ITU"),
        "desk": enrolled(session, "Amina Chen", "desk@un.example", "desk_officer"),
        "keys": enrolled(session, "Amina Keys", "keys@un.example", "administrator"),
    }


def found(session: Session, actor: Actor, like: str) -> set[int]:
    return {one.id for one in colleagues(session, actor, like)}


def test_one_knows_those_of_the_own_country_and_of_the_desk(
    session: Session, people: dict[str, int]
) -> None:
    assert found(session, KENYA, "amina") == {people["ken"], people["desk"]}
    assert found(session, KENYA, "otieno AMI") == {people["ken"]}, "all the words, in any order"
    assert found(session, KENYA, "okello") == set()
    assert found(session, KENYA, "@") == {people["ken"], people["desk"]}
    assert colleague(session, KENYA, people["uga"]) == []


def test_a_stranger_is_found_by_the_whole_address_alone(
    session: Session, people: dict[str, int]
) -> None:
    assert found(session, KENYA, "okello@uga.exampl") == set()
    assert found(session, KENYA, "Okello@UGA.example") == {people["uga"]}


def test_an_entity_knows_its_own_and_the_desk_whoever_holds_a_role(
    session: Session, people: dict[str, int]
) -> None:
    itu = Actor(None, "asks", (Grant("focal_point", None, "itu"),))
    desk = Actor(None, "asks", (Grant("desk_officer"),))
    assert found(session, itu, "élodie") == {people["itu"]}
    assert found(session, itu, "ÉLODIE martin") == {people["itu"]}
    assert found(session, itu, "amina") == {people["desk"]}
    assert len(found(session, desk, "amina")) == 4


def test_a_program_knows_nobody_by_its_grant_and_nobody_finds_a_program(session: Session) -> None:
    program = Actor(None, "asks", (Grant("client", "KEN"),))
    enrolled(session, "Amina Otieno", "amina@ken.example", "government", "KEN")
    assert found(session, program, "amina") == set()
    body = PersonBody(name="Amina bot", program=True, grants=(GrantBody(role="desk_officer"),))
    directory.enrol(session, None, body)
    assert found(session, KENYA, "bot") == set()


def test_nobody_suspended_nor_oneself_is_found_and_never_more_than_ten(session: Session) -> None:
    numbers = [
        enrolled(session, f"Amina {nth}", f"a{nth}@ken.example", "government", "KEN")
        for nth in range(12)
    ]
    directory.suspend(session, None, numbers[0])
    own = Actor(numbers[1], "asks", KENYA.grants)
    seen = found(session, own, "amina")
    assert len(seen) == MOST
    assert seen.isdisjoint(numbers[:2])


def test_signs_of_patterns_stand_for_themselves(session: Session) -> None:
    enrolled(session, "Amina Otieno", "amina@ken.example", "government", "KEN")
    for sign in ("%", "_", "%%", "\\", "a\x00", "\ud800"):
        assert found(session, KENYA, sign) == set(), ascii(sign)
