"""An entity acts while it is asked or has accepted; later it only sees what it was asked about."""

from app.cli.demo.play import entities_of
from tests.journeys import acts
from tests.journeys.acts import refused
from tests.journeys.conftest import Tell


def test_an_entity_that_declined_sees_the_request_and_does_nothing_in_it(story: Tell) -> None:
    told = story("KEN")
    acts.at_matching(told, acts.asking(acts.TRAINING, acts.CIRT))
    decliner = entities_of(told.offer())[0]
    focal = f"focal:{decliner}"
    told.respond(decliner, accepted=False, reason="No team is free.")
    for entity in entities_of(told.offer()):
        told.respond(entity)
    told.consent()
    assert acts.state(told) == "delivery"
    assert told.stage.read(focal, told.path)["reference"] == told.reference
    options = told.stage.read(focal, f"{told.path}/options")
    assert [one["act"] for one in options["acts"] if one["allowed"]] == []
    assert options["items"] == []
    remark = (focal, "POST", f"{told.path}/comments")
    assert refused(told, remark, {"text": "We are still here."}).code == "act.role"
    move = (focal, "POST", f"{told.path}/transitions")
    done = refused(told, move, {"trigger": "complete_delivery"}, of=f"{told.path}/status")
    assert (done.status, done.code) == (403, "transition.role")
