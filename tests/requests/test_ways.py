"""Whichever way a list is read, it holds what the reader sees and asked for, and each once."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor, Grant
from app.kit import clock
from app.kit.db import table_of
from app.kit.pages import Page
from app.requests import service as dossier
from app.requests.service.filters import Search, Sort, values_of
from app.requests.service.ways import Shape, way_of
from app.requests.tables import AssistanceRequest, Involvement, RequestCountry
from tests.factories.clients import Clients

R = table_of(AssistanceRequest)
KENYA, FIJI = Grant("resident_coordinator", "KEN"), Grant("government", "FJI")
ITU, CCB = Grant("focal_point", None, "itu"), Grant("focal_point", None, "ccb")
SEEN: dict[tuple[Grant, ...], str] = {
    (Grant("desk_officer"),): "kenya both fiji uganda",
    (KENYA,): "kenya both",
    (KENYA, FIJI): "kenya both fiji",
    (ITU,): "both uganda",
    (ITU, CCB): "both fiji uganda",
    (KENYA, ITU): "kenya both uganda",
    (FIJI, Grant("client", None, "itu")): "both fiji uganda",
    (Grant("reader", named=77),): "",
}
ASKED = (
    *(Search(), Search(q="court"), Search(q="court", state=("triage",)), Search(topic="D9")),
    *(Search(q="court evidence", area="D"), Search(country="KEN"), Search(open=True)),
    *(Search(q="cour evid", begun=True), Search(q="cour"), Search(q="cou", begun=True)),
)
SORTS: tuple[Sort, ...] = ("filed", "updated", "due")
FITS = {
    "court": "kenya both uganda",
    "court evidence": "kenya",
    "cour evid": "kenya",
    "cour": "",  # unless it is asked for
    "cou": "",  # which too few letters are not
    "D9": "kenya both fiji",
    "D": "kenya both fiji uganda",
    "KEN": "kenya both",
    None: "kenya both fiji uganda",
}


@pytest.fixture
def made(clients: Clients) -> dict[str, str]:
    """Four filed requests in the order of their names here; `both` is of Kenya and Fiji."""
    told = {
        "kenya": (["KEN"], "Court and evidence", "D9"),
        "both": (["FJI", "KEN"], "A court", "D9"),
        "fiji": (["FJI"], "Schools", "D9"),
        "uganda": (["UGA"], "Court of appeal", "D1"),
    }
    coordinator = clients.as_("resident_coordinator", country="KEN")
    references = {}
    for name, (_, title, topic) in told.items():
        needs = [{"area": "D", "topic": topic, "text": "x"}] * 2
        body = {"countries": ["KEN"], "title": title, "summary": "Help", "needs": needs}
        references[name] = str(coordinator.post("/requests", body).ok().body["reference"])
    now = clock.now()
    with clients.house.database.writing() as session:
        session.execute(sa.update(R).values(filed_at=now, state="triage", due_at=R.c.updated_at))
        ids = {name: _id(session, reference) for name, reference in references.items()}
        session.execute(sa.delete(RequestCountry))
        pairs = [(ids[name], one) for name, (countries, _, _) in told.items() for one in countries]
        session.add_all(RequestCountry(request_id=key, country=one) for key, one in pairs)
        at_work = {"both": ("itu", "ccb"), "fiji": ("ccb",), "uganda": ("itu",)}
        for name, entity in ((n, e) for n, entities in at_work.items() for e in entities):
            one = Involvement(request_id=ids[name], entity=entity, part="lead", since=now)
            one.standing = "asked" if name == "both" else "accepted"
            session.add(one)
        left = Involvement(request_id=ids["kenya"], entity="itu", part="lead", since=now)
        left.standing = "declined"
        session.add(left)
    return references


def _id(session: Session, reference: str) -> int:
    return int(session.scalars(sa.select(R.c.id).where(R.c.reference == reference)).one())


def _expected(made: dict[str, str], grants: tuple[Grant, ...], asked: Search) -> list[str]:
    seen = set(SEEN[grants].split())
    for value in (asked.q, asked.topic, asked.area, asked.country):
        seen &= set(FITS[value].split())
    return [reference for name, reference in made.items() if name in seen]


def test_a_list_and_its_count_hold_what_is_seen_by_each_way(
    clients: Clients, made: dict[str, str]
) -> None:
    with clients.house.database.reading() as session:
        for grants, asked in product(SEEN, ASKED):
            actor, expected = Actor(1, "one", grants), _expected(made, grants, asked)
            for search in (replace(asked, sort=one) for one in SORTS):
                page = dossier.search(session, actor, search, None, 2)
                found = _references(page)
                if page.next:
                    found += _references(dossier.search(session, actor, search, page.next, 50))
                assert (grants, search, found) == (grants, search, expected)
                assert dossier.count(session, actor, search) == (len(expected), True)


def _references(page: Page[Any]) -> list[str]:
    return [row[4] for row in page.rows]


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("sort", ["filed", "updated"])
def test_common_and_rare_words_find_the_same(
    clients: Clients, made: dict[str, str], sort: Sort, *, begun: bool
) -> None:
    with clients.house.database.reading() as session:
        sqlite = clients.house.database.sqlite
        for grants in SEEN:
            actor = Actor(1, "one", grants)
            asked = Search(q="cour" if begun else "court", begun=begun, area="D", sort=sort)
            values = values_of(actor, asked, sqlite=sqlite)
            told = []
            for rare in (True, False):
                query, key = way_of(Shape(grants, frozenset(values), asked.sort, sqlite, rare))
                query = query.with_only_columns(R.c.reference).order_by(key)
                told.append(session.scalars(query.params(values)).all())
            expected = _expected(made, grants, replace(asked, q="court"))
            assert (grants, told) == (grants, [expected, expected])


def test_a_first_page_that_is_the_last_has_told_the_count(
    clients: Clients, made: dict[str, str]
) -> None:
    actor, asked = Actor(1, "one", (Grant("desk_officer"),)), Search()
    with clients.house.database.reading() as session:
        whole = dossier.search(session, actor, asked, None, 4)
        part = dossier.search(session, actor, asked, None, 3)
        assert dossier.count(session, actor, asked, whole) == (4, True)
        assert dossier.count(session, actor, asked, part) == (4, True)
        session.execute(sa.update(R).where(R.c.reference == made["fiji"]).values(due_at=None))
        dated = dossier.search(session, actor, Search(sort="due"), None, 4)
        assert dossier.count(session, actor, Search(sort="due"), dated) == (3, True)
        assert dossier.count(session, actor, Search(sort="due")) == (3, True)


def test_the_beginnings_of_several_lists_are_those_of_each(
    clients: Clients, made: dict[str, str]
) -> None:
    late = clock.now() - timedelta(hours=2)
    wanted = (
        *(Search(state=("triage",), sort="due"), Search(state=("screening",), sort="due")),
        *(Search(updated_since=late, sort="-updated"), Search(state=("triage",), sort="filed")),
    )
    with clients.house.database.writing() as session:
        session.execute(sa.update(R).where(R.c.reference == made["both"]).values(due_at=None))
        session.execute(
            sa.update(R).where(R.c.reference == made["uganda"]).values(state="screening")
        )
        session.execute(sa.update(R).where(R.c.reference == made["fiji"]).values(updated_at=late))
    with clients.house.database.reading() as session:
        for grants in SEEN:
            actor = Actor(1, "one", grants)
            each = [tuple(dossier.search(session, actor, one, None, 2).rows) for one in wanted]
            begun = [
                tuple(map(tuple, rows)) for rows in dossier.beginnings(session, actor, wanted, 2)
            ]
            assert (grants, begun) == (grants, [tuple(map(tuple, rows)) for rows in each])
