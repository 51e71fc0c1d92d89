"""Filing by pages: steps, what is missing, what words suggest; and that no word typed is lost."""

import re

from tests.web.conftest import Hall
from tests.web.readers import Reader, hidden, words_of

WORDS = "Our police cannot preserve electronic evidence from telephones for the courts."


def opened(coordinator: Reader, title: str = "") -> str:
    """Open a draft by the page and return its address."""
    form = {"countries": "KEN", "title": title, "language": "en"}
    answer = coordinator.send("/requests/new", form)
    assert answer.status_code == 303, words_of(answer.text)
    return answer.headers["location"].removesuffix("/filing")


def saved(coordinator: Reader, path: str, **form: str) -> None:
    answer = coordinator.send(path, form)
    assert answer.status_code == 303, words_of(answer.text)


def test_a_draft_is_written_in_steps_and_submitted(coordinator: Reader) -> None:
    request = opened(coordinator)
    steps = coordinator.page(f"{request}/filing")
    for field in ("edit/what#title", "edit/what#summary", "edit/who#authority", "needs/new"):
        assert f'href="{request}/{field}"' in steps, "everything missing is said at once"
    what = coordinator.page(f"{request}/edit/what")
    assert 'aria-describedby="summary-hint summary-lacks"' in what, "and beside its field"
    assert "Write a summary of at least 20 characters. F10" in words_of(what)
    saved(coordinator, f"{request}/edit/what", title="Evidence", summary=WORDS)
    assert "still missing" not in coordinator.page(f"{request}/edit/what")
    saved(coordinator, f"{request}/edit/who", countries="KEN", authority="Judiciary")
    saved(coordinator, f"{request}/needs/new", text=WORDS, area="A", priority="2")
    steps = coordinator.page(f"{request}/filing")
    assert "Nothing is missing." in steps
    answer = coordinator.send(f"{request}/moves/submit", {})
    assert answer.status_code == 303, words_of(answer.text)
    assert "Received" in coordinator.page(request)


def test_one_step_changes_its_own_fields_and_no_other(coordinator: Reader) -> None:
    request = opened(coordinator, "A title")
    saved(coordinator, f"{request}/edit/who", countries="KEN", authority="Judiciary")
    page = coordinator.page(f"{request}/edit/what")
    assert 'name="authority"' not in page
    saved(coordinator, f"{request}/edit/what", title="A title", summary=WORDS)
    assert "Judiciary" in coordinator.page(request)


def test_a_step_that_nobody_knows_is_not_there(coordinator: Reader) -> None:
    request = opened(coordinator)
    assert coordinator.get(f"{request}/edit/everything").status_code == 404


def test_a_stale_edit_shows_both_wordings_and_overwrites_nothing(coordinator: Reader) -> None:
    request = opened(coordinator, "First")
    path = f"{request}/edit/what"
    old = coordinator.page(path)
    saved(coordinator, path, title="Another was quicker")
    back = coordinator.send(path, {"title": "Mine"}, old)
    assert back.status_code == 412
    assert 'value="Mine"' in back.text
    assert "Another was quicker" in words_of(back.text)
    told = words_of(back.text)
    assert "Somebody changed it while this page was open. Nothing was overwritten." in told
    assert "revision" not in told, "numbers are for programs"
    assert f'href="{request}/timeline"' in back.text, "one can see who, and what"
    assert "Another was quicker" in coordinator.page(request), "nothing was overwritten"
    again = coordinator.send(path, {"title": "Mine"}, back.text)
    assert again.status_code == 303
    assert "Mine" in coordinator.page(request)


def test_both_versions_stand_side_by_side_in_words_with_what_differs(coordinator: Reader) -> None:
    request = opened(coordinator, "First")
    what, who = f"{request}/edit/what", f"{request}/edit/who"
    old = [coordinator.page(one) for one in (what, who)]
    saved(coordinator, what, title="First", summary="Courts release <suspects> each month")
    saved(coordinator, who, countries="KEN", language="fr", authority="Judiciary")
    mine = {"title": "First", "summary": "Courts release many"}
    back = coordinator.send(what, mine, old[0]).text
    both = back.split('<div class="both">')
    assert len(both) == 2, "only what differs stands twice"
    assert "Courts release many</textarea>" in both[1]
    assert "Courts release <ins>&lt;suspects&gt; each month</ins>" in both[1]
    back = coordinator.send(who, {"countries": "KEN", "language": "es"}, old[1]).text
    assert "What stands there now: Français" in words_of(back), "no code"
    assert "What stands there now: Judiciary" in words_of(back)


