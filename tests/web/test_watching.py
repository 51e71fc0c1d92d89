"""Who watches: an administrator opens a request in an emergency, an auditor reviews and verifies."""

from playwright.sync_api import expect

from tests.journeys import acts
from tests.web.rooms import Rooms
from tests.web.windows import Window

WHY = "The coordinator cannot be reached and the deadline ends today."


def test_the_glass_is_broken_reviewed_and_the_log_verified(rooms: Rooms, window: Window) -> None:
    story = rooms.story("KEN")
    story.file(acts.asking())
    admin, auditor = window("admin", assured=False), window("auditor")

    admin.goto(f"/requests/{story.reference}")
    expect(admin.locator("h1")).to_have_text("There is no such page")
    admin.goto("/administration/openings/new")
    asked = admin.get_by_label("Reference of the request")
    rooms.through(admin, "admin", asked)
    asked.fill(story.reference)
    admin.get_by_label("Reason").fill(WHY)
    admin.get_by_label("Ticket").fill("OPS-1")
    admin.get_by_role("button", name="Open it for 60 minutes").click()
    expect(admin.locator("h1")).to_have_text("Investigating cybercrime")
    expect(admin.locator(".standing:visible")).to_contain_text(
        "Each page that you open is recorded"
    )
    admin.get_by_role("button", name="Stop reading").click()
    admin.goto(f"/requests/{story.reference}")
    expect(admin.locator("h1")).to_have_text("There is no such page")

    auditor.goto("/administration")
    auditor.get_by_role("link", name="Emergency openings").click()
    auditor.get_by_role("link", name=story.reference).click()
    expect(auditor.locator("table")).to_contain_text(f"/requests/{story.reference}")
    auditor.get_by_role("link", name="Review an opening").click()
    auditor.get_by_label("There was ground for it").check()
    auditor.get_by_label("Note").fill("The ticket bears it out.")
    auditor.get_by_role("button", name="Decide").click()
    expect(auditor.locator("main")).to_contain_text("Justified")
    auditor.goto("/administration")
    auditor.get_by_role("link", name="Decision log").click()
    expect(auditor.locator("main")).to_contain_text("The log is whole")


def test_who_looks_for_a_person_is_offered_no_old_draft(window: Window) -> None:
    page = window("desk")
    page.goto("/account/delegations/new")
    page.get_by_label("Holds until (not included)").fill("2027-01-31T12:00")
    page.get_by_label("Name or e-mail address").fill("meyer")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("radio", name="Jonas Meyer").check()
    expect(page.get_by_label("Holds until (not included)")).to_have_value("2027-01-31T12:00")
    expect(page.locator("[data-draft-found]")).to_be_hidden()


def test_a_report_is_printed_by_the_browser_whatever_its_script(window: Window) -> None:
    page = window("desk")
    for language, direction in (("ar", "rtl"), ("zh", "ltr")):
        page.context.set_extra_http_headers({"accept-language": language})
        page.goto("/reports/session")
        page.emulate_media(media="print")
        expect(page.locator("html")).to_have_attribute("dir", direction)
        expect(page.locator("header.site")).to_be_hidden()
        expect(page.locator("main h1")).to_be_visible()
        printed = page.pdf(format="A4")
        assert printed.startswith(b"%PDF-")
        assert printed.count(b"/Type /Page\n") >= 1
        page.emulate_media(media="screen")
