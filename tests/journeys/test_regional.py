"""A regional request: every government acknowledges and consents; one alone is not enough."""

from app.cli.demo.play import entities_of
from app.cli.demo.story import Story
from tests.journeys import acts
from tests.journeys.acts import move_refused, refused, state
from tests.journeys.conftest import Tell

CONTACTS = {
    "area": "E",
    "topic": "E2",
    "kind": "joint_meeting",
    "text": "A network of contact points that answer at any hour.",
}


def assessed_by_both(story: Story) -> None:
    """Complete the assessment; it lacks something until the second government has seen it."""
    stage = story.stage
    story.prepare_assessment()
    room = f"{story.path}/assessment"
    countersign = ("coordinator:FJI", "POST", f"{room}/countersignature")
    acknowledge = ("government:FJI", "POST", f"{room}/acknowledgements")
    unsigned = refused(story, acknowledge, {"country": "FJI"}, of=room)
    assert unsigned.code == "assessment.unsigned"
    stage.change("assessor:FJI", "POST", f"{room}/sign", None, room)
    assert refused(story, acknowledge, {"country": "WSM"}, of=room).status == 403
    stage.change("government:FJI", "POST", f"{room}/acknowledgements", {"country": "FJI"}, room)
    why = refused(story, countersign, of=room)
    assert why.cites == {"assessment.not_acknowledged": "F19, C65"}
    assert "WSM" in why.sentences["assessment.not_acknowledged"]
    stage.change("government:WSM", "POST", f"{room}/acknowledgements", {"country": "WSM"}, room)
    stage.change("coordinator:FJI", "POST", f"{room}/countersignature", None, room)


def test_a_regional_request_takes_every_government(story: Tell) -> None:
    told = story("FJI", "WSM")
    stage, coordinator = told.stage, told.who("coordinator")
    told.file(acts.asking(CONTACTS, countries=["FJI"], regional=True))
    why = move_refused(told, coordinator, "submit")
    assert why.cites == {"request.regional_needs_countries": "F30"}
    both = {"countries": ["FJI", "WSM"]}
    stage.change(coordinator, "PATCH", told.path, both, told.path)
    told.submit()
    for who in ("coordinator:WSM", "government:WSM", "government:FJI"):
        assert stage.read(who, told.path)["countries"] == ["FJI", "WSM"]
    assert stage.ask("government:KEN", "GET", told.path).status == 404
    told.triage()

    assessed_by_both(told)
    told.complete_assessment()

    told.screen()
    told.pass_screening()
    for entity in entities_of(told.offer()):
        told.respond(entity)
    assert state(told) == "consent"
    word = {"country": "FJI", "given": True, "reason": ""}
    consents = f"{told.path}/matching/consents"
    stage.change("government:FJI", "POST", consents, word, told.path)
    assert state(told) == "consent"
    for_another = ("government:FJI", "POST", consents)
    assert refused(told, for_another, word | {"country": "WSM"}, of=told.path).status == 403
    why = move_refused(told, "desk", "begin_delivery")
    assert why.cites == {"consent.missing": "F19"}
    assert "WSM" in why.sentences["consent.missing"]
    stage.change("government:WSM", "POST", consents, word | {"country": "WSM"}, told.path)
    assert state(told) == "delivery"
    acts.finish(told)


def test_one_government_that_refuses_is_enough_to_stop_a_match(story: Tell) -> None:
    told = story("FJI", "WSM")
    body = acts.asking(CONTACTS, countries=["FJI", "WSM"], regional=True)
    acts.at_matching(told, body)
    for entity in entities_of(told.offer()):
        told.respond(entity)
    path = f"{told.path}/matching/consents"
    word = {"country": "FJI", "given": True, "reason": ""}
    told.stage.change("government:FJI", "POST", path, word, told.path)
    no = {"country": "WSM", "given": False, "reason": "Another entity is preferred."}
    told.stage.change("government:WSM", "POST", path, no, told.path)
    assert state(told) == "matching"
