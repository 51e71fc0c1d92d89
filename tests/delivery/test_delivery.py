"""The delivery through the API: what is planned, done, measured, reported and said at the end."""

from typing import Any

import pytest

from app.delivery import service as delivery
from app.kit import clock
from app.requests.tables import AssistanceRequest
from tests.delivery.standing import COUNTRY, LEAD, PATH, REFERENCE, SUPPORT, begin, move_to
from tests.factories.clients import Answer, Client, Clients

ACTIVITIES = f"{PATH}/delivery/activities"
FIRST = f"{ACTIVITIES}/1"
CLOSING = f"{PATH}/delivery/closing"


def plan(**other: Any) -> dict[str, Any]:
    """Return an activity that UNODC may plan."""
    usual = {"entity": LEAD, "need": 1, "title": "Judges at work", "kind": "training"}
    usual |= {"starts_on": "2026-06-01", "ends_on": "2026-09-01", "findings": [1]}
    return usual | {"objectives": ["communication"], "targets": ["justice_officials"]} | other


@pytest.fixture
def lead(clients: Clients) -> Client:
    """The focal point of the lead entity of a request in delivery."""
    begin(clients)
    return clients.as_("focal_point", entity=LEAD)


def step(client: Client, status: str, reason: str = "") -> Answer:
    """Change the status of the first activity on what is there now."""
    body = {"status": status, "reason": reason}
    return client.change("POST", f"{FIRST}/status", body, of=FIRST)


def test_the_programme_has_one_component_an_entity(lead: Client) -> None:
    body = lead.get(f"{PATH}/delivery").ok().body
    assert (body["programme"]["lead"], body["programme"]["leads"]) == (LEAD, [LEAD])
    assert [(c["entity"], c["needs"]) for c in body["components"]] == [(SUPPORT, [2]), (LEAD, [1])]


def test_an_activity_is_planned_on_a_finding(lead: Client) -> None:
    made = lead.post(ACTIVITIES, plan()).ok()
    assert made.status == 201
    assert made.body["status"] == "planned"
    assert [finding["number"] for finding in made.body["findings"]] == [1]
    assert lead.get(FIRST).ok().body == made.body
    refused = lead.post(ACTIVITIES, plan(findings=[]))
    assert (refused.status, refused.codes) == (409, ["activity.without_finding"])


def test_every_fault_of_an_activity_is_told_at_once(lead: Client) -> None:
    wrong = {"kind": "magic", "objectives": ["x"], "targets": ["y"], "findings": [8, 9]}
    refused = lead.post(ACTIVITIES, plan(**wrong, ends_on="2026-05-01"))
    assert (refused.status, refused.codes) == (
        422,
        [
            *(f"activity.{name}_unknown" for name in ("kind", "objective", "target")),
            *("activity.dates", "activity.finding", "activity.finding"),
        ],
    )
    assert refused.body["blockers"][-1]["message"] == "This request has no finding 9."


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"findings": [9]}, "activity.finding"),
        ({"need": 2}, "activity.need"),
        ({"need": 9}, "activity.need"),
        ({"entity": "WIPO"}, "activity.entity"),
        ({"kind": "gift"}, "activity.kind_unknown"),
        ({"objectives": ["gift"]}, "activity.objective_unknown"),
        ({"targets": ["gift"]}, "activity.target_unknown"),
        ({"ends_on": "2026-01-01"}, "activity.dates"),
    ],
)
def test_an_activity_must_fit_dossier_and_pack(
    lead: Client, wrong: dict[str, Any], code: str
) -> None:
    answer = lead.post(ACTIVITIES, plan(**wrong))
    assert (answer.status, answer.body["code"]) == (422, code)


def test_a_focal_point_plans_only_for_its_own_entity(clients: Clients, lead: Client) -> None:
    others = plan(entity=SUPPORT, need=2)
    assert lead.post(ACTIVITIES, others).status == 403
    assert clients.as_("desk_officer").post(ACTIVITIES, others).status == 201
    assert clients.as_("government", COUNTRY).post(ACTIVITIES, plan()).status == 403


def test_a_rapid_assessment_opens_only_rapid_help(clients: Clients) -> None:
    begin(clients, "rapid")
    lead = clients.as_("focal_point", entity=LEAD)
    refused = lead.post(ACTIVITIES, plan())
    assert (refused.status, refused.codes) == (409, ["activity.not_rapid"])
    assert lead.post(ACTIVITIES, plan(kind="containment")).status == 201


def test_an_expired_assessment_opens_nothing(clients: Clients) -> None:
    begin(clients, valid_for=-1)
    refused = clients.as_("focal_point", entity=LEAD).post(ACTIVITIES, plan())
    assert (refused.status, refused.codes) == (409, ["assessment.expired"])


def test_an_activity_is_changed_on_its_own_revision(lead: Client) -> None:
    lead.post(ACTIVITIES, plan()).ok()
    assert lead.call("PATCH", FIRST, {"title": "Other"}).status == 428
    assert lead.call("PATCH", FIRST, {"title": "Other"}, if_match='"7"').status == 412
    changed = lead.call("PATCH", FIRST, {"findings": [1, 2]}, if_match='"1"').ok()
    assert changed.revision == 2
    assert [finding["number"] for finding in changed.body["findings"]] == [1, 2]
    assert lead.change("PATCH", FIRST, {"findings": []}, of=FIRST).status == 409
    assert lead.change("PATCH", FIRST, {"title": None}, of=FIRST).status == 422


