"""The assessment through the API: what completes it, what stands against it, who may do what."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.directory.schemas import GrantBody, Role
from app.kit import clock
from app.requests.service import sealed
from app.requests.tables import AssessmentRecord
from tests.assessment.field import LAW, PLAN, Field, in_assessment
from tests.factories.clients import Clients

TOMORROW = (clock.today() + timedelta(days=1)).isoformat()
YESTERDAY = clock.today() - timedelta(days=1)
LACK = {
    "answers": "Section A waits",
    "rights": "Section rights waits",
    "visit": "No past visit to KEN with place and host counts (none).",
    "consultation": "No group of this side",
    "risk": "no crime and risk assessment",
    "finding": "Nothing was found yet",
}


@pytest.fixture
def field(clients: Clients) -> Field:
    """A request of Kenya in the assessment stage."""
    return in_assessment(clients)


def test_an_assessment_is_completed_by_the_second_signature_and_then_opens_the_gate(
    field: Field,
) -> None:
    field.plan().ok()
    field.carry_out()
    rested = {"findings": [1], "number": 1}
    assert field.assessor.post(f"{field.path}/needs", rested).ok().body["findings"] == [1]
    field.signed_by(field.assessor).ok()
    assert (
        "assessment.incomplete"
        in field.coordinator.move(field.reference, "complete_assessment").codes
    )
    field.acknowledge().ok()
    whole = field.countersign().ok().body
    assert (whole["status"], whole["lacks"]) == ("completed", [])
    assert whole["valid_until"] == (clock.today() + timedelta(days=730)).isoformat()
    assert whole["progress"]["answered"] == whole["progress"]["required"]
    field.coordinator.move(field.reference, "complete_assessment").ok()
    kinds = [
        event["kind"]
        for event in field.desk.get(f"/requests/{field.reference}/timeline?limit=200")
        .ok()
        .body["items"]
    ]
    assert {"assessment_signed", "assessment_acknowledged", "assessment_completed"} <= set(kinds)


def test_the_record_tells_later_stages_what_was_found(field: Field) -> None:
    field.complete()
    with field.clients.house.database.reading() as session:
        record = session.scalars(sa.select(AssessmentRecord)).one()
        summary = sealed.summary_of(session, record)
    assert record.reused is False
    assert summary["levels"]["A1"] == {"claimed": 3, "evidenced": 3}
    assert summary["groups"] == ["academia", "police"]
    assert summary["risk_factors"] == ["Shared payment networks"]
    assert summary["findings"] == [1]
    assert summary["rights"]["rights.privacy"] == "yes"


def test_each_lack_stands_against_the_countersignature_until_it_is_mended(field: Field) -> None:
    field.plan().ok()
    field.signed_by(field.assessor).ok()
    field.acknowledge().ok()
    refused = field.countersign()
    assert (refused.status, refused.body["code"]) == (409, "assessment.incomplete")
    said = [blocker["message"] for blocker in refused.body["blockers"]]
    assert all(any(lack in message for message in said) for lack in LACK.values())
    assert field.read().body["countersignature"] is None
    for part, lack in LACK.items():
        assert any(lack in message for message in _lacks(field)), part
        field.step(part)
        assert not any(lack in message for message in _lacks(field)), part


def test_a_claim_without_evidence_stands_against_completion(field: Field) -> None:
    field.plan().ok()
    field.answer("A1.3").ok()
    assert "No evidence shows the yes to A1.3 (level 3)." in _lacks(field)


def _lacks(field: Field) -> list[str]:
    return [lack["message"] for lack in field.read().body["lacks"]]


def test_without_an_acknowledgement_nothing_is_completed(field: Field) -> None:
    field.plan().ok()
    field.carry_out()
    field.signed_by(field.assessor).ok()
    assert field.countersign().codes == ["assessment.not_acknowledged"]


def test_a_plan_without_team_dates_and_hosts_completes_nothing(field: Field) -> None:
    field.plan(team=[], hosts=[], starts_on=None).ok()
    codes = {lack["code"] for lack in field.read().body["lacks"]}
    missing = {"assessment.team_missing", "assessment.hosts_missing", "assessment.dates_missing"}
    assert missing <= codes


def test_the_signer_cannot_countersign(field: Field) -> None:
    both = field.clients.person([*_grants("assessor"), *_grants("resident_coordinator")])
    field.plan().ok()
    field.carry_out()
    field.signed_by(both).ok()
    field.acknowledge().ok()
    assert field.countersign(both).codes == ["four_eyes.same_person"]
    field.countersign().ok()


def _grants(role: Role) -> list[GrantBody]:
    return [GrantBody(role=role, country="KEN")]


def test_the_government_of_another_country_cannot_acknowledge(field: Field) -> None:
    field.plan().ok()
    field.signed_by(field.assessor).ok()
    stranger = field.clients.as_("government", country="UGA")
    body = {"country": "KEN"}
    path = f"{field.path}/acknowledgements"
    tag = field.read().headers["etag"]
    assert stranger.post(path, body, if_match=tag).status == 404
    both = field.clients.person([GrantBody(role="government", country="UGA"), *_grants("assessor")])
    assert both.post(path, body, if_match=tag).status == 403
    assert field.acknowledge(country="UGA").status == 422


def test_nothing_is_acknowledged_or_countersigned_before_it_is_signed(field: Field) -> None:
    field.plan().ok()
    assert field.acknowledge().body["code"] == "assessment.unsigned"
    assert field.countersign().body["code"] == "assessment.unsigned"


def test_a_change_after_signing_makes_the_signatures_lapse(field: Field) -> None:
    field.plan().ok()
    field.signed_by(field.assessor).ok()
    field.acknowledge().ok()
    field.find().ok()
    whole = field.read().body
    assert (whole["signature"], whole["acknowledgements"]) == (None, [])
    events = field.desk.get(f"/requests/{field.reference}/timeline").ok().body["items"]
    assert events[-1]["kind"] == "assessment_signature_lapsed"


def test_a_completed_assessment_is_frozen(field: Field) -> None:
    field.complete()
    for refused in (
        field.visit(),
        field.find(),
        field.consult("police"),
        field.answer("A1.4", LAW),
        field.signed_by(field.assessor),
        field.assessor.change("PATCH", field.path, {"place": "Mombasa"}, of=field.path),
    ):
        assert (refused.status, refused.body["code"]) == (409, "assessment.completed")
    assert field.plan().codes == ["assessment.valid_one_serves"]


def test_what_has_not_happened_yet_cannot_be_recorded_but_planned(field: Field) -> None:
    field.plan(ends_on=TOMORROW).ok()
    assert field.visit(ends_on=TOMORROW).body["code"] == "visit.in_future"
    later = LAW | {"dated": TOMORROW}
    assert field.answer("A1.3", later).body["code"] == "evidence.in_future"
    assert field.visit(country="UGA").body["code"] == "visit.country"


def test_every_fault_of_what_is_recorded_is_told_at_once(field: Field) -> None:
    refused = field.plan(comprehensive_due=TOMORROW, starts_on=TOMORROW)
    assert refused.codes == ["assessment.dates", "assessment.due_of_rapid"]
    field.plan().ok()
    both = [LAW | {"attachment": 98, "dated": TOMORROW}, LAW | {"attachment": 99}]
    answered = {"value": "not_applicable", "answered_on": TOMORROW, "evidence": both}
    refused = field.assessor.call("PUT", f"{field.path}/answers/A1.3", answered)
    assert (refused.status, refused.codes) == (
        422,
        ["answer.in_future", "answer.note_missing", "evidence.in_future"]
        + ["evidence.attachment_unknown"] * 2,
    )
    assert all(blocker["message"] for blocker in refused.body["blockers"])
    assert field.visit(country="UGA", ends_on=TOMORROW).codes == [
        "visit.country",
        "visit.in_future",
    ]
    content = {"likelihood": "huge", "weather": "fine", "impact": "odd"}
    risk = {"content": content, "dated": YESTERDAY.isoformat()}
    refused = field.assessor.call("PUT", f"{field.path}/risk", risk)
    assert refused.codes == ["risk.choice_unknown", "risk.choice_unknown", "risk.field_unknown"]


def test_an_answer_has_a_revision_of_its_own(field: Field) -> None:
    field.plan().ok()
    path = f"{field.path}/answers/A1.3"
    first = field.answer("A1.3", LAW)
    assert (first.status, first.revision) == (201, 1)
    body = {"value": "partial", "evidence": []}
    assert field.assessor.call("PUT", path, body).status == 428
    assert field.assessor.call("PUT", path, body, if_match='"7"').status == 412
    second = field.assessor.call("PUT", path, body, if_match='"1"').ok()
    assert (second.status, second.revision, second.body["evidence"]) == (200, 2, [])
    listed = field.assessor.get(f"{field.path}/answers").ok().body["items"]
    assert [(one["question"], one["value"]) for one in listed] == [("A1.3", "partial")]
    assert field.answer("Z9.9").status == 404


def test_evidence_names_documents_of_this_request_only(field: Field) -> None:
    field.plan().ok()
    refused = field.answer("A1.3", LAW | {"attachment": 99})
    assert (refused.status, refused.body["code"]) == (422, "evidence.attachment_unknown")


def test_the_questions_follow_the_answers(field: Field) -> None:
    field.plan().ok()
    assert _next(field) == ["A1.3"]
    field.answer("A1.3", LAW).ok()
    assert _next(field) == ["A1.4"]
    field.assessor.call("PUT", f"{field.path}/answers/A1.3", {"value": "no"}, if_match='"1"').ok()
    assert _next(field) == ["A1.2"]


def _next(field: Field) -> list[str]:
    sections = field.assessor.get(f"{field.path}/questionnaire").ok().body["sections"]
    return [question["code"] for question in sections[0]["blocks"][0]["next"]]


def test_the_profile_shows_the_claim_beside_what_is_evidenced(field: Field) -> None:
    field.plan().ok()
    field.answer("A1.3").ok()
    topics = field.assessor.get(f"{field.path}/profile").ok().body["topics"]
    assert (topics[0]["claimed"], topics[0]["evidenced"]) == (3, 1)
    assert (topics[1]["claimed"], topics[1]["evidenced"]) == (None, None)


def test_a_rapid_assessment_is_for_confirmed_urgency_and_dates_the_comprehensive_one(
    clients: Clients,
) -> None:
    ordinary = in_assessment(clients)
    refused = ordinary.plan(kind="rapid", comprehensive_due=TOMORROW)
    assert refused.codes == ["assessment.rapid_only_when_urgent"]
    urgent = in_assessment(clients, urgent=True)
    assert urgent.plan(kind="rapid").body["code"] == "assessment.comprehensive_date_missing"
    late = YESTERDAY.isoformat()
    assert urgent.plan(kind="rapid", comprehensive_due=late).status == 422
    assert urgent.plan(kind="rapid", comprehensive_due=TOMORROW).status == 201


def test_a_reassessment_waits_for_help(field: Field) -> None:
    refused = field.plan(kind="reassessment")
    assert "assessment.reassessment_too_early" in refused.codes


def test_a_self_assessment_is_the_governments_own(field: Field) -> None:
    body = PLAN | {"kind": "self"}
    assert field.assessor.post(field.path, body).status == 403
    assert field.government.post(field.path, body).status == 201
    own = f"{field.path}/findings?kind=self"
    assert field.assessor.post(own, {"topic": "A1", "text": "Ours."}).status == 403
    assert field.government.post(own, {"topic": "A1", "text": "Ours."}).status == 201
    assert field.assessor.get(field.path).status == 404


def test_a_second_one_is_not_planned_while_one_is_under_way_but_it_can_be_given_up(
    field: Field,
) -> None:
    field.plan().ok()
    assert field.plan().codes == ["assessment.under_way"]
    assert field.assessor.call("PATCH", field.path, {"void": True}).status == 428
    field.assessor.change("PATCH", field.path, {"void": True}, of=field.path).ok()
    assert field.plan().status == 201
    listed = field.assessor.get(f"/requests/{field.reference}/assessments").ok().body["items"]
    assert [one["status"] for one in listed] == ["void", "planned"]


def test_a_new_need_rests_on_findings(field: Field) -> None:
    field.plan().ok()
    field.find().ok()
    need = {"area": "A", "topic": "A3", "text": "Training of judges"}
    made = field.assessor.post(f"{field.path}/needs", {"findings": [1], "need": need})
    assert (made.status, made.body["origin"], made.body["findings"]) == (201, "assessment", [1])
    wrong = field.assessor.post(
        f"{field.path}/needs", {"findings": [1], "need": need | {"topic": "B1"}}
    )
    assert wrong.body["code"] == "need.topic_unknown"
    assert field.assessor.post(f"{field.path}/needs", {"findings": [9], "number": 1}).status == 404


def test_who_signed_does_not_assure_a_government_of_it_in_another_name_either(
    clients: Clients, field: Field
) -> None:
    field.plan().ok()
    field.carry_out()
    both = [GrantBody(role="assessor", country="KEN"), GrantBody(role="government", country="KEN")]
    twice = clients.person(both)
    field.signed_by(twice).ok()
    lent = {
        "person_id": field.desk.person_id,
        "role": "government",
        "country": "KEN",
        "valid_to": (clock.now() + timedelta(days=1)).isoformat(),
    }
    number = str(twice.post("/me/delegations", lent).ok().body["id"])
    tag = field.read().headers["etag"]
    path, body = f"{field.path}/acknowledgements", {"country": "KEN"}
    for who, under in ((twice, {}), (field.desk, {"delegation": number})):
        refused = who.post(path, body, if_match=tag, **under)
        assert (refused.status, refused.codes) == (409, ["four_eyes.same_person"])
    field.acknowledge().ok()
    field.countersign().ok()
