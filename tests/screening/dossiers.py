"""A request in its screening, laid down as rows: assessed, with needs on findings, a round open."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.assessment.tables import Acknowledgement, Assessment, Visit
from app.kit import clock
from app.requests.service import sealed
from app.requests.tables import (
    AssessmentRecord,
    AssistanceRequest,
    Consent,
    Finding,
    Need,
    NeedFinding,
    RequestCountry,
    RequestEvent,
    StandingWork,
)
from app.screening import service
from app.wiring.house import House
from tests.factories.rows import put_request
from tests.screening.samples import AREAS, TOPICS

REFERENCE = "TA-2026-00042"


def in_screening(house: House, person: int, kind: str = "comprehensive") -> str:
    """Lay down a request of Kenya in state screening and return its reference.

    kind: of the assessment behind it; with `rapid` the needs are urgent ones.
    """
    with house.database.writing() as session:
        request = _request(session, house, person)
        assessed(session, request, person, kind)
        rapid = kind == "rapid"
        _needs(session, request, ("C8", "C7") if rapid else TOPICS, "restoration" if rapid else "")
        session.add(StandingWork(request_id=request.id, number=1, who="A", what="B", topics=[]))
        session.add_all(
            Consent(
                request_id=request.id,
                country="KEN",
                subject=subject,
                given=subject == "sharing",
                by=person,
                at=clock.now(),
            )
            for subject in ("sharing", "publication")
        )
        session.flush()
        pack = house.shelf.get(request.workflow, request.workflow_version)
        service.open_round(session, pack, request.id, clock.now())
        return request.reference


def _request(session: Session, house: House, person: int) -> AssistanceRequest:
    pack, now = house.shelf.latest("needs_assessment"), clock.now()
    texts = {"title": "Incident response", "summary": "The national team needs help."}
    told = {"state": "screening", "internal": False, **texts}
    request = put_request(session, pack, REFERENCE, person, now, **told)
    session.add(RequestCountry(request_id=request.id, country="KEN"))
    session.add(
        RequestEvent(
            request_id=request.id, number=1, at=now, actor_id=person, kind="opened", data={}
        )
    )
    session.flush()
    return request


def assessed(session: Session, request: AssistanceRequest, person: int, kind: str) -> Assessment:
    """Lay down a completed assessment with everyone heard and a risk assessment."""
    now = clock.now()
    row = Assessment(
        request_id=request.id,
        kind=kind,
        status="running",
        questionnaire="country_assessment@1",
        created_by=person,
        created_at=now,
        signed_by=person,
        countersigned_by=person + 1,
        completed_at=now,
        valid_until=now.date() + timedelta(days=700),
    )
    session.add(row)
    session.flush()
    seen = {"country": "KEN", "by": person}
    session.add(Acknowledgement(assessment_id=row.id, at=now, **seen))
    days = {"starts_on": date(2026, 1, 5), "ends_on": date(2026, 1, 9)}
    session.add(Visit(assessment_id=row.id, place="Nairobi", host="Ministry", **days, **seen))
    session.flush()
    row.status = "completed"
    session.flush()
    record = AssessmentRecord(
        request_id=request.id,
        assessment_id=row.id,
        kind=kind,
        completed_at=now,
        valid_until=now.date() + timedelta(days=700),
        reused=False,
    )
    factor = "One cable carries all traffic."
    summary = {
        "groups": [stakeholder.code for stakeholder in AREAS.stakeholders],
        "risk_present": True,
        "risk_dated": date(2026, 1, 5).isoformat(),
        "risk_factors": [factor],
    }
    sealed.put_summary(session, record, summary)
    finding = Finding(request_id=request.id, assessment_id=row.id, number=1, topic="C8")
    sealed.put(session, finding, {"text": "No backup.", "risk_factor": factor})
    session.add_all([record, finding])
    session.flush()
    return row


def _needs(
    session: Session, request: AssistanceRequest, topics: tuple[str, ...], kind: str
) -> None:
    finding = session.scalars(sa.select(Finding).where(Finding.request_id == request.id)).one()
    for number, topic in enumerate(topics, 1):
        need = Need(
            request_id=request.id,
            number=number,
            area=topic[0],
            topic=topic,
            text="Help",
            kind=kind,
            sensitivities=[],
            origin="assessment",
        )
        session.add(need)
        session.flush()
        session.add(NeedFinding(need_id=need.id, finding_id=finding.id))
