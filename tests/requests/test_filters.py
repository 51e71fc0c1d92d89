"""What lists are narrowed to: places, topics, answers of entities, what is open and what is late."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.directory.tables import CountryGroup
from app.kit import clock
from app.kit.db import table_of
from app.requests.tables import AssistanceRequest, Involvement, Need
from tests.factories.clients import Client, Clients

R = table_of(AssistanceRequest)
ASKED: dict[str, list[str]] = {
    "region=Africa": ["uganda", "kenya"],
    "region=Oceania": ["fiji"],
    "group=SIDS": ["fiji"],
    "group=LDC": ["uganda"],
    "group=LLDC&region=Africa": ["uganda"],
    "group=ECA": ["uganda", "kenya"],
    "region=Atlantis": [],
    "topic=D9": ["kenya"],
    "topic=D9&area=D": ["kenya"],
    "topic=D9&country=KEN": ["kenya"],
    "topic=D9&country=UGA": [],
    "area=D": ["uganda", "kenya"],
    "topic=A3": [],
    "area=A": [],
    "entity=itu&standing=declined": ["kenya"],
    "entity=itu&standing=accepted": [],
    "entity=unodc&standing=accepted&open=true": ["kenya"],
    "open=true": ["fiji", "uganda", "kenya"],
    "open=false": ["france", "fiji", "uganda", "kenya"],
    "overdue=true": ["uganda"],
    "overdue=true&state=triage": ["uganda"],
    "overdue=true&region=Oceania": [],
}


@pytest.fixture
def filed(clients: Clients) -> dict[str, str]:
    """Four filed requests, by the name of their place, which between them have all that is asked."""
    made = {
        name: _file(clients, country, needs)
        for name, country, needs in (
            ("kenya", "KEN", [("D", "D9"), ("D", "D9"), ("A", "A3")]),
            ("uganda", "UGA", [("D", "")]),
            ("fiji", "FJI", [("C", "C1")]),
            ("france", "FRA", []),
        )
    }
    late = clock.now() - timedelta(hours=1)
    with clients.house.database.writing() as session:
        session.execute(sa.update(R).values(filed_at=late, state="triage", due_at=None))
        own = R.c.reference
        session.execute(sa.update(R).where(own == made["uganda"]).values(due_at=late))
        session.execute(sa.update(R).where(own == made["france"]).values(stage="ended"))
        kenya = session.scalars(sa.select(R.c.id).where(own == made["kenya"])).one()
        dropped = sa.and_(Need.request_id == kenya, Need.topic == "A3")
        session.execute(sa.update(Need).where(dropped).values(dropped=True))
        for entity, standing in (("itu", "declined"), ("unodc", "accepted")):
            session.add(
                Involvement(
                    request_id=kenya, entity=entity, part="lead", standing=standing, since=late
                )
            )
    return made


def _file(clients: Clients, country: str, needs: list[tuple[str, str]]) -> str:
    body = {
        "countries": [country],
        "title": "Help",
        "needs": [{"area": area, "topic": topic, "text": "x"} for area, topic in needs],
    }
    coordinator = clients.as_("resident_coordinator", country=country)
    return str(coordinator.post("/requests", body).ok().body["reference"])


def _found(client: Client, query: str) -> list[str]:
    body: dict[str, Any] = client.get(f"/requests?{query}").ok().body
    count = client.get(f"/requests/count?{query}").ok().body["count"]
    references = [line["reference"] for line in body["items"]]
    assert count == len(references)
    return references


def test_a_list_is_narrowed_to_what_is_asked_and_the_count_agrees(
    clients: Clients, filed: dict[str, str]
) -> None:
    desk = clients.as_("desk_officer")
    for query, names in ASKED.items():
        assert (query, _found(desk, query)) == (query, [filed[name] for name in names])


def test_filters_stay_within_what_one_may_see(clients: Clients, filed: dict[str, str]) -> None:
    of_kenya = clients.as_("government", country="KEN")
    assert _found(of_kenya, "region=Africa") == [filed["kenya"]]
    assert _found(of_kenya, "overdue=true") == []
    assert _found(clients.as_("focal_point", entity="unodc"), "topic=D9") == [filed["kenya"]]
    assert _found(clients.as_("focal_point", entity="undp"), "topic=D9") == []


def test_an_entity_does_not_find_out_what_another_answered(
    clients: Clients, filed: dict[str, str]
) -> None:
    focal = clients.as_("focal_point", entity="unodc")
    assert _found(focal, "entity=unodc&standing=accepted") == [filed["kenya"]]
    assert _found(focal, "entity=itu&standing=declined") == []
    nobodys = focal.get("/requests?standing=declined")
    assert nobodys.status == 422


def test_a_membership_counts_on_the_days_on_which_it_holds(
    clients: Clients, filed: dict[str, str]
) -> None:
    today = clock.today()
    with clients.house.database.writing() as session:
        for country, begun, ended in (("KEN", None, today), ("FJI", today, None)):
            session.add(
                CountryGroup(
                    country=country,
                    group="LDC",
                    regional=True,
                    valid_from=begun,
                    valid_to=ended,
                    source="made up",
                )
            )
    assert _found(clients.as_("desk_officer"), "group=LDC") == [filed["fiji"], filed["uganda"]]
