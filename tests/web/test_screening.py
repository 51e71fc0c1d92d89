"""The pages of a screening: what data says, what people find, two signatures, and a stale page."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.cli.demo.story import Story, finding_on, verdict_on
from tests.journeys import acts
from tests.web.rooms import Rooms
from tests.web.windows import Window

REASON = "Seen in the file."


@pytest.fixture(scope="module")
def screened(rooms: Rooms) -> Story:
    """A request whose criteria are answered, but for two of them and the seven principles."""
    story = rooms.story("KEN")
    acts.at_screening(story, acts.asking())
    room = f"{story.path}/screening"
    for one in rooms.stage.read("screener", room)["principles"]:
        who = "reviewer" if one["code"] == "P3" else "screener"
        for criterion in one["criteria"]:
            body = verdict_on(criterion)
            if body is not None and criterion["code"] not in ("P2.3", "P7.2"):
                rooms.stage.change(who, "PUT", f"{room}/criteria/{criterion['code']}", body, room)
    for one in rooms.stage.read("screener", room)["principles"]:
        who = "reviewer" if one["code"] == "P3" else "screener"
        place = f"{room}/principles/{one['code']}"
        rooms.stage.change(who, "PUT", place, finding_on(one), room)
    return story


def test_the_tab_is_kind_before_the_first_round(rooms: Rooms) -> None:
    story = rooms.story("KEN")
    acts.at_triage(story, acts.asking())
    shown = rooms.reader("desk").get(f"{story.path}/screening")
    assert shown.status_code == 200
    assert "has not been screened yet" in shown.text
    assert rooms.reader("focal:itu").get(f"{story.path}/screening").status_code == 404


def test_every_criterion_shows_who_or_what_answered_it_and_by_which_evidence(
    rooms: Rooms, screened: Story
) -> None:
    whole = rooms.reader("screener").get(f"{screened.path}/screening").text
    table = whole.partition("<table")[2].partition("</table>")[0]
    assert table.count("/screening/principles/P") == 7
    reasons = re.findall(r'(/screening/principles/P\d)#(h-P\d(?:\.\d+)?)">', whole)
    assert reasons, "what is still open leads to where it is judged"
    place, mark = reasons[0]
    assert f'id="{mark}"' in rooms.reader("screener").get(f"{screened.path}{place}").text
    shown = rooms.reader("screener").get(f"{screened.path}/screening/principles/P4").text
    assert "(by rule, from the file)" in shown
    assert "piece of evidence" in shown
    assert "F17" in shown
    missing = rooms.reader("screener").get(f"{screened.path}/screening/principles/P9")
    assert missing.status_code == 404


def test_only_the_reviewer_of_a_principle_finds_its_forms(rooms: Rooms, screened: Story) -> None:
    rights = f"{screened.path}/screening/principles/P3"
    assert "<form method" in rooms.reader("reviewer").get(rights).text.partition("<main")[2]
    assert "<form method" not in rooms.reader("screener").get(rights).text.partition("<main")[2]
    sent = rooms.reader("screener").send(
        f"{screened.path}/screening/criteria/P3.1", verdict="met", reason=REASON
    )
    assert sent.status_code == 403
    assert REASON in sent.text


def test_what_is_missing_and_what_may_not_be_waived_is_told_beside_what_was_typed(
    rooms: Rooms, screened: Story
) -> None:
    place = f"{screened.path}/screening/criteria/P2.1"
    reader = rooms.reader("screener")
    assert 'value="waived"' not in reader.get(place).text
    bare = reader.send(place, verdict="met_with_condition", reason=REASON)
    assert "State the condition." in bare.text
    empty = reader.send(place, verdict="met", reason="")
    assert empty.status_code == 422
    assert "Fill this in." in empty.text
    waived = reader.send(place, verdict="waived", reason="Kept words.")
    assert waived.status_code == 409
    assert "cannot be waived" in waived.text
    assert "Kept words." in waived.text


def outcome_in(page: str) -> list[str]:
    """Return the words in which a page tells the outcome, but for that it is not saved."""
    part = page.partition('id="outcome"')[2].partition("</section>")[0].partition(">")[2]
    words = re.sub("<[^>]+>", " ", part).replace("would lead", "lead")
    return words.replace("With what stands in the form, which is not saved yet.", "").split()


def test_what_is_not_saved_yet_leads_where_saving_it_leads(rooms: Rooms, screened: Story) -> None:
    room, reader = f"{screened.path}/screening", rooms.reader("screener")
    before, led = rooms.stage.read("screener", room), set()
    wishes = (("P2.3", "met"), ("P7.2", "not_met"), ("P7.2", "met"), ("P2.3", "not_met"))
    for code, verdict in (*wishes, ("P2.3", "met")):
        ahead = reader.page(f"{room}/outlook?of={code}&verdict={verdict}")
        assert "not saved yet" in ahead
        assert rooms.stage.read("screener", room) == before, "asking keeps nothing"
        body = {"verdict": verdict, "reason": REASON}
        rooms.stage.change("screener", "PUT", f"{room}/criteria/{code}", body, room)
        before = rooms.stage.read("screener", room)
        led.add(before["derived"]["outcome"])
        assert outcome_in(ahead) == outcome_in(reader.page(f"{room}/principles/P2"))
    assert len(led) > 1, led
    worst = reader.page(f"{room}/outlook?of=P3&finding=not_met&infringing=yes")
    assert "Decline" in outcome_in(worst), worst
    assert reader.get(f"{room}/outlook?of=P9.9&verdict=met").status_code == 404
    assert rooms.reader("focal:itu").get(f"{room}/outlook").status_code == 404


def found_met(officer: Page, code: str, *, scripts: bool) -> None:
    """Say of a criterion that it is met; with scripts, what follows shows before it is saved."""
    card = officer.locator(f"section[aria-labelledby='h-{code}']")
    if card.locator("summary", has_text="Change").is_visible():
        card.locator("summary", has_text="Change").click()
    if scripts:
        card.get_by_label("Not met", exact=True).check()
        expect(officer.locator("#outcome")).to_contain_text("not saved yet")
        told = officer.locator("[role=status]#outcome-told")
        expect(told).to_contain_text("Where the findings would lead")
        expect(told).not_to_contain_text("Criterion")  # the reasons are there to be read, not told
    card.get_by_label("Met", exact=True).check()
    card.get_by_label("Reason").fill(REASON)
    card.get_by_role("button", name="Save").click()
    officer.locator(f"[id='c-{code}']", has_text=REASON).wait_for()


def test_two_persons_sign_what_the_findings_lead_to(
    rooms: Rooms, screened: Story, window: Window, *, scripts: bool
) -> None:
    room = f"{screened.path}/screening"
    officer, second = window("screener"), window("screener2")
    for code in ("P2.3", "P7.2"):
        officer.goto(f"{room}/principles/{code[:2]}")
        found_met(officer, code, scripts=scripts)
    outcome = officer.locator("#outcome")
    expect(outcome).to_be_visible()
    expect(outcome).not_to_contain_text("Still open")
    expect(outcome).not_to_contain_text("not saved yet")

    officer.goto(room)
    officer.get_by_role("link", name="Decide the outcome").click()
    chosen = officer.locator("input[name=outcome]").first
    chosen.check()
    officer.get_by_label("Reason").fill("The findings lead there.")
    officer.get_by_role("button", name="Decide").click()
    officer.get_by_text("it takes a second person").wait_for()
    decided = rooms.stage.read("screener", room)["decision"]["outcome"]

    officer.goto(f"{room}/confirm")
    officer.get_by_role("button", name="Confirm").click()
    officer.locator("#faults").wait_for()

    second.goto(room)
    second.get_by_role("link", name="Confirm the decision").click()
    again = {"verdict": "met", "reason": "Looked at once more."}
    rooms.stage.change("screener", "PUT", f"{room}/criteria/P2.3", again, room)
    second.get_by_role("button", name="Confirm").click()
    second.locator("#faults").wait_for()
    assert rooms.stage.read("screener", room)["decision"] is None
    word = {"outcome": decided, "reason": "It still leads there."}
    rooms.stage.change("screener", "POST", f"{room}/decision", word, room)
    second.goto(f"{room}/confirm")
    second.get_by_text("It still leads there.").wait_for()
    second.get_by_role("button", name="Confirm").click()
    second.get_by_text("Wei Lan").first.wait_for()
    decision = rooms.stage.read("screener", room)["decision"]
    assert decision["confirmed_by"] == rooms.stage.players["screener2"].person_id
    rooms.stage.change(
        "screener", "PUT", f"{room}/criteria/P2.3", {"verdict": "met", "reason": "Again."}, room
    )


def test_an_approver_whose_page_is_stale_sees_what_stands_there_now(
    rooms: Rooms, screened: Story
) -> None:
    room = f"{screened.path}/screening"
    place = f"{room}/criteria/P2.4"
    mine = rooms.reader("screener2")
    held = mine.form(place)
    theirs = {"verdict": "met", "reason": "Theirs came first."}
    rooms.stage.change("screener", "PUT", f"{room}/criteria/P2.4", theirs, room)
    late = mine.post(place, {**held, "verdict": "not_met", "reason": "My own words."})
    assert late.status_code == 412
    assert "Theirs came first." in late.text
    assert "My own words." in late.text
    kept = rooms.stage.read("screener", room)["principles"][1]["criteria"][3]
    assert kept["reason"] == "Theirs came first."
    assert mine.send(place, verdict="met", reason="Seen both.").status_code == 303


def test_a_form_sent_twice_acts_once(rooms: Rooms, screened: Story) -> None:
    place = f"{screened.path}/screening/criteria/P2.4"
    mine = rooms.reader("screener")
    earlier = acts.happened(screened, "criterion_found")
    before = len([one for one in earlier if one["data"]["criterion"] == "P2.4"])
    form = {**mine.form(place), "verdict": "met", "reason": "Pressed twice."}
    first, again = mine.post(place, form), mine.post(place, form)
    assert (first.status_code, again.status_code) == (303, 303)
    told = acts.happened(screened, "criterion_found")
    assert len([one for one in told if one["data"]["criterion"] == "P2.4"][before:]) == 1
