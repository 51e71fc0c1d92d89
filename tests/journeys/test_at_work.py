"""An entity acts while it is asked or has accepted; afterwards the request is closed to it."""

from app.cli.demo.play import entities_of
from app.cli.demo.story import Story
from tests.journeys import acts


def test_an_entity_that_declined_neither_sees_the_request_nor_acts_in_it(
    at_matching_of_two: Story,
) -> None:
    told = at_matching_of_two
    decliner = entities_of(told.offer())[0]
    focal = f"focal:{decliner}"
    told.respond(decliner, accepted=False, reason="No team is free.")
    for entity in entities_of(told.offer_again()):
        told.respond(entity)
    told.consent()
    assert acts.state(told) == "delivery"
    stage, tag = told.stage, told.stage.obtain("desk", "GET", told.path).tag
    unseen = stage.ask(focal, "GET", "/requests/TA-2026-99999").body["code"]
    tries = (
        ("GET", "", None),
        ("GET", "/options", None),
        ("POST", "/comments", {"text": "We are still here."}),
        ("POST", "/transitions", {"trigger": "complete_delivery", "form": {}}),
    )
    for method, part, body in tries:
        answer = stage.ask(focal, method, f"{told.path}{part}", body, tag)
        assert (answer.status, answer.body["code"]) == (404, unseen), part
    assert acts.state(told) == "delivery"
