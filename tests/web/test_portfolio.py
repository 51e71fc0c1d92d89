"""The portfolio by pages: asked for, waited for, and read with what has no place."""

from dataclasses import asdict

from app.matching import service as matching
from app.matching.portfolio import Plan
from app.matching.portfolio.outcome import GivenOut, PlaceOut, RequestOut
from app.matching.portfolio.planning import RULE
from tests.web.conftest import Hall
from tests.web.readers import Reader, words_of

FULL = (("itu", "2027-Q1"), ("itu", "2027-Q2"), ("unodc", "2027-Q2"))
PLAN = Plan(
    method="own",
    rule=RULE,
    cite=("C10",),
    requests=(
        RequestOut(
            *("TA-2026-00007", True, "2027-Q2", "2027-Q1", 1),
            (
                GivenOut(1, "itu", 0, "2027-Q2", "2027-Q1", "waits", FULL[:1]),
                GivenOut(2, "", 0, "", "2027-Q1", "no_place", FULL),
            ),
        ),
    ),
    places=(PlaceOut("itu", "2027-Q2", 1, 1, 0.0, 4.5, binding=True),),
    proofs=(),
    gap=0.0,
)


def test_a_plan_is_asked_for_waited_for_and_says_who_has_no_place(desk: Reader, hall: Hall) -> None:
    for typed, why in (("0", "or more."), ("many", "Give a whole number.")):
        wrong = desk.send("/portfolio/new", {"quarters": typed})
        assert (wrong.status_code, why in wrong.text) == (422, True)
        assert f'value="{typed}"' in wrong.text, "what was typed stays"
    asked = desk.send("/portfolio/new", {"quarters": "4", "lasts": "2"})
    place = asked.headers["location"]
    waiting = desk.page(place)
    assert "The plan is being made" in waiting
    assert "<progress" in waiting
    assert f'href="{place}"' in waiting, "without scripts one looks again by a link"
    assert desk.send("/portfolio/new", {"quarters": "4"}).status_code == 409, "one at a time"
    rests_on = {"compendium": 1, "as_of": "2026-11-22"}
    with hall.clients.house.database.writing() as session:
        matching.keep_plan(session, int(place.rpartition("/")[2]), rests_on, asdict(PLAN))
    page = words_of(desk.page(place)).replace("\u2068", "").replace("\u2069", "")
    assert "need 1 : ITU , 2027-Q2 Waits; ITU is full in 2027-Q1" in page
    assert "need 2 : nobody has a place in these quarters" in page
    assert "ITU is full in 2027-Q1 and 2027-Q2 ; UNODC is full in 2027-Q2" in page
    assert "1 of 1" in page


def test_a_plan_that_failed_says_how_to_go_on(desk: Reader, hall: Hall) -> None:
    place = desk.send("/portfolio/new", {"quarters": "2"}).headers["location"]
    with hall.clients.house.database.writing() as session:
        matching.keep_plan(session, int(place.rpartition("/")[2]), {}, None)
    assert "Ask for another one." in words_of(desk.page(place))
    assert hall.reader("focal_point", entity="itu").get(place).status_code == 403
