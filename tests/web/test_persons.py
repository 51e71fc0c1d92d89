"""People in forms: looked for by name, chosen, never typed as numbers, and no directory leaks."""

from datetime import timedelta

from app.directory import service as directory
from app.directory.schemas import GrantBody, PersonBody
from app.kit import clock
from tests.web.conftest import Hall
from tests.web.readers import hidden, words_of

PLACE = "/account/delegations/new"


def enrolled(hall: Hall, name: str, country: str) -> int:
    with hall.clients.house.database.writing() as session:
        grants = (GrantBody(role="government", country=country),)
        email = f"{name.split(maxsplit=1)[0].lower()}@{country.lower()}.example"
        body = PersonBody(name=name, email=email, grants=grants)
        return directory.enrol(session, None, body).id


def typed(person: str = "", **more: str) -> dict[str, str]:
    until = (clock.now() + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")
    lent = {"role": "resident_coordinator", "country": "KEN", "valid_to": until}
    return lent | {"person_id.like": person} | more


def chosen(page: str) -> list[str]:
    """Return whom one may choose, by the values of the choices."""
    return [one.partition('"')[0] for one in page.split('name="person_id" value="')[1:]]


def test_a_person_is_looked_for_chosen_and_named_without_a_number(hall: Hall) -> None:
    lender = hall.reader("resident_coordinator", "KEN")
    otieno, okello = (
        enrolled(hall, "Wanjiru Otieno", "KEN"),
        enrolled(hall, "Wanjiru Okello", "UGA"),
    )
    asked = lender.send(PLACE, typed("wanji", asks="person_id"))
    assert asked.status_code == 200, words_of(asked.text)
    assert chosen(asked.text) == [str(otieno)]
    assert "Wanjiru Otieno Government (Kenya)" in words_of(asked.text)
    assert "Okello" not in asked.text, "one of another country is not told"
    assert 'value="KEN" selected' in asked.text, "what was typed besides stays"
    form = typed("wanji", person_id=str(otieno))
    lent = lender.post(PLACE, hidden(asked.text) | form)
    assert lent.status_code == 303, words_of(lent.text)
    assert "Wanjiru Otieno" in lender.page("/account/delegations")
    named = lender.get(f"{PLACE}?person_id={okello}")
    assert chosen(named.text) == [], "no number in an address tells a name"


def test_words_without_a_choice_come_back_with_whom_they_fit(hall: Hall) -> None:
    lender = hall.reader("resident_coordinator", "KEN")
    number = enrolled(hall, "Njeri Mwangi", "KEN")
    first = lender.send(PLACE, typed("njeri"))
    assert first.status_code == 422
    assert "Choose who is meant." in words_of(first.text)
    assert chosen(first.text) == [str(number)]
    other = hidden(first.text) | typed("somebody else", person_id=str(number))
    changed = lender.post(PLACE, other)
    assert changed.status_code == 422, "other words than those that were chosen by are looked for"
    assert "Nobody whom you work with is called that." in words_of(changed.text)


def test_administrators_find_people_by_name_in_their_list(hall: Hall) -> None:
    keeper = hall.reader("administrator")
    enrolled(hall, "Achieng Adongo", "UGA")
    page = words_of(keeper.page("/administration/people?like=adongo"))
    assert "Achieng Adongo" in page
    assert "Person 1" not in page
    assert "Nobody is called that." in words_of(keeper.page("/administration/people?like=%25"))


def test_the_interface_finds_the_same_people(hall: Hall) -> None:
    number = enrolled(hall, "Baraka Kiptoo", "KEN")
    program = hall.clients.as_("client", "KEN")
    coordinator = hall.clients.as_("resident_coordinator", "KEN")
    found = coordinator.get("/colleagues?like=baraka").ok().body["items"]
    assert [one["id"] for one in found] == [number]
    assert set(found[0]) == {"id", "name", "suspended", "grants"}, "no address"
    assert program.get("/colleagues?like=baraka").status == 403


def test_a_focal_point_is_proposed_by_name(hall: Hall) -> None:
    desk = hall.reader("desk_officer")
    number = enrolled(hall, "Imani Were", "UGA")
    place = "/compendium/propose/focal_point/new"
    asked = desk.send(place, {"person_id.like": "imani were", "asks": "person_id"})
    assert asked.status_code == 200, words_of(asked.text)
    assert chosen(asked.text) == [str(number)], "who works with every country finds all its people"
