"""What grows old or is held by nobody: shown, and reminded of, once."""

from datetime import timedelta

import sqlalchemy as sa

from app.compendium import entries
from app.compendium import service as compendium
from app.compendium.service import Change, Stamp
from app.directory import service as directory
from app.directory.schemas import GrantBody, PersonBody
from app.jobs.basis import remind
from app.kit import clock
from app.outbox.tables import Letter
from app.reports.rules import standing_of
from tests.factories import naming
from tests.factories.clients import Clients


def test_owners_are_reminded_once_of_what_is_past_its_review_date(clients: Clients) -> None:
    with clients.house.database.writing() as session:
        grants = (GrantBody(role="focal_point", entity="itu"),)
        ada = directory.enrol(
            session, None, PersonBody(name="Ada", email="ada@itu.example", grants=grants)
        )
        bob = directory.enrol(
            session, None, PersonBody(name="Bob", email="bob@itu.example", grants=grants)
        )
        named = ((ada.id, naming.PRIMARY), (bob.id, naming.ALTERNATE))
        naming.name(session, *(naming.change("itu", person, part) for person, part in named))
        told = compendium.history(session, "itu.users")[-1].told() | {"review_by": "2026-02-01"}
        now = clock.now()
        stale = Change("mandate", entries.read("mandate", told))
        lost = compendium.history(session, "unesco", "entity")[-1].told()
        lost |= {"review_by": "2026-03-01"}
        gone = Change("entity", entries.read("entity", lost))
        compendium.record(session, [stale, gone], Stamp(now, now, "a test"))
    shown = clients.as_("auditor").get("/compendium/freshness").ok().body["items"]
    assert [(one["code"], one["owners"], one["unreached"]) for one in shown] == [
        ("itu.users", ["itu"], []),
        ("unesco", ["unesco"], ["unesco"]),
    ]
    now = clock.now()
    assert remind(clients.office, now) == 1
    assert remind(clients.office, now + timedelta(days=29)) == 0
    with clients.house.database.writing() as session:
        directory.suspend(session, None, ada.id)
    assert remind(clients.office, now + timedelta(days=31)) == 1, "the alternate, in her place"
    with clients.house.database.reading() as session:
        letters = session.scalars(sa.select(Letter.address).where(Letter.kind == "review_due"))
        assert list(letters) == ["ada@itu.example", "bob@itu.example"]


def test_what_is_past_its_date_and_who_is_reached_are_read_as_of_a_moment_and_as_known(
    clients: Clients,
) -> None:
    reader, before = clients.as_("desk_officer"), clock.now()
    ada = clients.as_("focal_point", entity="itu")
    with clients.house.database.writing() as session:
        naming.name(session, naming.change("itu", ada.person_id), ahead=timedelta(days=3))
    later = f"as_of={clock.stamp(clock.now() + timedelta(days=3))}"
    gaps = "/focal-points/gaps"

    def without(query: str) -> set[str]:
        return {one["entity"] for one in reader.get(f"{gaps}?{query}").ok().body["items"]}

    assert "itu" in without("")
    assert "itu" not in without(later)
    assert "itu" in without(f"{later}&known_at={clock.stamp(before)}")
    stale = "/compendium/freshness?as_of="
    assert reader.get(f"{stale}2026-12-31").ok().body["items"] == []
    assert len(reader.get(f"{stale}2035-01-01").ok().body["items"]) > 100
    known = f"&known_at={clock.stamp(before - timedelta(days=900))}"
    assert reader.get(f"{stale}2035-01-01{known}").ok().body["items"] == []


def test_every_read_of_the_compendium_takes_as_of_and_known_at(clients: Clients) -> None:
    paths = clients.app.openapi()["paths"]
    for path, methods in paths.items():
        read = methods.get("get")
        if read is None or "compendium" not in read["tags"] or "{number}" in path:
            continue
        if path == "/api/v1/compendium/proposals":
            continue  # wishes are no part of the record
        told = {one["name"] for one in read.get("parameters", ())}
        assert {"as_of", "known_at", "version"} <= told, path


def test_a_topic_stands_between_what_is_asked_and_who_gives_help() -> None:
    assert standing_of(2, [], []) == "orphan"
    assert standing_of(0, [], []) == "unheld"
    assert standing_of(1, ["itu"], []) == "held"
    assert standing_of(1, ["itu", "undp"], []) == "contested"
    assert standing_of(0, ["itu", "undp"], ["itu"]) == "led"


def test_the_atlas_tells_orphans_and_overlaps_by_topic(clients: Clients) -> None:
    coordinator = clients.as_("resident_coordinator", country="KEN")
    need = {"area": "D", "topic": "D3", "text": "Against botnets."}
    body = {"countries": ["KEN"], "title": "Botnets", "summary": "Many.", "needs": [need]}
    coordinator.post("/requests", body).ok()
    read = clients.as_("auditor").get("/compendium/atlas").ok().body
    topics = {one["topic"]: one for one in read["topics"]}
    assert (topics["D3"]["standing"], topics["D3"]["demand"]) == ("unheld", 0), (
        "a draft asks nothing"
    )
    assert topics["D9"]["standing"] == "led"
    assert {"A", "B", "C", "D", "E"} <= set(topics)
    before = clients.as_("auditor").get("/compendium/atlas?as_of=1950-01-01").ok().body
    assert {one["standing"] for one in before["topics"]} == {"unheld"}
