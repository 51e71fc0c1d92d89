"""Who helps, and how it goes: the pages of matching and delivery, from an offer to the closing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.cli.demo.story import Story
from tests.journeys import acts
from tests.web.rooms import Rooms

AWARE = {
    "area": "D",
    "topic": "D2",
    "kind": "awareness_campaign",
    "text": "Awareness of {victims} and of {0} authorities.",
}
CULTURE = {
    "area": "D",
    "topic": "D7",
    "kind": "training",
    "text": "A culture of security in small firms.",
}
BUSY = "No team is free this year."


def matched_in(rooms: Rooms, country: str) -> Story:
    """Return a request for which entities are sought; one of them could take all of it."""
    story = rooms.story(country)
    acts.at_matching(story, acts.asking(AWARE, CULTURE, countries=[country]))
    return story


@pytest.fixture(scope="module")
def delivered(rooms: Rooms) -> Story:
    """A request in its delivery."""
    story = rooms.story("FJI")
    need = CULTURE | {"text": "One for {all}."}
    acts.at_delivery(story, acts.asking(need, countries=["FJI"]))
    return story


def asked_again(rooms: Rooms, desk: Page, story: Story) -> dict[str, str]:
    """Let the desk prepare a proposal and offer it; return who is asked for which need."""
    desk.goto(f"{story.path}/matching")
    desk.get_by_role("link", name="Prepare a proposal").click()
    desk.get_by_role("button", name="Prepare it").click()
    desk.get_by_role("link", name="Offer to the entities").click()
    desk.get_by_role("button", name="Offer to the entities").click()
    desk.get_by_text("It is the turn of").first.wait_for()
    held = rooms.stage.read("desk", f"{story.path}/matching")["proposal"]
    return {str(one["need"]): one["entity"] for one in held["assignments"] if not one["kept"]}


def test_a_lead_declines_the_next_accepts_a_part_another_the_rest_and_the_country_consents(
    rooms: Rooms, window: Callable[[str], Page], *, scripts: bool
) -> None:
    matched = matched_in(rooms, "KEN" if scripts else "UGA")
    grounds_are_shown(rooms, matched)
    desk = window("desk")
    (lead,) = set(asked_again(rooms, desk, matched).values())

    first = answering(rooms, window, matched, lead)
    first.get_by_label("Reason").fill(BUSY)
    first.get_by_role("button", name="Answer").click()
    first.get_by_role("heading", name="Waiting for you").wait_for()
    assert acts.state(matched) == "matching"

    (second,) = set(asked_again(rooms, desk, matched).values())
    assert second != lead
    part = answering(rooms, window, matched, second)
    part.get_by_label("Accept", exact=False).first.check()
    left = part.get_by_label("1. Awareness of {victims}", exact=False)
    left.check()
    part.get_by_label("Reason").fill("Victims are not ours.")
    part.get_by_role("button", name="Answer").click()
    part.get_by_role("heading", name="Waiting for you").wait_for()
    said = rooms.stage.read("desk", f"{matched.path}/matching/proposals/2")["responses"]
    assert [(one["accepted"], one["declined_needs"]) for one in said] == [(True, [1])]
    assert acts.state(matched) == "matching"

    (third,) = asked_again(rooms, desk, matched).values()
    assert third not in (lead, second)
    rest = answering(rooms, window, matched, third)
    rest.get_by_label("Accept", exact=False).first.check()
    rest.get_by_role("button", name="Answer").click()
    rest.locator("h2.part").wait_for()
    assert acts.state(matched) == "consent"

    desk.goto(f"{matched.path}/matching/proposals")
    expect(desk.get_by_text("Proposal").nth(2)).to_be_visible()
    country = window(matched.who("government"))
    country.goto(f"{matched.path}/matching")
    country.get_by_role("link", name="Decide for your country").click()
    given = country.locator("input[name=given]")
    rooms.through(country, matched.who("government"), given)
    given.check()
    country.get_by_role("button", name="Decide").click()
    country.locator("h2.part").wait_for()
    assert acts.state(matched) == "delivery"


def answering(rooms: Rooms, window: Callable[[str], Page], story: Story, entity: str) -> Page:
    """Return the page on which an entity answers."""
    page = window(f"focal:{entity}")
    page.goto(f"{story.path}/matching")
    page.get_by_role("link", name="Answer the offer").click()
    rooms.through(page, f"focal:{entity}", page.get_by_role("button", name="Answer"))
    return page


def test_help_is_planned_measured_reported_and_closed_by_two(
    rooms: Rooms, delivered: Story
) -> None:
    room, today = f"{delivered.path}/delivery", delivered.today
    (given,) = rooms.stage.read("desk", f"{delivered.path}/assignments")["items"]
    focal = rooms.reader(f"focal:{given['entity']}")
    assert "1. One for {all}." in focal.get(f"{room}/activities/new").text
    plan = {"entity": given["entity"], "need": "1", "title": "Courses", "kind": "training"}
    days = {"starts_on": str(today), "ends_on": str(today + timedelta(days=90))}
    sent = focal.send(f"{room}/activities/new", **plan, **days, findings="1")
    assert sent.status_code == 303, sent.text
    one = f"{room}/activities/1"
    by = {"name": "People trained", "unit": "people", "target": "40"}
    assert focal.send(f"{one}/indicators/new", **by).status_code == 303
    assert focal.send(f"{one}/status", status="running").status_code == 303
    held = rooms.stage.read("desk", one)["indicators"][0]["id"]
    measured = focal.send(f"{one}/indicators/{held}", actual="42", measured_on=str(today))
    assert measured.status_code == 303
    text = "The first course is held."
    assert focal.send(f"{room}/reports/new", text=text).status_code == 303
    assert focal.send(f"{one}/status", status="done").status_code == 303
    shown = rooms.reader("desk").get(room).text
    for words in ("Courses", "People trained", text, "<svg", 'role="img"'):
        assert words in shown
    for condition in rooms.stage.read("desk", f"{delivered.path}/conditions")["items"]:
        place = f"{delivered.path}/conditions/{condition['number']}"
        assert rooms.reader("desk").send(place, note="Done.").status_code == 303
    closing_by_two(rooms, delivered)


def closing_by_two(rooms: Rooms, story: Story) -> None:
    """Complete, write the closing statement, and close as another person."""
    desk, second = rooms.reader("desk"), rooms.reader("desk2")
    moves = f"{story.path}/moves"
    assert desk.send(f"{moves}/complete_delivery").status_code == 303
    closing = {"impact": "Firms report more.", "lesson": "Begin with the chambers."}
    assert desk.send(f"{story.path}/delivery/closing", **closing).status_code == 303
    own = desk.get(f"{moves}/close").text
    assert "C7" in own
    assert second.send(f"{moves}/close").status_code == 303
    assert acts.state(story) == "closed"
    assert "Firms report more." in second.get(f"{story.path}/delivery").text


def grounds_are_shown(rooms: Rooms, story: Story) -> None:
    """Hold the pages before the offer to what they promise."""
    desk = rooms.reader("desk")
    assert "Nothing is delivered yet" in desk.get(f"{story.path}/delivery").text
    shown = desk.get(f"{story.path}/matching").text
    assert "What the rules would propose now" in shown
    assert shown.count("<cite>") > 3
    assert "Why not the others" in shown
    assert rooms.reader("focal:undp").get(f"{story.path}/matching").status_code == 404
