"""Programmes that meet in topic, place and time are shown to the desk of each side, to no other."""

from dataclasses import replace
from datetime import date, timedelta

import sqlalchemy as sa

from app.delivery.tables import JointProgramme
from app.directory.actor import Actor, Grant
from app.kit import clock
from app.reports.meeting import Programme, meeting
from app.reports.neighbours import overlaps
from app.requests.tables import Assignment, AssistanceRequest, Need, RequestCountry
from tests.factories.clients import Client, Clients
from tests.factories.rows import put_request

DAY = date(2026, 11, 22)
OWN = Programme("TA-1", frozenset({"KEN"}), ((1, "D9", "itu"),), True, DAY, DAY + timedelta(90))


def met(**more: object) -> bool:
    """Whether a request met another that differs from it so; and the same from the other side."""
    other = replace(OWN, reference="TA-2", **more)  # type: ignore[arg-type] # one of its fields
    assert (meeting(OWN, other) is None) == (meeting(other, OWN) is None)
    return meeting(OWN, other) is not None


def test_programmes_meet_in_topic_and_time_from_either_side() -> None:
    assert met()
    assert met(ends_on=None)
    assert met(running=False)
    assert met(needs=((4, "D6a", "unodc"), (5, "D9", "")))
    assert not met(needs=((4, "D6a", "unodc"),))
    assert not met(starts_on=DAY + timedelta(91), ends_on=None)
    assert not met(starts_on=DAY - timedelta(30), ends_on=DAY - timedelta(1))
    asks = replace(OWN, running=False)
    assert meeting(asks, replace(asks, reference="TA-2")) is None


def stand(clients: Clients, number: int, country: str, topic: str = "D9") -> str:
    """Put a request with a running programme there; return its reference."""
    reference, now = f"TA-2026-{number:05}", clock.now()
    pack, by = clients.house.shelf.latest("needs_assessment"), clients.as_("desk_officer").person_id
    with clients.house.database.writing() as session:
        row = put_request(session, pack, reference, by, now, state="matching")
        session.add(RequestCountry(request_id=row.id, country=country))
        need = Need(request_id=row.id, number=1, area=topic[0], topic=topic, text="x", origin="x")
        session.add(need)
        session.flush()
        given = {"part": "lead", "mandate": "itu.cirt@1", "cite": "F43c"}
        session.add(Assignment(request_id=row.id, need_id=need.id, entity="itu", **given))
        session.add(JointProgramme(request_id=row.id, title="x", lead="itu", opened_at=now))
    return reference


def found(client: Client, reference: str) -> list[tuple[str, bool]]:
    """Which requests somebody is shown beside one, and whether in the same country."""
    items = client.get(f"/requests/{reference}/overlaps").ok().body["items"]
    return [(one["reference"], one["same_country"]) for one in items]


def test_both_desks_see_the_neighbour_and_nobody_else_does(clients: Clients) -> None:
    kenya, same = stand(clients, 1, "KEN"), stand(clients, 2, "KEN")
    uganda, fiji = stand(clients, 3, "UGA"), stand(clients, 4, "FJI")
    stand(clients, 5, "KEN", topic="A1")
    desk = clients.as_("desk_officer")
    assert found(desk, kenya) == [(same, True), (uganda, False)]
    assert found(clients.as_("desk_officer", nth=2), uganda) == [(kenya, False), (same, False)]
    assert found(desk, fiji) == []
    (one, _) = desk.get(f"/requests/{kenya}/overlaps").ok().body["items"]
    assert (one["needs"], one["topics"], one["entities"]) == ([1], ["D9"], ["itu"])
    for role in ("government", "resident_coordinator"):
        refused = clients.as_(role, country="KEN").get(f"/requests/{kenya}/overlaps")
        assert (refused.status, refused.body["code"]) == (403, "policy.role")


def test_what_somebody_may_not_see_is_not_in_it(clients: Clients) -> None:
    kenya, uganda = stand(clients, 1, "KEN"), stand(clients, 2, "UGA")
    with clients.house.database.reading() as session:
        request = session.scalars(
            sa.select(AssistanceRequest).where(AssistanceRequest.reference == uganda)
        ).one()
        whole = Actor(None, "", (Grant("desk_officer"),))
        assert [one.reference for one in overlaps(session, whole, request)] == [kenya]
    with clients.house.database.reading() as session:
        actor = Actor(None, "", (Grant("resident_coordinator", "KEN"),))
        request = session.scalars(
            sa.select(AssistanceRequest).where(AssistanceRequest.reference == kenya)
        ).one()
        assert overlaps(session, actor, request) == []
