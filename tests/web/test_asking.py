"""The desk asks and the coordinator answers, in a real browser, with scripts and without."""

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.web.stages import Stage
from tests.web.test_broken_line import WORDS, opened, write
from tests.web.test_dossier_pages import SOON


def submitted(stage: Stage, page: Page) -> str:
    """File a request whole by its pages, and return its address."""
    request = opened(stage, page)
    write(page, request)
    page.click("text=Save and go back")
    page.click("text=Who asks")
    page.fill("#authority", "Judiciary")
    page.click("text=Save and go back")
    page.goto(f"{request}/needs/new")
    page.fill("#text", WORDS)
    page.click("text=Suggest from my words")
    page.locator("[data-suggested] button").first.click()
    expect(page.locator("#topic")).not_to_have_value("")
    page.click("text=Add the need")
    page.wait_for_url("**/needs")
    page.goto(f"{request}/filing")
    page.click("#onward a")
    page.locator("main .buttons button").click()
    page.wait_for_url(request)
    return request


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_desk_asks_and_the_coordinator_answers(stage: Stage, *, scripts: bool) -> None:
    coordinator = stage.enter("resident_coordinator", "KEN", scripts=scripts)
    desk = stage.enter("desk_officer", scripts=scripts)
    request = submitted(stage, coordinator)
    desk.goto(f"{request}/clarifications")
    desk.click("text=Ask the country")
    desk.fill("#questions", "Which law?\nSince when?")
    desk.fill("#due_on", SOON)
    desk.click("text=Send the questions")
    coordinator.goto(f"{stage.url}/")
    coordinator.click("text=Answer question 1")
    coordinator.fill("#answer", "The code of 2009")
    coordinator.click("text=Send the answer")
    coordinator.click("text=Answer question 2")
    coordinator.fill("#answer", "Since 2019")
    coordinator.click("text=Send the answer")
    desk.reload()
    expect(desk.locator("main")).to_contain_text("The code of 2009")
    desk.goto(request)
    expect(desk.locator("main .tag").first).to_have_text("Triage")


def test_a_document_is_sent_with_its_progress(stage: Stage) -> None:
    page = stage.enter("resident_coordinator", "KEN", scripts=True)
    request = opened(stage, page)
    page.goto(f"{request}/documents")
    law = FilePayload(name="law.txt", mimeType="text/plain", buffer=b"The code of 2009")
    page.set_input_files("#file", law)
    page.click("text=Send the document")
    expect(page.locator("table")).to_contain_text("law.txt")
    run = FilePayload(name="run.exe", mimeType="application/octet-stream", buffer=b"MZ")
    page.set_input_files("#file", run)
    page.click("text=Send the document")
    expect(page.locator("#faults")).to_be_focused()
    expect(page.locator("table")).to_contain_text("law.txt")


def test_a_document_that_is_too_large_is_not_even_sent(stage: Stage) -> None:
    page = stage.enter("resident_coordinator", "KEN", scripts=True)
    page.goto(f"{opened(stage, page)}/documents")
    form = page.locator("form[data-progress]")
    expect(form).to_have_attribute("data-most", str(stage.house.settings.upload_limit))
    form.evaluate("one => { one.dataset.most = 9; }")
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.method))
    law = FilePayload(name="law.txt", mimeType="text/plain", buffer=b"0123456789")
    page.set_input_files("#file", law)
    page.click("text=Send the document")
    expect(page.locator("[data-large]")).to_be_focused()
    assert sent == []
    page.set_input_files("#file", law | {"buffer": b"012345678"})
    page.click("text=Send the document")
    expect(page.locator("table")).to_contain_text("law.txt")
