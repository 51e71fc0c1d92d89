"""What a completed assessment serves: other requests, reopening, delivery and its impact."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.assessment import service as assessment
from app.assessment.tables import Assessment
from app.directory.schemas import GrantBody
from app.kit import clock
from app.requests.tables import AssessmentRecord, AssistanceRequest
from tests.assessment.field import Field, in_assessment
from tests.factories.clients import Clients

TOMORROW = (clock.today() + timedelta(days=1)).isoformat()
YESTERDAY = clock.today() - timedelta(days=1)


@pytest.fixture
def field(clients: Clients) -> Field:
    """A request of Kenya in the assessment stage."""
    return in_assessment(clients)


def test_a_valid_assessment_serves_another_request_of_the_same_country(field: Field) -> None:
    field.complete()
    second = in_assessment(field.clients)
    second.plan().ok()
    hint = second.assessor.get(f"{second.path}/questionnaire").ok().body
    assert hint["sections"][0]["blocks"][0]["next"][0]["suggestion"]["value"] == "yes"
    body = {"assessment_of": field.reference}
    lent = second.assessor.post(f"{second.path}/reuse", body).ok().body
    assert (lent["status"], lent["reused_from"]) == ("completed", field.reference)
    findings = second.assessor.get(f"{second.path}/findings").ok().body["items"]
    assert [one["topic"] for one in findings] == ["A3"]
    rested = {"findings": [1], "number": 1}
    second.assessor.post(f"{second.path}/needs", rested).ok()
    second.coordinator.move(second.reference, "complete_assessment").ok()
    assert second.visit().body["code"] == "act.not_in_this_state"


def test_an_expired_assessment_serves_no_other_request(field: Field) -> None:
    field.complete()
    with field.clients.house.database.writing() as session:
        session.execute(sa.update(AssessmentRecord).values(valid_until=YESTERDAY))
        session.execute(sa.update(Assessment).values(valid_until=YESTERDAY))
    second = in_assessment(field.clients)
    body = {"assessment_of": field.reference}
    assert second.assessor.post(f"{second.path}/reuse", body).codes == ["assessment.expired"]


def test_an_assessment_of_another_country_does_not_serve(field: Field) -> None:
    field.complete()
    other = in_assessment(field.clients, country="UGA")
    both = field.clients.person(
        [GrantBody(role="assessor", country="KEN"), GrantBody(role="assessor", country="UGA")]
    )
    refused = both.post(f"{other.path}/reuse", {"assessment_of": field.reference})
    assert refused.codes == ["assessment.other_countries"]
    unseen = other.assessor.post(f"{other.path}/reuse", {"assessment_of": field.reference})
    assert unseen.status == 404


def test_a_reopened_assessment_takes_its_record_and_its_signatures_back(field: Field) -> None:
    field.complete()
    rested = {"findings": [1], "number": 1}
    field.assessor.post(f"{field.path}/needs", rested).ok()
    field.coordinator.move(field.reference, "complete_assessment").ok()
    field.desk.move(field.reference, "reopen_assessment", reason="A group was not heard.").ok()
    whole = field.read().body
    assert (whole["status"], whole["signature"], whole["acknowledgements"]) == ("running", None, [])
    with field.clients.house.database.reading() as session:
        assert session.scalars(sa.select(AssessmentRecord)).all() == []
        assert session.scalars(sa.select(AssistanceRequest.state)).all() == ["assessment"]
    field.visit().ok()


def test_impact_without_a_reassessment_is_not_measured(field: Field) -> None:
    field.complete()
    view = field.desk.get(f"/requests/{field.reference}/delivery/impact").ok().body
    assert view["reassessment"] is None
    assert {one["verdict"] for one in view["changes"]} == {"not_measured"}
    assert {one["change"] for one in view["topics"]} == {None}


def _in_delivery(field: Field) -> None:
    with field.clients.house.database.writing() as session:
        there = {"state": "delivery", "stage": "delivery"}
        session.execute(sa.update(AssistanceRequest).values(there))


def test_a_reassessment_is_compared_with_its_baseline_question_by_question(field: Field) -> None:
    field.complete()
    _in_delivery(field)
    field.plan(kind="reassessment").ok()
    answers = f"{field.path}/answers"
    worse = {"value": "no", "note": "The law was repealed."}
    field.assessor.call("PUT", f"{answers}/A1.3?kind=reassessment", worse).ok()
    view = field.desk.get(f"/requests/{field.reference}/delivery/impact").ok().body
    assert (view["baseline"]["status"], view["reassessment"]["status"]) == ("completed", "running")
    verdicts = {one["question"]: one["verdict"] for one in view["changes"]}
    assert (verdicts["A1.3"], verdicts["A2.3"]) == ("worse", "not_measured")
    topics = {one["topic"]: one["change"] for one in view["topics"]}
    assert (topics["A1"], topics["A2"]) == (-2, None)
    assert field.read().body["kind"] == "comprehensive"


def test_the_database_keeps_an_assessment_that_help_rests_on(field: Field) -> None:
    field.complete()
    _in_delivery(field)
    with (
        pytest.raises(DBAPIError, match="entente gate"),
        field.clients.house.database.writing() as session,
    ):
        assessment.reopen(session, session.scalars(sa.select(AssistanceRequest.id)).one())
    assert field.read().body["status"] == "completed"


def test_help_on_a_rapid_assessment_is_followed_by_a_comprehensive_one(clients: Clients) -> None:
    field = in_assessment(clients, urgent=True)
    field.plan(kind="rapid", comprehensive_due=TOMORROW).ok()
    field.carry_out()
    field.signed_by(field.assessor).ok()
    field.acknowledge().ok()
    rapid = field.countersign().ok().body
    assert rapid["valid_until"] == (clock.today() + timedelta(days=180)).isoformat()
    _in_delivery(field)
    assert field.plan().status == 201
    assert field.read().body["kind"] == "comprehensive"
    assert field.plan(kind="rapid", comprehensive_due=TOMORROW).status == 409


def test_facts_for_the_guards_name_the_signer_and_say_when_there_is_no_assessment(
    field: Field,
) -> None:
    second = in_assessment(field.clients)
    field.complete()
    house = field.clients.house
    with house.database.reading() as session:
        ids = {row.reference: row.id for row in session.scalars(sa.select(AssistanceRequest))}
        pack = house.shelf.latest("needs_assessment")
        standing = assessment.assessment_facts(session, pack, list(ids.values()))
    done, none = standing[ids[field.reference]], standing[ids[second.reference]]
    assert not done.lacks
    assert done.signed_by == {field.assessor.person_id}
    assert [blocker.code for blocker in none.lacks] == ["assessment.none"]
