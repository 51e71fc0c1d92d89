"""Help is given: planned, measured, looked at again item by item, and closed by two, by pages."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.cli.demo.story import Story
from app.kit import clock
from tests.drills.conftest import situations
from tests.drills.situations import COUNTRY, Situations
from tests.journeys import acts
from tests.web.rooms import Rooms, opened
from tests.web.windows import Window

__all__ = ["situations"]

COURSES = "Courses for {all} prosecutors"
QUESTION = "D1.3"


@pytest.fixture
def rooms(situations: Situations, tmp_path: Path) -> Iterator[Rooms]:
    """A house whose one request is in its delivery."""
    with opened(situations.file("delivery"), tmp_path, situations.players) as running:
        yield running


@pytest.fixture
def story(rooms: Rooms, situations: Situations) -> Story:
    return Story(rooms.stage, [COUNTRY], clock.today(), situations.reference)


def press(page: Page, name: str, then: str) -> None:
    """Press a button and wait until the page stands where it leads."""
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_url(lambda url: url.endswith(then))


def follow(page: Page, name: str) -> None:
    """Follow the first link whose name begins so."""
    page.get_by_role("link", name=re.compile(f"^{name}\\b(?!s)")).first.click()


def test_help_is_planned_measured_looked_at_again_and_closed_by_two(
    story: Story, window: Window
) -> None:
    (given,) = story.stage.read("desk", f"{story.path}/assignments")["items"]
    focal, desk = window(f"focal:{given['entity']}"), window("desk")
    carried_out(story, focal)
    conditions_met(story, desk)
    desk.goto(story.path)
    follow(desk, "Complete the delivery")
    press(desk, "Complete the delivery", story.path)
    assert acts.state(story) == "evaluation"
    looked_at_again(story, window(story.who("assessor")))
    desk.goto(f"{story.path}/delivery")
    follow(desk, "Before and after")
    changed = desk.locator("tr", has=desk.get_by_role("rowheader", name=QUESTION))
    expect(changed).to_contain_text("Better")
    closed_by_two(story, desk, window("desk2"))


def carried_out(story: Story, focal: Page) -> None:
    """Plan an activity, say by what it is measured, measure it, report and end it."""
    room, today = f"{story.path}/delivery", story.today
    focal.goto(room)
    follow(focal, "Plan an activity")
    focal.fill("#title", COURSES)
    choose(focal, "need", "1")
    choose(focal, "kind", "training")
    focal.check("input[name=findings][value='1']")
    focal.fill("#starts_on", str(today))
    focal.fill("#ends_on", str(today + timedelta(days=90)))
    press(focal, "Plan it", room)
    expect(focal.locator("svg")).to_contain_text(COURSES)
    follow(focal, "Add an indicator")
    focal.fill("#name", "People trained")
    focal.fill("#unit", "people")
    focal.fill("#target", "40")
    press(focal, "Save", room)
    stands(focal, room, "running")
    follow(focal, "Measure")
    focal.fill("#actual", "42")
    press(focal, "Save", room)
    expect(focal.locator("#a1")).to_contain_text("People trained: 42 of 40 people (from unknown)")
    follow(focal, "Report")
    focal.fill("#text", "The first course is held.")
    press(focal, "Send the report", room)
    expect(focal.locator("main")).to_contain_text("The first course is held.")
    stands(focal, room, "done")
    expect(focal.locator("#a1 .tag")).to_have_text("Done")


def stands(focal: Page, room: str, status: str) -> None:
    """Say where the activity stands."""
    follow(focal, "Say where it stands")
    choose(focal, "status", status)
    press(focal, "Save", room)


def choose(page: Page, field: str, value: str) -> None:
    """Choose one of several, in a list or among buttons, as the form offers it."""
    expect(page.locator(f"#{field}")).to_be_visible()
    if page.locator(f"select#{field}").is_visible():
        page.select_option(f"#{field}", value)
    else:
        page.check(f"input[name={field}][value='{value}']")


def conditions_met(story: Story, desk: Page) -> None:
    """Say of each condition of the screening how it was met."""
    room = f"{story.path}/delivery"
    desk.goto(room)
    opened = story.stage.read("desk", f"{story.path}/conditions")["items"]
    assert opened, "the screening of the play makes conditions"
    for left in range(len(opened) - 1, -1, -1):
        follow(desk, "Say how it was met")
        desk.fill("#note", "Done, as the report says.")
        press(desk, "Save", room)
        expect(desk.get_by_role("link", name="Say how it was met")).to_have_count(left)


def looked_at_again(story: Story, assessor: Page) -> None:
    """Plan the second assessment and answer a question of it otherwise than the first did."""
    room = f"{story.path}/assessment"
    assessor.goto(room)
    follow(assessor, "Plan an assessment")
    choose(assessor, "kind", "reassessment")
    press(assessor, "Plan", f"{room}?kind=reassessment")
    assessor.goto(f"{room}/sections/{QUESTION[0]}?kind=reassessment")
    form = assessor.locator(f"[id='f-{QUESTION}']")
    form.get_by_label("Yes", exact=True).check()
    form.get_by_label("Note").fill("It is in force now.")
    form.get_by_role("button", name="Save").click()
    expect(assessor.locator(f"[id='q-{QUESTION}']")).to_contain_text("It is in force now.")


def closed_by_two(story: Story, desk: Page, second: Page) -> None:
    """Write the closing statement; who wrote it cannot close, another can."""
    room = f"{story.path}/delivery"
    desk.goto(room)
    follow(desk, "Closing statement")
    desk.fill("#impact", "Evidence is handled by one practice.")
    desk.fill("#lesson", "Train investigators and prosecutors together.")
    press(desk, "Save", room)
    desk.goto(f"{story.path}/moves/close")
    expect(desk.locator("main")).to_contain_text("C7")
    expect(desk.get_by_role("button", name="Close")).to_have_count(0)
    second.goto(story.path)
    follow(second, "Close")
    press(second, "Close", story.path)
    assert acts.state(story) == "closed"
    second.goto(room)
    expect(second.locator("main")).to_contain_text("Evidence is handled by one practice.")
