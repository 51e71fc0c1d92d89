"""A request that stands in matching, with entities that can be reached."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.assessment.tables import Acknowledgement, Assessment, Visit
from app.compendium import service as compendium
from app.kit import clock
from app.requests.tables import (
    AssessmentRecord,
    Need,
    RequestCountry,
    RequestEvent,
)
from tests.factories import naming
from tests.factories.clients import Client, Clients
from tests.factories.rows import put_request

REFERENCE = "TA-2026-00001"
PATH = f"/requests/{REFERENCE}"


class Story:
    """The service, its people, and one request that waits for its entities."""

    def __init__(self, clients: Clients) -> None:
        self.clients = clients
        self.desk = clients.as_("desk_officer")
        self.auditor = clients.as_("auditor")

    def focal_point(self, entity: str) -> Client:
        """Return the client of who answers for an entity, named as such the first time."""
        client = self.clients.as_("focal_point", entity=entity)
        with self.clients.house.database.writing() as session:
            if entity not in compendium.reachable(session, clock.today()):
                naming.name(session, naming.change(entity, client.person_id))
        return client

    def stand(
        self, *topics: str, countries: tuple[str, ...] = ("KEN",), reference: str = REFERENCE
    ) -> None:
        """Put a request in matching, assessed and screened, with a need on each topic."""
        with self.clients.house.database.writing() as session:
            self._write(session, topics, countries, reference)

    def _write(
        self,
        session: Session,
        topics: tuple[str, ...],
        countries: tuple[str, ...],
        reference: str,
    ) -> None:
        now, by = clock.now(), self.desk.person_id
        pack = self.clients.house.shelf.latest("needs_assessment")
        request = put_request(session, pack, reference, by, now, state="matching")
        owner = request.id
        session.add_all(RequestCountry(request_id=owner, country=c) for c in countries)
        session.add(
            RequestEvent(
                request_id=owner, number=1, at=now, actor_id=by, kind="request_opened", data={}
            )
        )
        session.add_all(
            Need(
                request_id=owner,
                number=number,
                area=topic[0],
                topic=topic,
                text="Needed",
                origin="assessment",
            )
            for number, topic in enumerate(topics, 1)
        )
        self.assess(session, owner, countries[0])

    def assess(self, session: Session, owner: int, country: str) -> None:
        """Complete an assessment of the request as the gate demands it: seen, signed by two."""
        now, by = clock.now(), self.desk.person_id
        assessment = Assessment(
            request_id=owner,
            kind="comprehensive",
            status="running",
            questionnaire="country_assessment@1",
            created_by=by,
            created_at=now,
        )
        session.add(assessment)
        session.flush()
        visited = now.date() - timedelta(days=3)
        session.add(
            Visit(
                assessment_id=assessment.id,
                country=country,
                place="Capital",
                host="Ministry",
                starts_on=visited,
                ends_on=visited,
                by=by,
            )
        )
        session.add(
            Acknowledgement(assessment_id=assessment.id, country=country, by=by, at=now, note="")
        )
        session.flush()
        assessment.signed_by, assessment.countersigned_by = by, self.auditor.person_id
        assessment.completed_at, assessment.status = now, "completed"
        session.flush()
        session.add(
            AssessmentRecord(
                request_id=owner,
                assessment_id=assessment.id,
                kind="comprehensive",
                completed_at=now,
                valid_until=now.date() + timedelta(days=300),
                reused=False,
                summary={},
            )
        )


@pytest.fixture
def story(clients: Clients) -> Story:
    """The service with nobody reachable yet and no request."""
    return Story(clients)
