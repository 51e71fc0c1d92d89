"""An assessment that serves several requests: reopening one takes nothing from the others."""

import pytest

from app.kit import clock
from tests.assessment.field import Field, in_assessment
from tests.factories.clients import Client, Clients

RESTED = {"findings": [1], "number": 1}


def lent(clients: Clients) -> tuple[Field, Field]:
    """Return a request whose assessment is complete, and a second one that it serves too."""
    first, second = in_assessment(clients), in_assessment(clients)
    first.complete()
    borrow(second.assessor, first, second)
    return first, second


def borrow(assessor: Client, first: Field, second: Field) -> None:
    assessor.post(f"{second.path}/reuse", {"assessment_of": first.reference}).ok()


def reopened(field: Field) -> None:
    field.assessor.post(f"{field.path}/needs", RESTED).ok()
    field.coordinator.move(field.reference, "complete_assessment").ok()
    field.desk.move(field.reference, "reopen_assessment", reason="A group was not heard.").ok()


def test_an_assessment_that_serves_another_request_stays_complete_for_it(clients: Clients) -> None:
    first, second = lent(clients)
    reopened(first)
    assert second.read().body["status"] == "completed"
    assert first.visit().body["code"] == "assessment.completed"
    assert first.coordinator.move(first.reference, "complete_assessment").status == 409
    assert first.plan().status == 201
    assert first.read().body["status"] == "planned"


def test_a_reopened_assessment_serves_nobody_until_it_is_complete_again(clients: Clients) -> None:
    first, second = in_assessment(clients), in_assessment(clients)
    first.complete()
    reopened(first)
    body = {"assessment_of": first.reference}
    assert second.assessor.post(f"{second.path}/reuse", body).codes == ["assessment.none"]


def test_findings_are_brought_over_once_however_often_one_reuses(clients: Clients) -> None:
    first, second = lent(clients)
    reopened(second)
    borrow(second.assessor, first, second)
    assert [one["number"] for one in findings(second)] == [1]
    assert second.coordinator.move(second.reference, "complete_assessment").status == 200


def findings(field: Field) -> list[dict[str, object]]:
    found: list[dict[str, object]] = field.assessor.get(f"{field.path}/findings").ok().body["items"]
    return found


@pytest.mark.parametrize("changes", [0, 2])
def test_no_tag_of_a_voided_assessment_fits_the_next_one(clients: Clients, changes: int) -> None:
    field = in_assessment(clients)
    field.plan().ok()
    for _ in range(changes):
        field.visit().ok()
    seen = {field.read().headers["etag"]}
    field.assessor.change("PATCH", field.path, {"void": True}, of=field.path).ok()
    field.plan().ok()
    for _ in range(changes + 2):
        assert field.read().headers["etag"] not in seen
        field.visit(ends_on=clock.today().isoformat()).ok()


def test_no_need_rests_on_what_a_voided_assessment_found(clients: Clients) -> None:
    first, second = in_assessment(clients), in_assessment(clients)
    first.complete()
    second.plan().ok()
    second.find().ok()
    second.assessor.post(f"{second.path}/needs", RESTED).ok()
    borrow(second.assessor, first, second)
    refused = second.coordinator.move(second.reference, "complete_assessment")
    assert refused.codes == ["need.without_finding"]
    second.assessor.post(f"{second.path}/needs", {"findings": [2], "number": 1}).ok()
    second.coordinator.move(second.reference, "complete_assessment").ok()
