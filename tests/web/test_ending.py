"""A session that ends while somebody writes: one is warned and can go on, and no word is lost."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from app.accounts.tables import WebSession
from app.kit import clock
from app.wiring.callers import COOKIE
from tests.web.conftest import Hall
from tests.web.readers import signed_in, words_of
from tests.web.stages import Stage
from tests.web.test_broken_line import opened
from tests.web.windows import know

WORDS = "Our police cannot preserve {evidence} from telephones."


def newest(stage: Stage, *, ended: bool) -> int:
    """Return whose session began last; it ends now if wanted."""
    with stage.house.database.writing() as session:
        row = session.scalars(sa.select(WebSession).order_by(WebSession.id.desc()).limit(1)).one()
        row.ended_at = clock.now() if ended else None
        return row.person_id


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_what_was_typed_when_a_session_ended_is_sent_after_signing_in(
    stage: Stage, *, scripts: bool
) -> None:
    page = stage.enter("resident_coordinator", "KEN", scripts=scripts)
    request = opened(stage, page)
    page.goto(f"{request}/edit/what")
    page.fill("#title", "Evidence from telephones")
    page.fill("#summary", WORDS)
    person = newest(stage, ended=True)
    page.click("text=Save and go back")
    expect(page.locator("h1")).to_have_text("Your session has ended")
    expect(page.locator("main")).to_contain_text(WORDS)
    anew = signed_in(stage.house, person)  # in another window of the same browser
    know(page.context, stage.url, {COOKIE: anew})
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("h1")).to_have_text("Look it over and send it again")
    page.get_by_role("button", name="Send it").click()
    page.wait_for_url("**/filing")
    page.goto(f"{request}/edit/what")
    expect(page.locator("#summary")).to_have_value(WORDS)
    expect(page.locator("[data-draft-found]")).to_be_hidden()


def test_one_is_warned_before_a_session_ends_and_can_go_on(stage: Stage) -> None:
    page = stage.enter("resident_coordinator", "KEN", scripts=True)
    page.clock.install()
    page.goto(f"{stage.url}/requests/new")
    notice = page.locator("#ends")
    page.clock.run_for("24:00")
    expect(notice).to_be_hidden()
    page.clock.run_for("01:30")
    expect(notice).to_be_visible()
    page.get_by_role("button", name="Stay signed in").click()
    expect(notice).to_be_hidden()
    page.clock.run_for("25:30")
    expect(notice).to_be_visible()


def test_a_form_of_an_earlier_session_carries_nothing_out_by_itself(hall: Hall) -> None:
    old = hall.reader("resident_coordinator", "KEN")
    form = old.form("/requests/new") | {"title": ["Made before"], "countries": ["KEN"]}
    new = hall.reader("resident_coordinator", "KEN")
    back = new.post("/requests/new", form)
    assert back.status_code == 403
    assert "Made before" in back.text
    assert "Made before" not in new.page("/requests"), "nothing was carried out"
    sent = new.send("/requests/new", {}, back.text)
    assert sent.status_code == 303, words_of(sent.text)
    assert "Made before" in new.page("/requests")


def test_no_secret_is_ever_given_back(hall: Hall) -> None:
    reader = hall.reader("desk_officer")
    form = {"csrf": "of-another-session", "present": "my present one", "password": "my next one"}
    for kept in (reader, type(reader)(reader.http, "ses_gone")):
        answer = kept.post("/account/password", form)
        assert answer.status_code in (303, 403)
        assert "my present one" not in answer.text
