"""Requests of several countries in several states, with what entities and screening said of them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.directory.actor import SYSTEM
from app.kit import clock
from app.kit.db import table_of
from app.matching.tables import ProposalRow, ResponseRow
from app.requests import timeline
from app.requests.tables import AssistanceRequest, Involvement, Need
from app.screening.tables import PrincipleFinding, Screening
from tests.factories.clients import Clients

R = table_of(AssistanceRequest)
NO_STAFF = "canary-no-staff-8811"
NO_MONEY = "canary-no-money-8812"
STAGES = {
    "draft": "intake",
    "triage": "intake",
    "screening": "screening",
    "declined": "screening",
    "offered": "matching",
    "consent": "matching",
    "closed": "ended",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One request of the ground: where it stands, what it asks for, and how entities stand to it.

    `late` is past its date; `needs` are area and topic, one that ends in "!" was dropped; `stays`
    are the days in each state that it left.
    """

    name: str
    countries: tuple[str, ...]
    state: str
    needs: tuple[str, ...] = ()
    entities: tuple[tuple[str, str], ...] = ()
    level: str = "ordinary"
    late: bool = False
    stays: tuple[tuple[str, int], ...] = ()
    unmet: tuple[str, ...] = ()


GROUND = (
    Told("kenya", ("KEN",), "triage", ("D9", "D9", "D", "A3!"), late=True, stays=(("draft", 1),)),
    Told("draft", ("KEN",), "draft", ("A3",)),
    Told(
        "uganda",
        ("UGA",),
        "offered",
        ("D9",),
        (("itu", "declined"), ("unodc", "asked"), ("undp", "declined")),
        stays=(("draft", 3), ("triage", 10)),
    ),
    Told("both", ("KEN", "UGA"), "consent", ("A3", "D9"), (("unodc", "accepted"),)),
    Told("fiji", ("FJI",), "closed", ("C1",), (("itu", "accepted"),), stays=(("draft", 2),)),
    Told("samoa", ("WSM",), "declined", ("C1",), late=True, unmet=("P1", "P3")),
    Told("held", ("FJI",), "triage", ("D9",), level="restricted", stays=(("draft", 40),)),
    Told("secret", ("FJI",), "screening", ("C1",), level="confidential"),
)


def lay(clients: Clients) -> dict[str, str]:
    """Write the ground into the database; return references by name."""
    made = {told.name: _file(clients, told) for told in GROUND}
    officers = [clients.as_("screening_officer", nth=n).person_id for n in (1, 2)]
    with clients.office.writing() as session:
        for told in GROUND:
            number = session.scalars(sa.select(R.c.id).where(R.c.reference == made[told.name]))
            _write(session, told, number.one(), officers)
    return made


def _file(clients: Clients, told: Told) -> str:
    coordinator = clients.as_("resident_coordinator", country=told.countries[0])
    body = {"countries": list(told.countries), "title": f"Help {told.name}", "summary": "Some."}
    return str(coordinator.post("/requests", body).ok().body["reference"])


def _write(session: Any, told: Told, number: int, officers: list[int]) -> None:
    now = clock.now()
    filed = None if told.state == "draft" else now
    row: dict[str, Any] = {"state": told.state, "stage": STAGES[told.state], "level": told.level}
    row |= {"filed_at": filed, "due_at": now - timedelta(days=1) if told.late else None}
    session.execute(sa.update(R).where(R.c.id == number).values(row))
    for place, need in enumerate(told.needs, 1):
        topic = need.strip("!")
        said = {"area": topic[0], "topic": topic if topic[1:] else "", "text": "x"}
        dropped = need.endswith("!")
        session.add(
            Need(request_id=number, number=place, origin="request", dropped=dropped, **said)
        )
    for entity, standing in told.entities:
        known = {"part": "lead", "standing": standing, "since": now}
        session.add(Involvement(request_id=number, entity=entity, **known))
    if told.entities:
        _answers(session, told, number, officers[0])
    if told.unmet:
        _decline(session, told, number, officers)
    _stays(session, told, number)
    session.flush()


def _answers(session: Any, told: Told, number: int, by: int) -> None:
    made = {"inputs_hash": "", "prepared_by": by, "prepared_at": clock.now(), "lead": None}
    row = ProposalRow(request_id=number, number=1, status="offered", content={}, inputs={}, **made)
    session.add(row)
    session.flush()
    reasons = {"itu": NO_STAFF, "undp": NO_MONEY}
    session.add_all(
        ResponseRow(
            proposal_id=row.id,
            entity=entity,
            accepted=standing == "accepted",
            reason=reasons[entity] if standing == "declined" else "",
            by=by,
            at=clock.now(),
        )
        for entity, standing in told.entities
        if standing != "asked"
    )


def _decline(session: Any, told: Told, number: int, officers: list[int]) -> None:
    now = clock.now()
    row = Screening(
        request_id=number,
        round=1,
        principles="un_cyber@1",
        outcome="decline",
        decided_by=officers[0],
        decided_at=now,
        confirmed_by=officers[1],
        confirmed_at=now,
        opened_at=now,
    )
    session.add(row)
    session.flush()
    for principle in told.unmet:
        said = {"finding": "not_met", "reason": "x", "by": officers[0], "at": now}
        session.add(PrincipleFinding(screening_id=row.id, principle=principle, **said))


def _stays(session: Any, told: Told, number: int) -> None:
    """Move it through the states that it left, so many days after the one before."""
    request = session.get(AssistanceRequest, number, populate_existing=True)
    at = request.created_at
    for state, days in told.stays:
        at += timedelta(days=days)
        timeline.record(session, SYSTEM, request, "moved", {"from": state}, at)
