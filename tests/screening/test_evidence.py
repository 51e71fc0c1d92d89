"""What the rules see of a real dossier, on both databases: the assessment, mandates, regions."""

import pytest
import sqlalchemy as sa

from app.compendium.rules import meets
from app.kit import clock
from app.requests.service import sealed
from app.requests.tables import AssessmentRecord, Need, NeedFinding, RequestCountry
from app.screening.rules import Evidence
from app.screening.service.evidence import gather
from tests.assessment.field import in_assessment
from tests.assessment.samples import RISK
from tests.factories.clients import Clients
from tests.screening.test_api import Room, room_of


@pytest.fixture
def room(clients: Clients) -> Room:
    return room_of(clients)


def evidence_of(clients: Clients) -> Evidence:
    """Return what the rules may look at for the only request."""
    house = clients.house
    with house.database.reading() as session:
        return gather(session, house.shelf.latest("needs_assessment"), 1, clock.now())


def test_a_real_assessment_answers_the_criteria_on_risk_and_voices(clients: Clients) -> None:
    field = in_assessment(clients)
    field.complete()
    rests = {"findings": [1], "number": 1}
    field.assessor.post(f"{field.path}/needs", rests).ok()
    field.coordinator.move(field.reference, "complete_assessment").ok()
    (record,) = evidence_of(clients).records
    assert (record.kind, record.risk_dated) == ("comprehensive", clock.today())
    factors = RISK.fields["regional_factors"]
    assert set(record.risk_factors) >= ({factors} if isinstance(factors, str) else set(factors))
    assert record.groups == {"police", "academia"}
    officer = clients.as_("screening_officer")
    body = officer.get(f"/requests/{field.reference}/screening").ok().body
    found = {c["code"]: c for p in body["principles"] for c in p["criteria"]}
    assert found["P4.1"]["verdict"] == found["P4.2"]["verdict"] == "met"
    assert found["P4.2"]["evidence"][0]["risk_dated"] == clock.today().isoformat()


def change_only_need(clients: Clients, country: str, topic: str) -> None:
    """Let the request of the room ask on one topic, by another country."""
    with clients.house.database.writing() as session:
        session.execute(sa.delete(NeedFinding))
        session.execute(sa.delete(Need).where(Need.number > 1))
        session.execute(sa.update(Need).values(topic=topic, area=topic[0]))
        session.execute(sa.update(RequestCountry).values(country=country))


@pytest.mark.parametrize(("country", "able"), [("JOR", True), ("KEN", False)])
def test_a_regional_mandate_reaches_its_region_only(room: Room, country: str, able: bool) -> None:
    change_only_need(room.clients, country, "A3a")
    (need,) = evidence_of(room.clients).needs
    assert "escwa" in need.holders
    assert ("escwa" in need.able) is able


def test_a_region_is_that_of_every_country(room: Room) -> None:
    change_only_need(room.clients, "JOR", "A3a")
    with room.clients.house.database.writing() as session:
        session.add(RequestCountry(request_id=1, country="KEN"))
    (need,) = evidence_of(room.clients).needs
    assert "escwa" not in need.able


@pytest.mark.parametrize(
    ("area", "topic", "topics", "met"),
    [
        ("C", "C1b", ("C1",), True),
        ("C", "C1", ("C1b",), True),
        ("C", "C1a", ("C1b",), False),
        ("C", "", ("C8",), True),
        ("C", "", ("D9",), False),
    ],
)
def test_a_mandate_meets_a_topic_the_one_above_or_one_that_refines_it(
    area: str, topic: str, topics: tuple[str, ...], met: bool
) -> None:
    assert meets(area, topic, topics) is met


def test_nobody_finds_more_than_plain_facts_show(room: Room) -> None:
    with room.clients.house.database.writing() as session:
        record = session.scalars(sa.select(AssessmentRecord)).one()
        said = sealed.summary_of(session, record)
        sealed.put_summary(session, record, {**said, "risk_dated": None})
        session.execute(sa.delete(NeedFinding))
    room.act("recheck", room.officer).ok()
    for code in ("P4.2", "P4.4"):
        assert room.criterion(code)["verdict"] == "not_met"
        for verdict in ("met", "met_with_condition", "not_applicable"):
            condition = "Later." if verdict == "met_with_condition" else ""
            refused = room.write(f"criteria/{code}", verdict=verdict, condition=condition)
            assert (refused.status, refused.codes) == (409, ["screening.beyond_evidence"])
        room.write(f"criteria/{code}", verdict="not_met").ok()


def test_an_unqualified_criterion_that_data_answers_always_applies(room: Room) -> None:
    for code in ("P1.1", "P2.1", "P5.3", "P7.1"):
        refused = room.write(f"criteria/{code}", verdict="not_applicable")
        assert (refused.status, refused.codes) == (409, ["screening.always_applies"])
        assert refused.body["blockers"][0]["cite"]
    room.write("criteria/P7.2", verdict="not_applicable").ok()


def test_whether_to_act_together_is_weighed_by_people(room: Room) -> None:
    assert room.criterion("P2.3")["answered"] == "open"
    room.write("criteria/P2.3", verdict="met", reason="UNODC and ITU act together.").ok()
    assert room.criterion("P2.3")["answered"] == "person"


def test_a_reviewer_of_rights_may_ask_the_country(room: Room) -> None:
    path = room.path.removesuffix("/screening") + "/clarifications"
    asked = {"questions": ["Which court orders it?"], "due_on": clock.today().isoformat()}
    room.reviewer.post(path, asked).ok()
    request = room.path.removesuffix("/screening").removeprefix("/requests/")
    assert room.reviewer.state(request) == "clarification"
