"""People look after their own ways in through a real browser: password, device, recovery codes."""

import pyotp
from playwright.sync_api import BrowserContext, Page, expect

from tests.accounts.conftest import PASSWORD
from tests.web.conftest import Place, texts
from tests.web.test_sign_in import cookie, sign_in, unique
from tests.web.windows import Watch

OTHER = "grenade lampshade visits often"


def enrol(page: Page, place: Place) -> tuple[str, list[str]]:
    """Add a device by the pages; return its key and the recovery codes."""
    page.goto(f"{place.url}/account")
    page.click("text=Second factor and recovery codes")
    page.click("text=Add a device")
    key = page.inner_text("#key").replace(" ", "")
    page.fill("#code", pyotp.TOTP(key).now())
    page.click("text=Use this device")
    return key, texts(page.locator(".codes li"), 10)


def test_a_password_is_changed_while_signed_in(
    place: Place, visit: BrowserContext, watch: Watch
) -> None:
    member = place.member(unique(place, "gita", visit))
    page = visit.new_page()
    there = watch.open().new_page()
    for one in (there, page):
        sign_in(one, place, member.login)
        one.wait_for_url(f"{place.url}/account")
    before = cookie(visit)
    expect(page.locator("text=Change your password")).to_be_visible()
    expect(page.locator("text=Identify anew")).to_have_count(0)  # no provider knows this person
    page.click("text=Change your password")
    for present, seen in (("not my password at all", "not your present"), (PASSWORD, "")):
        page.fill("#present", present)
        page.fill("#password", OTHER)
        page.click("text=Change it")
        if seen:
            expect(page.locator("#faults")).to_contain_text(seen)
    page.wait_for_url(f"{place.url}/account")
    assert cookie(visit) not in {"", before}
    there.goto(f"{place.url}/account")
    there.wait_for_url(f"{place.url}/sign-in?next=/account")
    sign_in(there, place, member.login)
    expect(there.locator("#faults")).to_contain_text("wrong")


def test_who_lost_the_device_comes_in_by_a_code_once_and_adds_another(
    place: Place, visit: BrowserContext
) -> None:
    member = place.member(unique(place, "hana", visit))
    page = visit.new_page()
    sign_in(page, place, member.login)
    page.wait_for_url(f"{place.url}/account")
    _, codes = enrol(page, place)
    page.goto(f"{place.url}/account")
    page.click("text=Sign out")
    for code, fits in ((codes[0], True), (codes[0], False), (codes[1], True)):
        sign_in(page, place, member.login)
        page.click("text=I do not have my device")
        page.fill("#code", code)
        page.click("text=Go on")
        if not fits:
            expect(page.locator("#faults")).to_contain_text("used before")
            continue
        page.wait_for_url(f"{place.url}/account/second-factor")
    expect(page.locator("main")).to_contain_text("8 unused")
    page.click("text=Remove this device")
    page.wait_for_url(f"{place.url}/sign-in")
    sign_in(page, place, member.login)
    page.wait_for_url(f"{place.url}/account")
    key, renewed = enrol(page, place)
    assert not set(codes) & set(renewed)
    page.goto(f"{place.url}/account/second-factor")
    page.fill("#code", pyotp.TOTP(key).at(0))
    page.click("text=Make new recovery codes")
    expect(page.locator("#faults")).to_contain_text("wrong")
