"""Who helps: the pages of matching, from what the rules would propose to the consent."""

import re

from playwright.sync_api import Page, expect

from app.cli.demo.story import Story
from tests.journeys import acts
from tests.journeys.test_matching import UNHELD
from tests.web.readers import words_of
from tests.web.rooms import Rooms
from tests.web.windows import Window

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
NAMES = {"un_women": "UN-Women"}
BUSY = "No team is free this year."


def matched_in(rooms: Rooms, country: str) -> Story:
    """Return a request for which entities are sought; one of them could take all of it."""
    story = rooms.story(country)
    acts.at_matching(story, acts.asking(AWARE, CULTURE, countries=[country]))
    return story


def asked_again(rooms: Rooms, desk: Page, story: Story) -> dict[str, str]:
    """Let the desk prepare a proposal and offer it; return who is asked for which need."""
    desk.goto(f"{story.path}/matching")
    desk.get_by_role("link", name="Prepare a proposal").click()
    desk.get_by_role("button", name="Prepare it").click()
    desk.get_by_role("link", name="Offer to the entities").click()
    held = rooms.stage.read("desk", f"{story.path}/matching")["proposal"]
    asked = {str(one["need"]): one["entity"] for one in held["assignments"] if not one["kept"]}
    told = desk.locator(".binding li")
    expect(told).to_have_count(len(set(asked.values())))
    for need, entity in asked.items():
        expect(told.filter(has_text=NAMES.get(entity, entity.upper()))).to_contain_text(need)
    desk.get_by_role("button", name="Offer to the entities").click()
    desk.get_by_text("It is the turn of").first.wait_for()
    return asked


def test_a_lead_declines_the_next_accepts_a_part_another_the_rest_and_the_country_consents(
    rooms: Rooms, window: Window, *, scripts: bool
) -> None:
    matched = matched_in(rooms, "KEN" if scripts else "UGA")
    grounds_are_shown(rooms, matched)
    desk = window("desk")
    (lead,) = set(asked_again(rooms, desk, matched).values())

    declined(answering(window, matched, lead))
    assert acts.state(matched) == "matching"
    desk.goto(f"{matched.path}/matching")
    expect(desk.get_by_role("heading", name="What the rules would propose now")).to_be_visible()
    expect(desk.get_by_text(BUSY)).to_be_visible()

    (second,) = set(asked_again(rooms, desk, matched).values())
    assert second != lead
    part = answering(window, matched, second)
    part.get_by_label("We accept, but leave out some needs").check()
    left = part.get_by_label("Awareness of {victims}", exact=False)
    left.check()
    part.get_by_label("Reason").fill("Victims are not ours.")
    part.get_by_role("button", name="Answer").click()
    part.get_by_role("heading", name="Waiting for you").wait_for()
    said = rooms.stage.read("desk", f"{matched.path}/matching/proposals/2")["responses"]
    assert [(one["accepted"], one["declined_needs"]) for one in said] == [(True, [1])]
    assert acts.state(matched) == "matching"

    (third,) = asked_again(rooms, desk, matched).values()
    assert third not in (lead, second)
    rest = answering(window, matched, third)
    rest.get_by_label("We accept all that we are asked for").check()
    rest.get_by_role("button", name="Answer").click()
    rest.locator("h2.part").wait_for()
    expect(rest.locator(".s-lead").first).to_be_visible()
    expect(rest.get_by_role("link", name="Answer the offer")).to_have_count(0)
    assert acts.state(matched) == "consent"

    desk.goto(f"{matched.path}/matching/proposals")
    first_need = desk.locator("tr", has=desk.get_by_role("rowheader", name="Need 1"))
    expect(first_need.locator("td")).to_have_count(3)
    expect(first_need.locator("td").nth(1)).to_contain_text("Changed left out")
    expect(first_need.locator("td").nth(2)).to_contain_text("Changed")
    expect(desk.get_by_text(BUSY)).to_be_visible()
    consented(window(matched.who("government")), matched)
    assert acts.state(matched) == "delivery"


def declined(first: Page) -> None:
    """Decline what is asked for, which takes a reason beside its field."""
    expect(first.locator("ul.line > li")).to_have_count(2)
    first.get_by_label("We decline", exact=True).check()
    first.get_by_role("button", name="Answer").click()
    expect(first.locator("#reason-fault")).to_contain_text("Say why")
    first.get_by_label("Reason").fill(BUSY)
    first.get_by_role("button", name="Answer").click()
    first.get_by_role("heading", name="Waiting for you").wait_for()


def consented(country: Page, story: Story) -> None:
    """Consent for a country, which reads whom it would be helped by."""
    country.goto(f"{story.path}/matching")
    country.get_by_role("link", name="Decide for your country").click()
    expect(country.locator("ul.line > li")).to_have_count(2)
    country.get_by_label("We consent", exact=True).check()
    country.get_by_role("button", name="Decide").click()
    country.locator("h2.part").wait_for()
    expect(country.get_by_role("link", name="Decide for your country")).to_have_count(0)


def answering(window: Window, story: Story, entity: str) -> Page:
    """Return the page on which an entity answers."""
    page = window(f"focal:{entity}")
    page.goto(f"{story.path}/matching")
    page.get_by_role("link", name="Answer the offer").click()
    page.get_by_role("button", name="Answer").wait_for()
    return page


def grounds_are_shown(rooms: Rooms, story: Story) -> None:
    """Hold the pages before the offer to what they promise."""
    desk = rooms.reader("desk")
    assert "Nothing is delivered yet" in desk.get(f"{story.path}/delivery").text
    shown = desk.get(f"{story.path}/matching").text
    assert "What the rules would propose now" in shown
    assert shown.count("<cite>") > 3
    assert "Why not the others" in shown
    assert rooms.reader("focal:undp").get(f"{story.path}/matching").status_code == 404


def test_who_is_asked_learns_from_no_page_who_else_is(rooms: Rooms) -> None:
    story = rooms.story("KEN")
    needs = [
        {"area": "D", "topic": "D6a", "kind": "training", "text": "Evidence before courts."},
        {"area": "D", "topic": "D9", "kind": "cirt", "text": "A team that answers incidents."},
    ]
    acts.at_matching(story, acts.asking(*needs, countries=["KEN"]))
    story.propose()
    rooms.stage.move("desk", story.reference, "offer_match")
    asked = rooms.stage.read("desk", f"{story.path}/matching")["proposal"]["entities"]
    assert {"itu", "unodc"} <= set(asked)
    focal = rooms.reader("focal:unodc")
    for part in ("matching", "matching/proposals", "matching/answer"):
        assert "UNODC" in words_of(focal.page(f"{story.path}/{part}"))
    for part in ("", "/needs", "/timeline", "/delivery", "/matching", "/matching/proposals"):
        page = focal.page(story.path + part)
        assert re.findall("(?i)[^a-z]itu[^a-z]", words_of(page)) == [], part


def test_a_need_that_nobody_holds_is_a_task_of_the_desk(rooms: Rooms) -> None:
    story = rooms.story("FJI")
    acts.at_matching(story, acts.asking(UNHELD, countries=["FJI"]))
    story.propose()
    rooms.stage.move("desk", story.reference, "find_no_match")
    home = rooms.reader("desk").get("/").text
    mine, others = home.split("Waiting for others")
    assert story.reference in mine.split("Waiting for you")[1]
    assert story.reference not in others.split("</section>")[0]
    assert "No match available" in mine
    answered = rooms.reader(story.who("coordinator")).get("/").text
    assert (
        story.reference not in answered.split("Waiting for you")[1].split("Waiting for others")[0]
    )