def test_one_activity_is_suspended_and_resumed(lead: Client) -> None:
    lead.post(ACTIVITIES, plan()).ok()
    for status in ("running", "suspended", "running", "done"):
        assert step(lead, status).ok().body["status"] == status
    assert step(lead, "running").status == 409
    assert lead.change("PATCH", FIRST, {"title": "Other"}, of=FIRST).status == 409


def test_stopping_takes_a_reason(lead: Client) -> None:
    lead.post(ACTIVITIES, plan()).ok()
    assert step(lead, "stopped").status == 422
    assert step(lead, "stopped", "The court was dissolved.").ok().body["reason"]


def test_not_measured_is_not_zero(clients: Clients, lead: Client) -> None:
    lead.post(ACTIVITIES, plan()).ok()
    indicator = {"name": "Judges trained", "unit": "people", "baseline": 0, "target": 40}
    made = lead.post(f"{FIRST}/indicators", indicator).ok().body["indicators"][0]
    assert (made["actual"], made["progress"]) == (None, None)
    place = f"{FIRST}/indicators/{made['id']}"
    to_come = {"actual": 3, "measured_on": "2999-01-01"}
    assert lead.change("PUT", place, to_come, of=FIRST).status == 422
    nothing = {"actual": 0, "measured_on": "2026-01-01"}
    assert lead.change("PUT", place, nothing, of=FIRST).ok().body["indicators"][0]["progress"] == 0
    move_to(clients, "evaluation")
    late = {"actual": 30, "measured_on": "2026-01-02"}
    assert lead.change("PUT", place, late, of=FIRST).ok().body["indicators"][0]["progress"] == 0.75
    results = lead.get(f"{PATH}/delivery").ok().body["results"]
    assert (results["measured"], results["mean_progress"]) == (1, 0.75)
    assert results["stakeholders"]["justice_officials"] == [1]
    assert results["stakeholders"]["police"] == []


def test_an_entity_reports_on_its_own_component(lead: Client) -> None:
    reports = f"{PATH}/delivery/reports"
    assert lead.post(reports, {"entity": LEAD, "text": "Forty judges."}).status == 201
    assert lead.post(reports, {"entity": SUPPORT, "text": "Theirs."}).status == 403
    assert [r["text"] for r in lead.get(f"{PATH}/delivery").ok().body["reports"]] == [
        "Forty judges."
    ]


def test_a_closing_says_one_of_each_pair(clients: Clients, lead: Client) -> None:
    whole = {"impact": "Courts judge faster.", "no_lesson_reason": "None was drawn."}
    assert lead.change("PUT", CLOSING, whole).status == 409
    move_to(clients, "evaluation")
    assert lead.change("PUT", CLOSING, whole).ok().body["impact"] == "Courts judge faster."
    refused = lead.change("PUT", CLOSING, whole | {"no_impact_reason": "Too early."})
    assert (refused.status, refused.codes) == (422, ["closing.impact_twofold"])
    lesson = {"no_impact_reason": "Too early.", "lesson": "Begin with the judges."}
    assert lead.change("PUT", CLOSING, lesson).ok().body["impact"] == ""


def test_withdrawal_stops_what_is_open_and_leaves_what_is_done(
    clients: Clients, lead: Client
) -> None:
    for _ in range(2):
        lead.post(ACTIVITIES, plan()).ok()
    step(lead, "running").ok()
    step(lead, "done").ok()
    house = clients.house
    with house.database.writing() as session:
        request = session.query(AssistanceRequest).filter_by(reference=REFERENCE).one()
        pack = house.shelf.get(request.workflow, request.workflow_version)
        assert delivery.delivery_facts(session, pack, [request.id])[request.id].unended == (2,)
        delivery.stop_activities(session, request.id, {"closing_note": "We thank"}, clock.now())
        facts = delivery.delivery_facts(session, pack, [request.id, 77])
        assert facts[request.id].unended == ()
        assert facts[77].activities == 0
    found = lead.get(f"{PATH}/delivery").ok().body["activities"]
    assert [(one["status"], one["reason"]) for one in found] == [
        ("done", ""),
        ("stopped", "We thank"),
    ]


def test_a_programme_is_opened_once(clients: Clients, lead: Client) -> None:
    before = lead.get(f"{PATH}/delivery").ok().body
    with clients.house.database.writing() as session:
        request = session.query(AssistanceRequest).filter_by(reference=REFERENCE).one()
        delivery.open_programme(session, request.id, LEAD, clock.now())
    assert lead.get(f"{PATH}/delivery").ok().body == before


def test_a_programme_that_stands_goes_on_under_the_lead_that_was_matched_anew(
    clients: Clients, lead: Client
) -> None:
    assert SUPPORT < LEAD  # the first by code is not who leads
    before = lead.get(f"{PATH}/delivery").ok().body
    with clients.house.database.writing() as session:
        request = session.query(AssistanceRequest).filter_by(reference=REFERENCE).one()
        delivery.open_programme(session, request.id, SUPPORT, clock.now())
    after = lead.get(f"{PATH}/delivery").ok().body
    assert (after["programme"]["lead"], after["programme"]["leads"]) == (SUPPORT, [SUPPORT])
    assert after["components"] == before["components"]
