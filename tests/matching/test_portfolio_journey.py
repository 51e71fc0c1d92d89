"""A portfolio through the API: asked by the desk, planned in the background, binding nobody."""

from datetime import timedelta
from typing import Any

from app.compendium import entries
from app.jobs.portfolio import plan_portfolios
from app.kit import clock
from app.matching.portfolio.asking import held_in, name_of, quarters_from
from app.matching.service import portfolios_to_plan, solve
from app.matching.service.portfolio import LEASE
from app.matching.service.stored import digest
from app.matching.tables import PortfolioRow
from tests.matching.conftest import Story

KENYA, UGANDA, GHANA = "TA-2026-00001", "TA-2026-00002", "TA-2026-00003"
QUARTERS = quarters_from(clock.today(), 4)
NOW, NEXT, *_ = [name_of(day) for day in QUARTERS]


def limit(story: Story, entity: str, period: str, requests: int) -> None:
    """State how many requests an entity takes in a quarter: proposed by one, approved by another."""
    content = {
        "entity": entity,
        "period": period,
        "requests": requests,
        "review_by": str(clock.today() + timedelta(days=300)),
    }
    change(story, "capacity", f"{entity}:{period}", content)


def change(story: Story, kind: str, code: str, content: dict[str, Any]) -> None:
    """Let an entry say something else: proposed by one, approved by another."""
    told = {"kind": kind, "code": code, "content": content}
    body = {"title": "A change", "reason": "Staff plan.", "changes": [told]}
    made = story.desk.post("/compendium/proposals", body).ok().body
    second = story.clients.as_("desk_officer", nth=2)
    second.post(f"/compendium/proposals/{made['id']}/review", {"approved": True}).ok()


def planned(story: Story, **asked: int) -> dict[str, Any]:
    """Ask for a portfolio, let the worker plan it, and read it."""
    made = story.desk.post("/portfolio", asked).ok()
    assert (made.status, made.body["status"], made.body["plan"]) == (201, "waiting", None)
    assert plan_portfolios(story.clients.office, story.clients.house.shelf, clock.now()) == 1
    found: dict[str, Any] = story.desk.get(f"/portfolio/{made.body['number']}").ok().body
    assert made.headers["location"] == f"/api/v1/portfolio/{found['number']}"
    return found


