"""Withdrawal by the country: before and during delivery, final, and followed by a new request."""

from app.cli.demo import delivery
from app.cli.demo.play import entities_of, match
from app.cli.demo.story import Story
from tests.journeys import acts
from tests.journeys.acts import move_refused, refused, state
from tests.journeys.conftest import Tell


def follow_up(story: Story) -> None:
    """A withdrawn request is final; a new one of the country refers to it."""
    coordinator = story.who("coordinator")
    for who in ("desk", "desk2", story.who("government"), coordinator):
        assert acts.open_to(story, who) == set()
    for trigger in ("submit", "withdraw", "revive", "begin_delivery"):
        assert move_refused(story, coordinator, trigger).code == "transition.not_from_here"
    ended = ("coordinator:KEN", "PATCH", story.path)
    assert refused(story, ended, {"title": "Once more"}, of=story.path).status == 409
    withdrawn = story.reference
    acts.at_triage(story, acts.asking(follows=withdrawn))
    assert story.reference != withdrawn
    assert story.stage.read("desk", story.path)["follows"] == withdrawn


def test_a_country_withdraws_before_delivery(story: Tell) -> None:
    told = story("KEN")
    stage = told.stage
    acts.at_matching(told, acts.asking())
    proposal = told.offer()
    entity = entities_of(proposal)[0]
    for who in ("desk", "screener", f"focal:{entity}"):
        assert move_refused(told, who, "withdraw").status == 403
    stage.move(told.who("government"), told.reference, "withdraw", reason="Plans have changed.")
    assert state(told) == "withdrawn"
    assert acts.last_move(told)["data"]["form"] == {"reason": "Plans have changed."}
    held = stage.read("desk", f"{told.path}/matching/proposals")["items"]
    assert [one["status"] for one in held] == ["superseded"]
    answer = ("desk", "POST", f"{told.path}/matching/responses")
    body = {"entity": entity, "accepted": True, "reason": ""}
    assert refused(told, answer, body, of=told.path).status == 409
    follow_up(told)


def test_a_draft_can_be_withdrawn_and_others_countries_cannot_touch_it(story: Tell) -> None:
    told = story("KEN")
    told.file(acts.asking())
    for who in ("desk", "government:KEN", "coordinator:UGA"):
        assert told.stage.ask(who, "GET", told.path).status == 404
    told.stage.move(told.who("coordinator"), told.reference, "withdraw")
    assert state(told) == "withdrawn"


def test_withdrawal_during_delivery_keeps_what_is_done_and_stops_the_rest(story: Tell) -> None:
    told = story("KEN")
    stage = told.stage
    acts.at_delivery(told, acts.asking(acts.TRAINING, acts.CIRT))
    needs = {n["number"]: n for n in stage.read("desk", f"{told.path}/needs")["items"]}
    given = stage.read("desk", f"{told.path}/assignments")["items"][0]
    entity, need = given["entity"], needs[given["need"]]
    focal = f"focal:{entity}"
    done, running, suspended, planned = [
        delivery.plan_activity(told, entity, need) for _ in range(4)
    ]
    delivery.carry_out(told, entity, done)
    become(told, focal, running, "running")
    become(told, focal, suspended, "running")
    become(told, focal, suspended, "suspended")
    assert statuses(told) == ["done", "running", "suspended", "planned"]
    assert "activity.unended" in move_refused(told, "desk", "complete_delivery").cites

    bare = move_refused(told, told.who("coordinator"), "withdraw")
    assert (bare.status, bare.code) == (422, "transition.form")
    assert move_refused(told, told.who("coordinator"), "withdraw", reason="No.").status == 422
    note = "The first course is held; the country goes on by its own means."
    stage.move(told.who("coordinator"), told.reference, "withdraw", closing_note=note)
    assert state(told) == "withdrawn"
    ended = stage.read("desk", f"{told.path}/delivery")
    assert statuses(told) == ["done", "stopped", "stopped", "stopped"]
    assert [one["reason"] for one in ended["activities"]] == ["", note, note, note]
    assert ended["results"]["activities"]["done"] == 1
    assert ended["results"]["measured"] == 1
    path = f"{told.path}/delivery/activities/{planned}"
    again = (focal, "POST", f"{path}/status")
    assert refused(told, again, {"status": "running"}, of=path).status == 409
    follow_up(told)


def test_one_activity_is_suspended_and_resumed_while_others_go_on(at_matching: Story) -> None:
    told = at_matching
    stage = told.stage
    match(told)
    (need,) = stage.read("desk", f"{told.path}/needs")["items"]
    (given,) = stage.read("desk", f"{told.path}/assignments")["items"]
    entity = given["entity"]
    focal = f"focal:{entity}"
    first, second = (delivery.plan_activity(told, entity, need) for _ in range(2))
    become(told, focal, first, "running")
    become(told, focal, first, "suspended")
    path = f"{told.path}/delivery/activities/{first}"
    halted = (focal, "POST", f"{path}/status")
    assert refused(told, halted, {"status": "done"}, of=path).code == "activity.status"
    delivery.carry_out(told, entity, second)
    assert statuses(told) == ["suspended", "done"]
    assert move_refused(told, "desk", "complete_delivery").cites["activity.unended"] == "C50"
    become(told, focal, first, "running")
    become(told, focal, first, "done")
    again = {"status": "running"}
    assert refused(told, halted, again, of=path).code == "activity.status"
    duties = stage.read("desk", f"{told.path}/delivery")["conditions"]
    if delivery.meet_conditions(told):
        assert duties
    stage.move("desk", told.reference, "complete_delivery")
    delivery.close(told)
    assert state(told) == "closed"


def become(story: Story, who: str, number: int, status: str) -> None:
    """Change the status of one activity."""
    path = f"{story.path}/delivery/activities/{number}"
    story.stage.change(who, "POST", f"{path}/status", {"status": status}, path)


def statuses(story: Story) -> list[str]:
    """Return the status of every activity, by number."""
    shown = story.stage.read("desk", f"{story.path}/delivery")["activities"]
    return [one["status"] for one in sorted(shown, key=lambda one: one["number"])]
