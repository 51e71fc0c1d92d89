"""The pages of an assessment: planned, filled in by two at once, found, signed, and printed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from app.cli.demo.story import Story
from tests.journeys import acts
from tests.web.rooms import Rooms
from tests.web.windows import Window

TELLS = """() => { window.told = []; const state = document.getElementById("live-state");
    new MutationObserver(() => told.push(state.textContent)).observe(state, {childList: true}); }"""
NOTE = "Read at the ministry."


@pytest.fixture(scope="module")
def prepared(rooms: Rooms) -> Story:
    """A request whose assessment lacks nothing but its signatures."""
    story = rooms.story("KEN")
    acts.at_triage(story, acts.asking())
    story.triage()
    story.prepare_assessment()
    return story


@pytest.fixture
def begun(rooms: Rooms) -> Iterator[Story]:
    """A request whose assessment was planned by a page a moment ago."""
    story = rooms.story("KEN")
    acts.at_triage(story, acts.asking())
    story.triage()
    assessor = rooms.reader("assessor:KEN")
    sent = assessor.send(
        f"{story.path}/assessment/plan",
        kind="comprehensive",
        team="Awa Sow; itu; lead\nJean Petit",
        hosts="Director; Ministry of Justice",
    )
    assert sent.status_code == 303, sent.text
    yield story
    gone = assessor.send(f"{story.path}/assessment/edit", void="yes")
    assert gone.status_code == 303, gone.text


def test_a_plan_keeps_its_team_line_by_line(rooms: Rooms, begun: Story) -> None:
    plan = rooms.stage.read("desk", f"{begun.path}/assessment")
    assert plan["team"][0] == {"name": "Awa Sow", "entity": "itu", "role": "lead"}
    assert plan["hosts"] == [{"name": "Director", "office": "Ministry of Justice"}]
    form = rooms.reader("assessor:KEN").form(f"{begun.path}/assessment/edit")
    assert form["team"] == ["Awa Sow; itu; lead\nJean Petit"]
    assert form["hosts"] == ["Director; Ministry of Justice"]


def test_two_fill_in_at_once_and_no_keystroke_is_lost(
    rooms: Rooms, begun: Story, window: Window, *, scripts: bool
) -> None:
    place = f"{begun.path}/assessment/sections/D"
    mine, theirs = window("assessor:KEN"), window("coordinator:KEN")
    for page in (mine, theirs):
        page.goto(place)
    _write(mine, "D2.3", "No", "Words that are not sent yet.", save=False)
    _write(mine, "D1.3", "Yes", NOTE)
    mine.locator("[id='q-D1.3']", has_text=NOTE).wait_for()
    if scripts:
        unsent = mine.locator("[id='f-D2.3']").get_by_label("Note")
        expect(unsent).to_have_value("Words that are not sent yet.")
        mine.locator("[id='s-D1.4']").wait_for()
    _write(theirs, "D1.3", "No", "A late word.")
    theirs.locator("#faults").wait_for()
    expect(theirs.locator("main")).to_contain_text(NOTE)
    expect(theirs.get_by_role("textbox", name="Note")).to_have_value("A late word.")
    theirs.goto(place)
    _write(theirs, "D2.3", "Partial", "Seen by the other.")
    theirs.locator("[id='q-D2.3']", has_text="Seen by the other.").wait_for()
    if scripts:
        expect(mine.locator("#live-state")).to_have_text("Saved.")
        mine.evaluate(TELLS)
        _write(mine, "D4.3", "No", "Sent in place.")
        mine.locator("[id='q-D2.3']", has_text="Seen by the other.").wait_for()
        # Said anew: words that stand there already are not read out.
        mine.wait_for_function("told.join() === ',Saved.'")
        mine.locator("[id='f-D2.3']").get_by_role("button", name="Save").click()
        mine.locator("#faults").wait_for()
        expect(mine.get_by_role("textbox", name="Note")).to_have_value(
            "Words that are not sent yet."
        )
    answers = rooms.stage.read("desk", f"{begun.path}/assessment/answers")["items"]
    given = {one["question"]: one["value"] for one in answers if one["question"] != "D4.3"}
    assert given == {"D1.3": "yes", "D2.3": "partial"}


def test_fieldwork_outlasts_a_broken_line(
    rooms: Rooms, begun: Story, window: Window, *, scripts: bool
) -> None:
    place = f"{begun.path}/assessment/sections/D"
    page = window("assessor:KEN")
    page.goto(place)
    if not scripts:
        save = page.locator("[id='f-D1.3']").get_by_role("button", name="Save")
        expect(save).to_have_count(1)
        return
    page.context.set_offline(True)
    _write(page, "D1.3", "Yes", "Written without a line.")
    page.get_by_text("There is no connection.").first.wait_for()
    page.context.set_offline(False)
    page.locator("[id='q-D1.3']", has_text="Written without a line.").wait_for()
    kept = rooms.stage.read("desk", f"{begun.path}/assessment/answers")["items"]
    assert [one["note"] for one in kept] == ["Written without a line."]
    page.reload()
    expect(page.locator("[id='q-D1.3']")).to_contain_text("Written without a line.")
    expect(page.locator("[data-draft-found]:visible")).to_have_count(0)


def _write(page: Page, code: str, value: str, note: str, *, save: bool = True) -> None:
    page.wait_for_load_state()
    form = page.locator(f"[id='f-{code}']")
    if not form.get_by_label("Note").is_visible():
        form.locator("xpath=..").locator("summary").first.click()
    form.get_by_label(value, exact=True).check()
    form.get_by_label("Note").fill(note)
    if save:
        form.get_by_role("button", name="Save").click()


def test_evidence_stands_beside_the_answer_and_stays_until_it_is_taken_away(
    rooms: Rooms, begun: Story
) -> None:
    assessor = rooms.reader("assessor:KEN")
    place = f"{begun.path}/assessment/answers/D1.3"
    bare = assessor.send(place, value="yes", source="Law 12 of 2024")
    assert bare.status_code == 422
    assert "Evidence takes its kind" in bare.text
    assert "Law 12 of 2024" in bare.text
    law = {"kind": "law", "source": "Law 12 of 2024 {draft}", "dated": "2026-10-01"}
    assert assessor.send(place, value="yes", **law).status_code == 303
    claimed = assessor.get(f"{begun.path}/assessment/sections/D").text
    assert "Law 12 of 2024 {draft}" in claimed
    assert assessor.form(place)["kept"] == ["0"]
    talk = {"kind": "interview", "source": "The registrar", "dated": "2026-10-02"}
    assert assessor.send(place, **talk, value="yes").status_code == 303
    path = f"{begun.path}/assessment/answers"
    kept = rooms.stage.read("desk", path)["items"][0]["evidence"]
    assert [one["kind"] for one in kept] == ["law", "interview"]
    assert assessor.send(place, value="yes", kept=["1"]).status_code == 303
    left = rooms.stage.read("desk", path)["items"][0]["evidence"]
    assert [one["kind"] for one in left] == ["interview"]


def test_fieldwork_and_findings_are_recorded_and_a_need_rests_on_them(
    rooms: Rooms, begun: Story
) -> None:
    assessor, room = rooms.reader("assessor:KEN"), f"{begun.path}/assessment"
    day = begun.today.isoformat()
    visit = {"country": "KEN", "place": "Nairobi", "host": "The ministry"}
    assert assessor.send(f"{room}/visits", **visit, starts_on=day, ends_on=day).status_code == 303
    future = assessor.send(f"{room}/visits", **visit, starts_on=day, ends_on="2099-01-01")
    assert future.status_code == 422
    heard = {"group": "police", "held_on": day, "who": "Two officers"}
    assert assessor.send(f"{room}/consultations", **heard).status_code == 303
    found = {"topic": "D6a", "text": "Few trained investigators."}
    assert assessor.send(f"{room}/findings", **found).status_code == 303
    risk = {"dated": day, "threats_systems": "Ransomware."}
    assert assessor.send(f"{room}/risk", **risk, impact=["major"]).status_code == 303
    assert assessor.form(f"{room}/risk")["threats_systems"] == ["Ransomware."]
    neither = assessor.send(f"{room}/needs", findings=["1"])
    assert "Choose a need of the request" in neither.text
    assert assessor.send(f"{room}/needs", findings=["1"], number="1").status_code == 303
    whole = assessor.get(room).text
    for words in ("Nairobi", "Two officers", "Few trained investigators.", "Ransomware."):
        assert words in whole
    assert rooms.stage.read("desk", f"{room}/needs")["items"][0]["findings"] == [1]


def test_signatures_take_three_and_the_second_is_another(rooms: Rooms, prepared: Story) -> None:
    room = f"{prepared.path}/assessment"
    assert rooms.reader("coordinator:KEN").get(f"{room}/sign").status_code == 403
    unsigned = "The assessor has not signed it."
    assert f'<a href="{room}/sign">{unsigned}</a>' in rooms.reader("assessor:KEN").get(room).text
    assert f"<li>{unsigned}" in rooms.reader("coordinator:KEN").get(room).text, "not theirs to mend"
    assert rooms.reader("assessor:KEN").send(f"{room}/sign").status_code == 303
    government = rooms.reader("government:KEN")
    assert 'value="KEN"' in government.get(f"{room}/acknowledgements").text
    assert government.send(f"{room}/acknowledgements", country="KEN").status_code == 303
    assert rooms.reader("assessor:KEN").get(f"{room}/countersignature").status_code == 403
    assert rooms.reader("coordinator:KEN").send(f"{room}/countersignature").status_code == 303
    done = rooms.stage.read("desk", room)
    assert done["status"] == "completed"
    shown = rooms.reader("desk").get(room).text
    assert "Completed" in shown
    assert 'role="img"' in shown
    assert "By topic" in shown
    assert f"{room}/edit" not in shown


def test_the_paper_holds_every_question_and_the_tab_is_closed_to_who_is_only_asked(
    rooms: Rooms, prepared: Story
) -> None:
    room = f"{prepared.path}/assessment"
    paper = rooms.reader("assessor:KEN").get(f"{room}/print").text
    assert paper.count('class="ask"') > 150
    section = rooms.reader("assessor:KEN").get(f"{room}/sections/rights").text
    assert 'id="h-rights.privacy">Privacy<' in section
    assert "<b>Privacy</b>" in paper
    assert rooms.reader("assessor:KEN").get(f"{room}/sections/Z").status_code == 404
    assert rooms.reader("focal:itu").get(room).status_code == 404
    empty = rooms.story("KEN")
    acts.at_triage(empty, acts.asking())
    assert (
        "No assessment is planned yet" in rooms.reader("desk").get(f"{empty.path}/assessment").text
    )


def test_an_earlier_assessment_of_the_country_serves_another_request(
    rooms: Rooms, prepared: Story
) -> None:
    if rooms.stage.read("desk", f"{prepared.path}/assessment")["status"] != "completed":
        prepared.sign_assessment()
    other = rooms.story("KEN")
    acts.at_triage(other, acts.asking())
    other.triage()
    assessor, room = rooms.reader("assessor:KEN"), f"{other.path}/assessment"
    assert f'href="{room}/reuse"' in assessor.page(room)
    itself = assessor.send(f"{room}/reuse", assessment_of=other.reference)
    assert itself.status_code == 422
    assert "Name another request." in itself.text
    assert assessor.send(f"{room}/reuse", assessment_of=prepared.reference).status_code == 303
    shown = assessor.page(room)
    assert prepared.reference in shown, "it says for whom it was made"
    assert f"{room}/edit" not in shown, "another request's assessment is not changed from here"
    assert acts.serving(other) == ["comprehensive"]
    assert rooms.reader("desk").get(f"{room}/reuse").status_code == 403