def begins(found: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Who begins with the first need of each request, and when."""
    told = {one["reference"]: one["needs"][0] for one in found["plan"]["requests"]}
    return {reference: (need["entity"], need["begins"]) for reference, need in told.items()}


def test_scarce_places_go_to_the_least_developed_first_and_more_capacity_changes_that(
    story: Story,
) -> None:
    story.focal_point("unctad")
    for reference, country in ((KENYA, "KEN"), (UGANDA, "UGA"), (GHANA, "GHA")):
        story.stand("A2", countries=(country,), reference=reference)
    limit(story, "unctad", NOW, 1)
    revisions = [story.desk.get(f"/requests/{one}").ok().revision for one in (KENYA, UGANDA)]
    first = planned(story, lasts=1)
    assert begins(first)[UGANDA] == ("unctad", NOW)
    assert begins(first)[KENYA] == begins(first)[GHANA] == ("unctad", NEXT)
    plan = first["plan"]
    assert plan["cite"] == ["C10", "C72", "F22"]
    assert "least developed country" in plan["rule"]
    assert plan["gap"] == first["gap"] == 0
    (scarce,) = plan["places"]
    assert (scarce["entity"], scarce["quarter"], scarce["taken"]) == ("unctad", NOW, 1)
    assert (scarce["binding"], scarce["price_others"]) == (True, 1.0)
    waits = plan["requests"][0]["needs"][0]
    assert (waits["standing"], waits["full"]) == ("waits", [["unctad", NOW]])
    limit(story, "unctad", NOW, 3)
    second = planned(story, lasts=1)
    assert {begin for _, begin in begins(second).values()} == {NOW}
    assert not any(place["binding"] for place in second["plan"]["places"])
    assert second["compendium"] == first["compendium"] + 1
    assert [
        story.desk.get(f"/requests/{one}").ok().revision for one in (KENYA, UGANDA)
    ] == revisions, "it proposes, and changes no request"
    listed = story.auditor.get("/portfolio?limit=1").ok().body
    assert [one["number"] for one in listed["items"]] == [second["number"]]
    rest = story.auditor.get(f"/portfolio?cursor={listed['next']}").ok().body["items"]
    assert [one["number"] for one in rest] == [first["number"]]


def test_nobody_begins_in_a_quarter_in_which_the_mandate_holds_no_more(story: Story) -> None:
    story.focal_point("unctad")
    for reference, country in ((KENYA, "KEN"), (UGANDA, "UGA"), (GHANA, "GHA")):
        story.stand("A2", countries=(country,), reference=reference)
    for quarter in QUARTERS:
        limit(story, "unctad", name_of(quarter), 1)
    ended = str(QUARTERS[2])
    asked = {"quarters": 4, "lasts": 1}
    begun = sorted(begin for _, begin in begins(planned(story, **asked)).values())
    assert begun == [name_of(quarter) for quarter in QUARTERS[:3]]
    change(story, "mandate", "unctad.ecommerce_law", {"valid_to": ended})
    found = planned(story, **asked)
    begun = sorted(begin for _, begin in begins(found).values())
    assert begun == ["", NOW, NEXT], "it ends with the first day of the third quarter"
    (left,) = [one["needs"][0] for one in found["plan"]["requests"] if not one["begins"]]
    assert (left["standing"], left["earliest"]) == ("no_place", NOW)
    assert left["full"] == [["unctad", NOW], ["unctad", NEXT]], "of the quarters that it covers"


def test_who_comes_to_hold_a_mandate_begins_from_its_quarter_on(story: Story) -> None:
    story.focal_point("unctad")
    story.stand("A2")
    moment = entries.dawn(QUARTERS[1])
    told = {"kind": "mandate", "code": "unctad.ecommerce_law", "withdraw": True}
    second = story.clients.as_("desk_officer", nth=2)
    for more in ({}, {"kind": "restore", "restores": 1, "effective_at": clock.stamp(moment)}):
        body = {"title": "Gone", "reason": "And back.", "changes": [] if more else [told], **more}
        made = story.desk.post("/compendium/proposals", body).ok().body["id"]
        second.post(f"/compendium/proposals/{made}/review", {"approved": True}).ok()
    found = planned(story)
    assert begins(found) == {KENYA: ("unctad", NEXT)}
    assert found["plan"]["requests"][0]["needs"][0]["standing"] == "at_once"
    assert found["plan"]["unheld"] == []


def test_who_is_at_work_holds_a_place_and_is_not_planned_again(story: Story) -> None:
    story.focal_point("unctad")
    story.stand("A2")
    story.stand("A2", countries=("UGA",), reference=UGANDA)
    limit(story, "unctad", NOW, 1)
    story.desk.post(f"/requests/{KENYA}/matching/proposals").ok()
    story.desk.move(KENYA, "offer_match").ok()
    found = planned(story, lasts=1)
    assert begins(found) == {UGANDA: ("unctad", NEXT)}
    assert [place["free"] for place in found["plan"]["places"]] == [0]


def test_it_comes_out_the_same_from_what_is_stored(
    story: Story,
) -> None:
    story.focal_point("unctad")
    story.stand("A2", "D6a")
    found = planned(story)
    with story.clients.house.database.reading() as session:
        row = session.get_one(PortfolioRow, found["number"])
        assert row.problem is not None
        assert digest(row.problem) == row.problem_hash == found["problem_hash"]
        assert row.content is not None
        assert solve(row.problem, row.content["method"]) == row.content
    assert found["plan"]["unheld"] == [[KENYA, [2]]], "nobody who is reached holds the second need"


def test_what_is_taken_up_is_left_to_who_took_it_until_that_one_must_have_died(
    story: Story,
) -> None:
    number = story.desk.post("/portfolio", {}).ok().body["number"]
    now = clock.now()
    for at, told in ((now, [number]), (now, []), (now + 2 * LEASE, [number])):
        with story.clients.office.writing() as session:
            assert portfolios_to_plan(session, at) == told


def test_one_portfolio_waits_at_a_time(story: Story) -> None:
    story.desk.post("/portfolio", {}).ok()
    again = story.desk.post("/portfolio", {"quarters": 2})
    assert (again.status, again.body["code"]) == (409, "portfolio.waits")
    assert plan_portfolios(story.clients.office, story.clients.house.shelf, clock.now()) == 1
    assert plan_portfolios(story.clients.office, story.clients.house.shelf, clock.now()) == 0
    story.desk.post("/portfolio", {"quarters": 2}).ok()


def test_nobody_but_the_desk_and_auditors_sees_a_portfolio(story: Story) -> None:
    number = story.desk.post("/portfolio", {}).ok().body["number"]
    focal, government = story.focal_point("itu"), story.clients.as_("government", country="KEN")
    for client in (focal, government, story.clients.as_("administrator")):
        assert client.post("/portfolio", {}).status == 403
        assert client.get("/portfolio").status == client.get(f"/portfolio/{number}").status == 403
    assert story.auditor.get(f"/portfolio/{number}").status == 200
    assert story.auditor.post("/portfolio", {}).status == 403
    assert story.desk.get("/portfolio/999").body["code"] == "portfolio.unknown"
    assert story.desk.post("/portfolio", {"quarters": 9}).status == 422


def test_a_quarter_is_held_for_as_long_as_help_takes_and_now_in_any_case() -> None:
    quarters = quarters_from(clock.today().replace(year=2027, month=2, day=3), 4)
    assert [name_of(day) for day in quarters] == ["2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4"]
    assert held_in(quarters[0].replace(day=9), quarters, 2) == [0, 1]
    assert held_in(quarters[0].replace(year=2026, month=11), quarters, 3) == [0, 1]
    assert held_in(quarters[0].replace(year=2020), quarters, 1) == [0]
