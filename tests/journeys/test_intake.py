"""Intake: drafts are never lost, what is missing is said at once, internal and unlabelled matters."""

from typing import Any

from app.cli.demo.story import Story
from tests.journeys import acts
from tests.journeys.acts import move_refused, refused, state
from tests.journeys.conftest import Tell


def test_an_incomplete_draft_hears_everything_at_once_and_is_not_lost(story: Tell) -> None:
    told = story("KEN")
    stage, coordinator = told.stage, told.who("coordinator")
    told.file({"countries": ["KEN"], "title": "", "summary": "Too short."})
    why = move_refused(told, coordinator, "submit")
    assert (why.status, why.code) == (409, "transition.blocked")
    assert why.cites == {
        "request.title_missing": "F10",
        "request.summary_missing": "F10",
        "request.authority_missing": "F10",
        "request.needs_missing": "F22",
    }
    assert all(why.sentences.values())
    need = {"area": "D", "topic": "D6a", "text": ""}
    stage.add(coordinator, f"{told.path}/needs", need)
    assert "request.need_text_missing" in move_refused(told, coordinator, "submit").cites
    kept = stage.read(coordinator, told.path)
    assert (kept["state"], kept["summary"], len(kept["needs"])) == ("draft", "Too short.", 1)

    texts = {name: acts.asking()[name] for name in ("title", "summary", "authority")}
    stage.change(coordinator, "PATCH", told.path, texts, told.path)
    unknown = (coordinator, "PATCH", f"{told.path}/needs/1")
    for strange in ({"topic": "D99"}, {"area": "Z"}, {"kind": "magic"}):
        assert refused(told, unknown, strange, of=told.path).status == 422
    stage.change(coordinator, "PATCH", f"{told.path}/needs/1", acts.TRAINING, told.path)
    told.submit()
    assert state(told) == "triage"
    kept = stage.read(coordinator, f"{told.path}/versions")["items"]
    assert "Too short." in [one["content"].get("summary") for one in kept]


def test_an_internal_matter_is_redirected_with_the_reason(story: Tell) -> None:
    told = story("KEN")
    stage = told.stage
    acts.at_triage(told, acts.asking())
    assert move_refused(told, "desk", "redirect").cites == {"matter.not_internal": "F2"}
    assert move_refused(told, "desk", "start_assessment").cites == {"matter.undecided": "F2"}
    bare = ("desk", "PUT", f"{told.path}/matter")
    assert refused(told, bare, {"internal": True, "reason": ""}, of=told.path).status == 422
    matter = {"internal": True, "reason": "It concerns the mail of a country office."}
    stage.change("desk", "PUT", f"{told.path}/matter", matter, told.path)
    assert move_refused(told, "desk", "start_assessment").cites == {"matter.internal": "F2"}
    stage.move("desk", told.reference, "redirect")
    assert state(told) == "redirected"
    (decided,) = acts.happened(told, "matter_decided")
    assert decided["data"] == matter | {"cite": "F2"}
    assert acts.open_to(told, told.who("coordinator")) == set()


def judge(story: Story, element: str, verdict: str) -> None:
    """Give the verdict on one cyber element."""
    path = f"{story.path}/elements/{element}"
    body = {"verdict": verdict, "reason": "The plan was read for it."}
    story.stage.change("desk", "PUT", path, body, story.path)


def test_a_request_not_labelled_cyber_takes_a_verdict_on_every_element(story: Tell) -> None:
    told = story("KEN")
    stage = told.stage
    acts.at_triage(told, acts.asking(cyber_labelled=False))
    matter = {"internal": False, "reason": "A Member State asks."}
    stage.change("desk", "PUT", f"{told.path}/matter", matter, told.path)
    elements: list[dict[str, Any]] = stage.read("desk", f"{told.path}/elements")["items"]
    assert all(one["verdict"] is None and one["cite"] for one in elements)
    *others, last = [one["element"] for one in elements]
    why = move_refused(told, "desk", "start_assessment")
    assert set(why.cites) == {"elements.unexamined", "elements.none_found"}
    assert set(why.cites.values()) == {"F15"}
    for element in others:
        judge(told, element, "absent")
    why = move_refused(told, "desk", "start_assessment")
    assert set(why.cites) == {"elements.unexamined", "elements.none_found"}
    assert set(move_refused(told, "desk", "redirect_non_cyber").cites) >= {"elements.unexamined"}
    judge(told, last, "absent")
    assert move_refused(told, "desk", "start_assessment").cites == {"elements.none_found": "F15"}
    assert "redirect_non_cyber" in acts.open_to(told, "desk")
    judge(told, others[0], "present")
    stage.move("desk", told.reference, "start_assessment")
    assert state(told) == "assessment"
    told.assess()
    told.complete_assessment()
    told.screen()
    told.pass_screening()
    assert state(told) == "matching"


def test_a_request_without_any_cyber_element_is_redirected(story: Tell) -> None:
    told = story("KEN")
    acts.at_triage(told, acts.asking(cyber_labelled=False))
    for one in told.stage.read("desk", f"{told.path}/elements")["items"]:
        judge(told, one["element"], "absent")
    told.stage.move("desk", told.reference, "redirect_non_cyber")
    assert acts.last_move(told)["data"]["cite"] == "F15"
    assert state(told) == "redirected"


def test_the_work_of_others_in_the_country_is_recorded(story: Tell) -> None:
    told = story("KEN")
    acts.at_triage(told, acts.asking())
    work = {
        "who": "A development bank",
        "what": "Courses for judges.",
        "topics": ["D6a"],
        "until": "2027-12-31",
    }
    told.stage.add("desk", f"{told.path}/standing-work", work)
    (kept,) = told.stage.read("government:KEN", f"{told.path}/standing-work")["items"]
    assert kept == work | {"number": 1}
