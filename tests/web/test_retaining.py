"""Holds, erasures and joined records by pages: two persons each, and what binds says so."""

import pytest

from app.directory import service as directory
from app.directory.schemas import GrantBody, PersonBody
from tests.web.conftest import Hall
from tests.web.readers import Reader, words_of
from tests.web.test_administration import filed

WHY = {"reason": "A court has asked for it."}


@pytest.fixture(scope="module")
def keeper(hall: Hall) -> Reader:
    return hall.reader("administrator")


@pytest.fixture(scope="module")
def second(hall: Hall) -> Reader:
    return hall.reader("administrator", nth=2)


def test_a_hold_is_placed_by_one_and_lifted_by_another(
    hall: Hall, keeper: Reader, second: Reader
) -> None:
    reference = filed(hall)
    page = f"/administration/retention/{reference}"
    assert (
        keeper.get(f"/administration/retention?ref={reference.lower()}")
        .headers["location"]
        .endswith(reference)
    )
    assert "Nothing holds this request." in words_of(keeper.page(page))
    assert keeper.send(f"{page}/holds/new", WHY).status_code == 303
    assert "A court has asked for it." in words_of(keeper.page(page))
    assert "Held in confidence" not in keeper.page(page), "administrators see nothing of the case"
    own = keeper.send(f"{page}/holds/1/lift", {"reason": "Mine."})
    assert own.status_code == 403
    assert "Mine." in own.text, "what was typed stays"
    assert second.send(f"{page}/holds/1/lift", {"reason": "It is over."}).status_code == 303
    assert "It is over." in words_of(second.page(page))


def test_an_erasure_takes_two_and_nothing_that_stands_against_it(
    hall: Hall, keeper: Reader, second: Reader
) -> None:
    reference = filed(hall)
    page = f"/administration/retention/{reference}"
    desk = hall.reader("auditor")
    assert desk.get(page).status_code == 403, "what auditors read they need not keep"
    keeper.send(f"{page}/holds/new", WHY)
    told = keeper.page(page)
    assert "What stands against it" in words_of(told)
    assert f"{page}/erasure/new" not in told, "what cannot be done is not offered"
    refused = keeper.send(f"{page}/erasure/new", {"reason": "The country asks."})
    assert refused.status_code == 409
    assert "The country asks." in refused.text
    second.send(f"{page}/holds/1/lift", WHY)
    assert keeper.send(f"{page}/erasure/new", {"reason": "The country asks."}).status_code == 303
    told = keeper.page(page)
    assert "another administrator must confirm it" in words_of(told)
    assert "erasure/confirm" not in told, "not by who asked"
    assert f'href="{page}">Confirm an erasure' in second.page("/"), "home says what waits"
    assert "Confirm an erasure" not in keeper.page("/")
    assert keeper.send(f"{page}/erasure/confirm", {}).status_code == 403
    assert second.send(f"{page}/erasure/confirm", {}).status_code == 303
    assert "Erased" in words_of(second.page(page))
    assert "Confirm an erasure" not in second.page("/")


def test_holds_of_what_one_does_not_see_are_not_there(hall: Hall, keeper: Reader) -> None:
    assert keeper.get("/administration/retention/TA-2026-99999").status_code == 404
    told = words_of(keeper.page("/administration/retention?ref=nothing"))
    assert "Give a reference such as TA-2026-00001." in told
    coordinator = hall.reader("resident_coordinator", "KEN")
    assert coordinator.get("/administration/retention").status_code == 403


def test_two_records_of_one_person_are_joined_by_two_administrators(
    hall: Hall, keeper: Reader, second: Reader
) -> None:
    numbers = []
    with hall.clients.house.database.writing() as session:
        for country in ("KEN", "UGA"):
            grants = (GrantBody(role="assessor", country=country),)
            numbers.append(
                directory.enrol(session, None, PersonBody(name="Zuri Abdi", grants=grants)).id
            )
    kept, other = numbers
    alike = keeper.page("/administration/duplicates")
    form = f"/administration/people/{kept}/join/new"
    assert "Zuri Abdi · Zuri Abdi" in words_of(alike)
    assert f"{form}?person={other}" in alike
    page = keeper.page(f"{form}?person={other}")
    assert f'value="{other}" checked' in page, "the other record is chosen already"
    asked = keeper.send(form, {"person": str(other), "reason": "The same badge."})
    assert asked.status_code == 303, words_of(asked.text)
    place = asked.headers["location"]
    assert "It waits for another administrator." in words_of(keeper.page(place))
    assert f'href="{place}">Confirm that two records' in second.page("/")
    assert "Confirm that two records" not in keeper.page("/")
    assert keeper.send(f"{place}/confirm", {}).status_code == 403
    assert second.send(f"{place}/confirm", {}).status_code == 303
    assert "Both records had acted in 0 requests." in words_of(second.page(place))
    assert "Zuri Abdi · Zuri Abdi" not in words_of(keeper.page("/administration/duplicates"))
