"""Figures: each leads to its requests, tells of what one sees alone, and is the same when kept."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.api.requests import Filters
from app.directory.actor import Actor, Grant
from app.jobs.figures import count_anew
from app.kit import clock
from app.reports import keeping
from app.reports import service as reports
from app.reports.counting import COUNTED
from app.reports.schemas import Figures
from app.reports.service import Asked
from app.reports.tables import KeptCounts
from app.requests import nets
from app.requests import service as dossier
from app.requests.tables import AssistanceRequest
from app.wiring.house import House
from tests.factories.clients import Client, Clients
from tests.reports.ground import NO_MONEY, NO_STAFF, lay

READERS = {
    "auditor": (Grant("auditor"),),
    "desk": (Grant("desk_officer"),),
    "desk and coordinator": (Grant("desk_officer"), Grant("resident_coordinator", country="KEN")),
    "screening": (Grant("screening_officer"),),
    "program": (Grant("client"),),
    "program of Fiji": (Grant("client", country="FJI"),),
    "coordinator": (Grant("resident_coordinator", country="KEN"),),
    "two countries": (Grant("government", country="UGA"), Grant("government", country="FJI")),
    "itu": (Grant("focal_point", entity="itu"),),
    "unodc": (Grant("focal_point", entity="unodc"),),
    "unodc in Uganda": (Grant("focal_point", entity="unodc"), Grant("assessor", country="UGA")),
    "administrator": (Grant("administrator"),),
}
FIGURES = {
    "filter": "requests",
    "open_filter": "open",
    "overdue_filter": "overdue",
    "asked_filter": "asked",
    "accepted_filter": "accepted",
    "leads_filter": "leads",
    "declined_filter": "declined",
}
"""Which figure each filter of a line leads to the requests of."""


@pytest.fixture
def laid(clients: Clients) -> dict[str, str]:
    return lay(clients)


def asked(house: House, session: Session, reader: str) -> Asked:
    actor = Actor(None, reader, READERS[reader])
    nets.enter(session, actor)
    return Asked(session, house.shelf, actor, house.texts, "en")


def figures(one: Asked) -> Iterator[tuple[str, int]]:
    """Yield every filter that counts requests, with its figure."""
    lines: list[Figures] = [
        *reports.pipeline(one).items,
        *reports.places(one).items,
        *reports.topics(one).items,
        *reports.load(one).items,
        *reports.declines(one).items,
    ]
    for line in lines:
        for name, figure in FIGURES.items():
            if wanted := getattr(line, name, ""):
                yield wanted, getattr(line, figure)


def listed(one: Asked, query: str) -> int:
    fields = {name: values[0] for name, values in parse_qs(query).items()} | {"sort": "-filed"}
    many = {name: [fields.pop(name)] for name in ("state", "stage") if name in fields}
    fields.pop("sort")
    found, exact = dossier.count(
        one.session, one.actor, Filters.model_validate(fields | many).search()
    )
    assert exact
    return found


def check(house: House, *readers: str) -> None:
    """Hold every figure of readers, or of all, against the list that it leads to."""
    with house.database.reading() as session:
        known = {query for query, figure in figures(asked(house, session, "auditor")) if figure}
    assert len(known) > 40
    for reader in readers or READERS:
        with house.database.reading() as session:
            one = asked(house, session, reader)
            found = dict(figures(one))
            wrong = {
                query: (found.get(query, 0), listed(one, query))
                for query in known
                if found.get(query, 0) != listed(one, query)
            }
        assert wrong == {}, reader


def test_every_figure_of_every_reader_is_as_long_as_the_list_that_it_leads_to(
    clients: Clients, laid: dict[str, str]
) -> None:
    check(clients.house)
    with clients.house.database.reading() as session:
        assert {n for _, n in figures(asked(clients.house, session, "administrator"))} == {0}


def test_an_entity_finds_no_answer_of_another_in_any_figure(
    clients: Clients, laid: dict[str, str]
) -> None:
    def said(reader: str) -> str:
        with clients.house.database.reading() as session:
            one = asked(clients.house, session, reader)
            return f"{reports.load(one).items} {reports.declines(one).items}"

    assert NO_STAFF in said("desk")
    assert NO_MONEY in said("desk")
    assert NO_STAFF in said("two countries")
    for reader in ("itu", "unodc"):
        assert NO_STAFF not in said(reader)
        assert "undp" not in said(reader)
        assert f"entity='{reader}'" in said(reader)
    assert NO_STAFF in said("unodc in Uganda")


def test_what_is_kept_for_the_whole_house_is_what_would_be_counted(
    clients: Clients, laid: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, now = clients.house, clock.now()
    monkeypatch.setattr(keeping, "QUICK", 60)
    assert count_anew(clients.office, now) == 0
    monkeypatch.setattr(keeping, "QUICK", 0)
    earlier = KeptCounts(sight="all", report="regions", counts={"Asia": [1]}, at=now, seconds=9)
    with clients.office.writing() as session:
        session.add(earlier)
    assert count_anew(clients.office, now) == len(keeping.WIDE) * len(COUNTED)
    with clients.office.reading() as session:
        assert set(session.scalars(sa.select(KeptCounts.report))) == set(COUNTED)
    check(house, "auditor", "desk", "desk and coordinator", "screening", "program")
    with clients.office.writing() as session:
        session.execute(sa.update(AssistanceRequest).values(state="closed", stage="ended"))

    def closed(reader: str) -> int:
        with house.database.reading() as session:
            one = asked(house, session, reader)
            return dict(figures(one))["state=closed"]

    assert (closed("desk"), closed("desk and coordinator")) == (1, 8)
    assert (closed("coordinator"), closed("itu")) == (3, 1)
    with clients.office.writing() as session:
        session.execute(sa.update(KeptCounts).values(at=now - keeping.KEPT_FOR))
    assert closed("desk") == 7


def test_stays_are_counted_from_one_move_to_the_next(
    clients: Clients, laid: dict[str, str]
) -> None:
    def stays(reader: str) -> dict[str, Any]:
        with clients.house.database.reading() as session:
            lines = reports.durations(asked(clients.house, session, reader)).items
            return {line.state: (line.stays, line.median_days, line.p90_days) for line in lines}

    assert stays("desk") == {"draft": (4, 2.0, 40.0), "triage": (1, 10.0, 10.0)}
    assert stays("program") == {"draft": (3, 2.0, 3.0), "triage": (1, 10.0, 10.0)}
    assert stays("coordinator") == {"draft": (1, 1.0, 1.0)}
    assert stays("itu") == {"draft": (1, 2.0, 2.0)}
    with clients.house.database.reading() as session:
        longest = reports.durations(asked(clients.house, session, "desk")).items[0].longest
        assert [one.reference for one in longest][:2] == [laid["held"], laid["uganda"]]


def test_principles_are_counted_where_one_reads_within(
    clients: Clients, laid: dict[str, str]
) -> None:
    def principles(client: Client) -> dict[str, list[str]]:
        lines = client.get("/reports/declines").ok().body["items"]
        return {one["code"]: one["references"] for one in lines if one["by"] == "principle"}

    found = {"P1": [laid["samoa"]], "P3": [laid["samoa"]]}
    assert principles(clients.as_("desk_officer")) == found
    assert principles(clients.as_("government", country="WSM")) == found
    assert principles(clients.as_("client")) == {}
    assert principles(clients.as_("government", country="KEN")) == {}


def test_a_table_says_what_the_answer_says_and_holds_no_formula(
    clients: Clients, laid: dict[str, str]
) -> None:
    desk = clients.as_("desk_officer")
    whole = desk.get("/reports/declines").ok()
    table = desk.get("/reports/declines?format=csv").ok()
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.headers["content-disposition"] == 'attachment; filename="declines.csv"'
    rows = table.body.splitlines()
    assert rows[0] == "by,code,label,requests,reasons,references,filter"
    assert len(rows) == 1 + len(whole.body["items"])
    assert desk.get("/reports/declines", accept="text/csv").body == table.body
    assert desk.get("/reports/declines?format=json", accept="text/csv").body == whole.body
    again = desk.get("/reports/declines?format=csv", if_none_match=table.headers["etag"])
    assert again.status == 304
    with clients.office.writing() as session:
        session.execute(sa.text("UPDATE responses SET reason = '=1+1' WHERE entity = 'itu'"))
    assert ",'=1+1," in desk.get("/reports/declines?format=csv").body


def test_a_count_that_became_quick_is_kept_no_longer(
    clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "QUICK", 0)
    count_anew(clients.office, clock.now())
    monkeypatch.setattr(keeping, "QUICK", 60)
    assert count_anew(clients.office, clock.now() + timedelta(hours=1)) == 0
    with clients.office.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(KeptCounts)) == 0
