"""A broken line: what a coordinator types is kept in the browser, and sent when the line is back."""

import pytest
from playwright.sync_api import Error, Page, expect

from tests.web.stages import Stage

WORDS = "Our police cannot preserve electronic evidence from telephones for the courts."


def opened(stage: Stage, page: Page) -> str:
    """Open a draft and return its address."""
    page.goto(f"{stage.url}/requests/new")
    page.click("text=Open a draft")
    page.wait_for_url("**/filing")
    return page.url.removesuffix("/filing")


def write(page: Page, request: str) -> None:
    """Write title and summary into the step that asks for them."""
    page.goto(f"{request}/edit/what")
    page.fill("#title", "Evidence from telephones")
    page.fill("#summary", WORDS)


def fail_to_send(page: Page) -> None:
    """Send the form over a line that breaks."""
    page.click("text=Save and go back", no_wait_after=True)
    with pytest.raises(Error, match="net::ERR"):
        page.wait_for_url("**/filing")


def test_what_is_sent_without_a_line_goes_out_when_it_is_back(stage: Stage) -> None:
    page = stage.enter("resident_coordinator", "KEN", scripts=True)
    request = opened(stage, page)
    write(page, request)
    page.context.set_offline(True)
    page.click("text=Save and go back")
    expect(page.locator("[data-offline]")).to_be_visible()
    page.context.set_offline(False)
    page.wait_for_url("**/filing")
    page.goto(f"{request}/edit/what")
    expect(page.locator("#summary")).to_have_value(WORDS)
    expect(page.locator("[data-draft-found]")).to_be_hidden()


def test_who_left_without_a_line_finds_the_draft_and_a_conflict_is_shown(stage: Stage) -> None:
    page = stage.enter("resident_coordinator", "KEN", scripts=True)
    other = stage.enter("resident_coordinator", "KEN", scripts=False)
    request = opened(stage, page)
    write(page, request)
    page.context.set_offline(True)
    page.click("text=Save and go back")
    page.close()
    other.goto(f"{request}/edit/what")
    other.fill("#title", "Another was quicker")
    other.click("text=Save and go back")
    context = stage.watch.contexts[0]
    context.set_offline(False)
    page = context.new_page()
    page.goto(f"{request}/edit/what")
    page.click("text=Go on with the draft")
    expect(page.locator("#title")).to_have_value("Evidence from telephones")
    page.click("text=Save and go back")
    expect(page.locator("#faults")).to_be_focused()
    expect(page.locator(".stands").first).to_contain_text("Another was quicker")
    expect(page.locator("#summary")).to_have_value(WORDS)
    page.click("text=Save and go back")
    page.wait_for_url("**/filing")
    expect(page.locator("h1")).to_have_text("Evidence from telephones")


def test_a_line_that_only_seems_to_be_there_loses_no_word(stage: Stage) -> None:
    page = stage.enter("resident_coordinator", "KEN", scripts=True)
    request = opened(stage, page)
    write(page, request)
    page.route("**/edit/what", lambda route: route.abort())
    fail_to_send(page)
    page.unroute("**/edit/what")
    page.goto(f"{request}/edit/what")
    page.click("text=Go on with the draft")
    page.click("text=Save and go back")
    page.wait_for_url("**/filing")
    expect(page.locator("h1")).to_have_text("Evidence from telephones")


def test_without_scripts_the_browser_keeps_the_words(stage: Stage) -> None:
    page = stage.enter("resident_coordinator", "KEN", scripts=False)
    request = opened(stage, page)
    write(page, request)
    page.context.set_offline(True)
    fail_to_send(page)
    page.context.set_offline(False)
    page.reload()  # what the browser offers there: to send the form again
    page.wait_for_url("**/filing")
    expect(page.locator("h1")).to_have_text("Evidence from telephones")