def test_a_step_that_another_took_meanwhile_says_so_and_keeps_the_remark(
    coordinator: Reader,
) -> None:
    request = opened(coordinator, "Two tabs")
    path = f"{request}/moves/withdraw"
    old = coordinator.page(path)
    saved(coordinator, path, reason="A donor helps")
    answer = coordinator.send(path, {"reason": "We changed our mind"}, old)
    assert answer.status_code == 409
    assert "We changed our mind</textarea>" in answer.text
    told = words_of(answer.text)
    assert "this step does not begin where it stands now" in told
    assert f'<a href="{request}">Cancel</a>' in answer.text, "there is a way back"
    for gone in ("moves/withdraw", "edit/what"):
        page = coordinator.get(f"{request}/{gone}")
        assert f'href="{request}">Back to the request' in page.text
        assert "'" not in words_of(page.text), "no code in quotes"
    form = hidden(old) | {"reason": "x"}
    assert coordinator.post(f"{request}/moves/nothing", form).status_code == 404


def test_what_cannot_be_taken_comes_back_as_typed_with_the_field_named(coordinator: Reader) -> None:
    request = opened(coordinator)
    form = {"text": "My words", "priority": "9"}
    answer = coordinator.send(f"{request}/needs/new", form)
    assert answer.status_code == 422
    assert "My words</textarea>" in answer.text
    assert 'id="area-fault"' in answer.text
    assert 'id="priority-fault"' in answer.text
    assert '<a href="#area">' in answer.text, "the summary leads to the field"


def test_words_are_kept_where_the_state_forbids_the_act_meanwhile(coordinator: Reader) -> None:
    request = opened(coordinator, "Evidence")
    page = coordinator.page(f"{request}/needs/new")
    assert coordinator.send(f"{request}/moves/withdraw", {"reason": "no"}).status_code == 303
    answer = coordinator.send(f"{request}/needs/new", {"text": WORDS, "area": "A"}, page)
    assert answer.status_code == 412
    assert WORDS in answer.text
    again = coordinator.send(f"{request}/needs/new", {"text": WORDS, "area": "A"}, answer.text)
    assert again.status_code == 409
    assert WORDS in again.text


def test_words_suggest_topics_and_a_person_takes_one(coordinator: Reader) -> None:
    request = opened(coordinator)
    page = coordinator.page(f"{request}/needs/new")
    typed = hidden(page) | {"text": WORDS, "area": "", "asks": "words"}
    found = coordinator.post(f"{request}/needs/suggest", typed)
    assert found.status_code == 200
    offered = re.findall(r'name="asks" value="(topic:[A-Z0-9a-z]+)"', found.text)
    assert offered
    assert "<q" in found.text, "each suggestion shows the words that it rests on"
    taken = coordinator.post(f"{request}/needs/suggest", typed | {"asks": offered[0]})
    topic = offered[0].partition(":")[2]
    assert f'value="{topic}" selected' in taken.text
    assert WORDS in taken.text
    assert f'action="{request}/needs/new"' in taken.text
    assert "No need is stated yet." in coordinator.page(f"{request}/needs"), "nothing was kept"


def test_a_need_is_changed_and_dropped(coordinator: Reader) -> None:
    request = opened(coordinator)
    saved(coordinator, f"{request}/needs/new", text=WORDS, area="A", topic="A3", priority="2")
    form = {"text": WORDS, "area": "A", "topic": "", "priority": "1", "dropped": "yes"}
    saved(coordinator, f"{request}/needs/1/edit", **form)
    shown = words_of(coordinator.page(f"{request}/needs"))
    assert "dropped" in shown
    assert "A3" not in shown, "a topic can be taken back"


def test_who_may_not_write_is_shown_no_form(hall: Hall, coordinator: Reader) -> None:
    request = opened(coordinator)
    government = hall.reader("government", "KEN")
    assert government.get(f"{request}/filing").status_code == 404, "a draft is the coordinator's"
    auditor = hall.reader("auditor")
    assert auditor.get(f"{request}/edit/what").status_code == 403
    assert auditor.get("/requests/new").status_code == 403
    assert f"{request}/edit/what" not in auditor.page(f"{request}/filing")
