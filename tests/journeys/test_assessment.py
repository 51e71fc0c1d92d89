"""The gate: self-assessments never open it, valid assessments are reused, nothing goes around it."""

from datetime import timedelta

from app.cli.demo.play import entities_of
from app.cli.demo.stage import Stage
from app.cli.demo.story import Story
from tests.journeys import acts
from tests.journeys.acts import move_refused, refused, state
from tests.journeys.conftest import Tell


def test_a_self_assessment_never_opens_the_gate(story: Tell) -> None:
    told = story("KEN")
    stage = told.stage
    acts.at_assessment(told, acts.asking())
    assert move_refused(told, told.who("coordinator"), "complete_assessment").cites == {
        "assessment.incomplete": "F32, F41",
        "assessment.none": "F32",
        "need.without_finding": "F32",
    }
    plan = ("assessor:KEN", "POST", f"{told.path}/assessment")
    assert refused(told, plan, {"kind": "self"}).status == 403
    government = Stage(
        stage.send, stage.players | {"assessor:KEN": stage.players["government:KEN"]}
    )
    own = Story(government, told.countries, told.today, told.reference)
    own.prepare_assessment("self")
    room = f"{told.path}/assessment"
    whole = f"{room}?kind=self"
    stage.change("government:KEN", "POST", f"{room}/sign?kind=self", None, whole)
    assert stage.read("desk", whole)["status"] == "completed"
    for who in (told.who("coordinator"), "desk"):
        why = move_refused(told, who, "complete_assessment")
        assert why.cites["assessment.incomplete"] == "F32, F41"
    assert state(told) == "assessment"
    told.assess()
    told.complete_assessment()
    assert state(told) == "screening"


def test_what_is_dated_ahead_or_has_no_visit_completes_nothing(story: Tell) -> None:
    told = story("KEN")
    acts.at_assessment(told, acts.asking())
    stage, room = told.stage, f"{told.path}/assessment"
    plan = {"kind": "comprehensive", "starts_on": str(told.today), "ends_on": str(told.today)}
    stage.add("assessor:KEN", room, plan)
    ahead = str(told.today + timedelta(days=30))
    visit = {"country": "KEN", "place": "The capital", "host": "Ministry of ICT"}
    visit |= {"starts_on": str(told.today), "ends_on": ahead}
    visited = ("assessor:KEN", "POST", f"{room}/visits")
    assert refused(told, visited, visit).status == 422
    asked = stage.read("assessor:KEN", f"{room}/questionnaire")["sections"]
    code = next(one["code"] for part in asked for block in part["blocks"] for one in block["next"])
    answered = ("assessor:KEN", "PUT", f"{room}/answers/{code}")
    document = {"kind": "document", "source": "The law", "dated": ahead, "in_country": True}
    for evidence in (document, document | {"source": " ", "dated": str(told.today)}):
        body = {"value": "yes", "note": "Seen.", "evidence": [evidence]}
        assert refused(told, answered, body).status == 422
    stage.change("assessor:KEN", "POST", f"{room}/sign", None, room)
    acknowledgement = {"country": "KEN"}
    stage.change("government:KEN", "POST", f"{room}/acknowledgements", acknowledgement, room)
    why = refused(told, ("coordinator:KEN", "POST", f"{room}/countersignature"), of=room)
    assert why.code == "assessment.incomplete"
    assert {"assessment.visit_missing", "assessment.team_missing"} <= set(why.cites)
    assert why.cites["assessment.visit_missing"] == "F32, F41"


def test_a_valid_assessment_serves_another_request_of_the_same_country(story: Tell) -> None:
    first = story("KEN")
    acts.at_screening(first, acts.asking())
    told = story("KEN")
    stage = told.stage
    acts.at_assessment(told, acts.asking(title="Courses for judges"))
    room = f"{told.path}/assessment"
    stage.add("coordinator:KEN", f"{room}/reuse", {"assessment_of": first.reference})
    served = stage.read("desk", room)
    assert (served["status"], served["reused_from"]) == ("completed", first.reference)
    findings = stage.read("assessor:KEN", f"{room}/findings")["items"]
    why = move_refused(told, "coordinator:KEN", "complete_assessment")
    assert why.cites == {"need.without_finding": "F32"}
    rests = {"findings": [findings[0]["number"]], "number": 1}
    stage.add("assessor:KEN", f"{room}/needs", rests)
    told.complete_assessment()
    assert told.screen() in ("pass", "pass_with_conditions")
    told.pass_screening()
    assert state(told) == "matching"

    other = story("KEN", "UGA")
    acts.at_assessment(other, acts.asking(countries=["KEN", "UGA"], regional=True))
    call = ("coordinator:KEN", "POST", f"{other.path}/assessment/reuse")
    why = refused(other, call, {"assessment_of": first.reference})
    assert why.cites == {"assessment.other_countries": "F32"}
    alone = story("UGA")
    acts.at_assessment(alone, acts.asking(countries=["UGA"]))
    call = ("coordinator:UGA", "POST", f"{alone.path}/assessment/reuse")
    assert refused(alone, call, {"assessment_of": first.reference}).status == 404


def closed_to_help(story: Story) -> None:
    """Delivery can neither be begun nor worked on from here, by anybody."""
    for who in ("desk", "desk2", "admin", story.who("coordinator")):
        status = story.stage.read("auditor", f"{story.path}/status")
        tag = f'"{status["revision"]}"'
        body = {"trigger": "begin_delivery", "form": {}}
        path = f"{story.path}/transitions"
        assert story.stage.ask(who, "POST", path, body, tag).status in (403, 404, 409)
    activity = {
        "entity": "unodc",
        "need": 1,
        "title": "Help at once",
        "kind": "training",
        "findings": [1],
        "starts_on": str(story.today),
        "ends_on": str(story.today),
    }
    path = f"{story.path}/delivery/activities"
    assert story.stage.ask("desk", "POST", path, activity).status in (404, 409)
    assert not acts.open_to(story, "auditor")
    assert state(story) not in ("delivery", "evaluation")


def test_delivery_begins_by_no_other_way(story: Tell) -> None:
    told = story("KEN")
    told.file(acts.asking())
    assert told.stage.ask("desk", "GET", told.path).status == 404
    told.submit()
    closed_to_help(told)
    told.triage()
    closed_to_help(told)
    assert move_refused(told, "desk", "complete_assessment").cites["assessment.incomplete"]
    told.prepare_assessment()
    closed_to_help(told)
    told.sign_assessment()
    told.complete_assessment()
    closed_to_help(told)
    told.screen()
    told.pass_screening()
    closed_to_help(told)
    proposal = told.offer()
    closed_to_help(told)
    why = move_refused(told, "desk", "match_accepted")
    assert why.cites == {"match.not_accepted": "F41"}
    for entity in entities_of(proposal):
        told.respond(entity)
    assert state(told) == "consent"
    closed_to_help(told)
    why = move_refused(told, "desk", "begin_delivery")
    assert why.cites == {"consent.missing": "F19"}
    told.consent()
    acts.finish(told)


def test_reopening_the_assessment_shuts_the_gate_again(at_matching: Story) -> None:
    told = at_matching
    told.stage.move("desk", told.reference, "reopen_assessment", reason="New facts came to light.")
    assert state(told) == "assessment"
    closed_to_help(told)
    why = move_refused(told, "coordinator:KEN", "complete_assessment")
    assert why.cites["assessment.incomplete"] == "F32, F41"
    told.sign_assessment()
    told.complete_assessment()
    assert "screening.undecided" in move_refused(told, "screener", "pass_screening").cites
