"""A request that stands in delivery, written row by row past the conductor, so that tests begin there."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.assessment.tables import Acknowledgement, Assessment, Visit
from app.delivery import service as delivery
from app.kit import clock
from app.requests.service import sealed
from app.requests.tables import (
    AssessmentRecord,
    Assignment,
    AssistanceRequest,
    Finding,
    Involvement,
    Need,
    RequestCountry,
    RequestEvent,
)
from tests.factories.clients import Clients
from tests.factories.rows import put_request

REFERENCE = "TA-2026-90001"
PATH = f"/requests/{REFERENCE}"
COUNTRY = "KEN"
LEAD, SUPPORT = "UNODC", "ITU"
NOW = clock.now()


def begin(clients: Clients, kind: str = "comprehensive", valid_for: int = 300) -> None:
    """Put a request in delivery: need 1 is UNODC's (lead), need 2 is ITU's; findings 1 and 2."""
    first = clients.as_("resident_coordinator", COUNTRY).person_id
    second = clients.as_("desk_officer").person_id
    house = clients.house
    with house.database.writing() as session:
        told = {"title": "Courts and incidents", "summary": "", "state": "assessment"}
        pack = house.shelf.latest("needs_assessment")
        request = put_request(session, pack, REFERENCE, first, NOW, **told)
        session.add(
            RequestEvent(
                request_id=request.id, number=1, at=NOW, actor_id=first, kind="opened", data={}
            )
        )
        session.add(RequestCountry(request_id=request.id, country=COUNTRY))
        assessed = _assessed(session, request, (first, second), kind)
        session.add(
            AssessmentRecord(
                request_id=request.id,
                assessment_id=assessed.id,
                kind=kind,
                completed_at=NOW,
                valid_until=clock.today() + timedelta(days=valid_for),
                reused=False,
                summary={},
            )
        )
        _needs(session, request, assessed)
        session.flush()
        request.state = request.stage = "delivery"
        delivery.open_programme(session, request.id, LEAD, NOW)


def move_to(clients: Clients, state: str) -> None:
    """Put the request in another state of the delivery."""
    with clients.house.database.writing() as session:
        session.query(AssistanceRequest).filter_by(reference=REFERENCE).one().state = state


def _assessed(
    session: Session, request: AssistanceRequest, signers: tuple[int, int], kind: str
) -> Assessment:
    row = Assessment(
        request_id=request.id,
        kind=kind,
        status="running",
        questionnaire="country_assessment@1",
        created_by=signers[0],
        created_at=NOW,
        signed_by=signers[0],
        countersigned_by=signers[1],
        completed_at=NOW,
    )
    session.add(row)
    session.flush()
    days = {"starts_on": date(2026, 1, 5), "ends_on": date(2026, 1, 9)}
    session.add_all(
        [
            Visit(
                assessment_id=row.id,
                country=COUNTRY,
                place="Nairobi",
                host="Ministry",
                by=signers[0],
                **days,
            ),
            Acknowledgement(assessment_id=row.id, country=COUNTRY, by=signers[0], at=NOW),
        ]
    )
    session.flush()
    row.status = "completed"
    session.flush()
    return row


def _needs(session: Session, request: AssistanceRequest, assessed: Assessment) -> None:
    for number, entity, part, topic in ((1, LEAD, "lead", "A1"), (2, SUPPORT, "support", "C2")):
        need = Need(
            request_id=request.id,
            number=number,
            area=topic[0],
            topic=topic,
            text="",
            origin="assessment",
        )
        finding = Finding(
            request_id=request.id,
            assessment_id=assessed.id,
            number=number,
            topic=topic,
        )
        sealed.put(session, finding, {"text": "Missing", "risk_factor": ""})
        session.add_all([need, finding])
        session.flush()
        session.add_all(
            [
                Assignment(
                    request_id=request.id,
                    need_id=need.id,
                    entity=entity,
                    part=part,
                    mandate="m",
                    cite="F10",
                ),
                Involvement(
                    request_id=request.id, entity=entity, part=part, standing="accepted", since=NOW
                ),
            ]
        )
