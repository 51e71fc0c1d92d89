"""A request is filed wholly in Arabic, and another wholly by keyboard."""

import re

import pytest
from playwright.sync_api import Error, Page, Route, expect

from tests.web.conftest import texts
from tests.web.stages import Stage

ARABIC = re.compile("[\u0600-\u06ff]")
ENGLISH = re.compile(r"[A-Za-z]{4,}")
TITLE = "أدلة من الهواتف"
WORDS = "لا تستطيع شرطتنا حفظ الأدلة الإلكترونية من الهواتف لعرضها على المحاكم."
SEND = "main form .buttons button"
MOST = 120
"""So many times the key is pressed at most to reach something on a page."""


def all_arabic(page: Page) -> None:
    """Hold a page to being Arabic: mirrored, and no word of ours in English."""
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    expect(page).to_have_title(ARABIC)
    names = texts(page.locator("main label, main legend, main button, main h1, main h2"))
    assert [name for name in names if ENGLISH.search(name)] == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_request_is_filed_wholly_in_arabic(stage: Stage, *, scripts: bool) -> None:
    page = stage.enter("resident_coordinator", "JOR", scripts=scripts, name="ليلى")
    page.goto(stage.url)
    page.locator("details.menu summary").click()
    page.locator('button[name="language"][value="ar"]').click()
    all_arabic(page)
    page.locator('main a[href="/requests/new"]').click()
    all_arabic(page)
    page.locator("main form .buttons button").click()
    page.wait_for_url("**/filing")
    all_arabic(page)
    request = page.url.removesuffix("/filing")
    fill = {
        "edit/what": {"#title": TITLE, "#summary": WORDS},
        "edit/who": {"#authority": "وزارة العدل"},
        "needs/new": {"#text": WORDS},
    }
    for step, fields in fill.items():
        page.goto(f"{request}/{step}")
        all_arabic(page)
        for field, words in fields.items():
            page.fill(field, words)
        if step == "needs/new":
            page.check('input[name="area"][value="A"]')
            page.fill("#priority", "2")
        page.locator("main form .buttons button").first.click()
    page.goto(f"{request}/moves/submit")
    all_arabic(page)
    page.locator("main form .buttons button").first.click()
    page.wait_for_url(request)
    expect(page.locator("h1")).to_have_text(TITLE)
    expect(page.locator(".steps .now")).to_contain_text("الطلب هنا الآن")
    expect(page.locator("h1")).to_have_attribute("lang", "ar")


def reach(page: Page, selector: str) -> None:
    """Press the key that moves on until something has the focus, and see that it shows."""
    for _ in range(MOST):
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            style = "getComputedStyle(document.activeElement).outlineStyle"
            assert page.evaluate(style) != "none", f"the focus on {selector} cannot be seen"
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} is not reached by keyboard")


def follow(page: Page, selector: str, place: str) -> None:
    """Reach a link or a button and press it; it leads to a place."""
    reach(page, selector)
    page.keyboard.press("Enter")
    page.wait_for_url(place)


def write(page: Page, selector: str, words: str) -> None:
    """Reach a field and type over what stands in it."""
    reach(page, selector)
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_request_is_filed_wholly_by_keyboard(stage: Stage, *, scripts: bool) -> None:
    page = stage.enter("resident_coordinator", "KEN", scripts=scripts)
    page.goto(stage.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    follow(page, 'main a[href="/requests/new"]', "**/requests/new")
    write(page, "#title", "Evidence from telephones")
    page.keyboard.press("Enter")
    page.wait_for_url("**/filing")
    request = page.url.removesuffix("/filing")
    path = request.removeprefix(stage.url)
    follow(page, f'main a[href^="{path}/edit/what"]', "**/edit/what*")
    write(page, "#summary", "Our police cannot preserve evidence from telephones.")
    follow(page, SEND, "**/filing")
    follow(page, f'main a[href^="{path}/edit/who"]', "**/edit/who*")
    write(page, "#authority", "Judiciary")
    follow(page, SEND, "**/filing")
    follow(page, f'main a[href^="{path}/needs/new"]', "**/needs/new*")
    write(page, "#text", "Keep evidence from telephones for the courts.")
    reach(page, '[name="area"]')
    page.keyboard.press("ArrowDown")
    write(page, "#priority", "2")
    page.keyboard.press("Enter")  # it saves: of the buttons between only a press suggests
    page.wait_for_url("**/needs")
    page.goto(f"{request}/filing")
    follow(page, f'main a[href="{path}/moves/submit"]', "**/moves/submit")
    follow(page, SEND, request)
    expect(page.locator("main")).to_contain_text("Received")


PLANTED = """<style>p { color: red; }</style><script>addEventListener("load", fail)</script>
<img src="http://127.0.0.1:9/x.png">"""


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_what_a_page_asks_of_others_and_what_our_policy_refuses_is_heard(
    stage: Stage, *, scripts: bool
) -> None:
    page = stage.enter("resident_coordinator", "KEN", scripts=scripts)
    page.route("**/account", planted)
    page.goto("/account")
    page.unroute("**/account")
    with pytest.raises(Error, match="net::ERR"):
        page.goto("http://127.0.0.1:9/elsewhere")
    heard, stage.watch.heard = "\n".join(stage.watch.heard), []
    for what in ("style-src", "img-src", "asked for http://127.0.0.1:9/elsewhere"):
        assert what in heard, f"{what} in {heard}"


def planted(route: Route) -> None:
    """Answer with our page and what it must never hold."""
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("<main", f"{PLANTED}<main"))
