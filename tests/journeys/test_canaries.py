"""Canaries: what is sealed is found nowhere, after a whole journey, by anybody without the right."""

import json
import logging
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.cli.demo.play import entities_of
from app.cli.demo.stage import Reply, Stage
from app.cli.demo.story import RISK, Story
from app.directory.actor import Actor, Grant
from app.directory.schemas import GrantBody
from app.jobs.relay import relay
from app.kit import clock
from app.kit.db import Database
from app.requests.service import transfer
from app.requests.service.lists import Search
from tests.factories.clients import Client, Clients
from tests.journeys import acts
from tests.journeys.conftest import Sweep

PEOPLE, PLACE, WHY = "canary-people-4711", "canary-place-4712", "canary-why-4713"
THREAT, SOURCE = "canary-threat-4714", "canary-source-4715"
PROTECTED, INNER = (PEOPLE, PLACE, WHY), (THREAT, SOURCE)
CANARIES = (*PROTECTED, *INNER)
DESK = Actor(None, "desk", (Grant("desk_officer"),))
REASON = {"reason": "The plan must be held against the risk to the witnesses."}


class Marked(Story):
    """A story whose evidence names a canary as its source."""

    def _given(
        self, standing: frozenset[str], topic: str, question: dict[str, Any]
    ) -> dict[str, Any]:
        body = super()._given(standing, topic, question)
        return body | {"evidence": [one | {"source": SOURCE} for one in body["evidence"]]}


def met(text: str, canaries: tuple[str, ...] = CANARIES) -> list[str]:
    """Return the canaries that a text holds."""
    return [canary for canary in canaries if canary in text]


def dump(database: Database) -> Iterator[str]:
    """Yield everything that a database holds, row by row, and on SQLite the bytes of its files."""
    if database.sqlite:
        file = Path(database.engine.url.database or "")
        with sqlite3.connect(file) as connection:
            yield from connection.iterdump()
        for one in file.parent.glob(f"{file.name}*"):
            yield one.read_bytes().decode("latin-1")
        return
    with database.reading() as session:
        for name in sa.inspect(session.connection()).get_table_names():
            yield from session.scalars(sa.text(f'SELECT t::text FROM "{name}" AS t'))


def exported(database: Database) -> str:
    """Return what the export of everything holds, for the desk."""
    with database.reading() as session:
        found, _ = transfer.whole(session, DESK, Search(), (0, 10**9))
    return json.dumps(found)


def listen(stage: Stage) -> list[tuple[str, str, str]]:
    """Keep who was answered what on which path, from now on."""
    heard: list[tuple[str, str, str]] = []
    send = stage.send
    names = {player.token: name for name, player in stage.players.items()}

    def told(method: str, path: str, body: Any, headers: Mapping[str, str]) -> Reply:
        reply = send(method, path, body, headers)
        who = names.get(headers["Authorization"].removeprefix("Bearer "), "")
        heard.append((who, path, f"{reply.body} {reply.tag}"))
        return reply

    stage.send = told
    return heard


def protect(story: Story) -> None:
    """Record who is at risk, twice with one key, and let the reviewer open it."""
    stage, path = story.stage, f"{story.path}/protected"
    body = {
        "groups": ["witnesses"],
        "country": "KEN",
        "region": "Highlands",
        "text": PEOPLE,
        "location": PLACE,
        "why_precise": WHY,
    }
    who = story.who("coordinator")
    stage.add(who, path, body)
    until = str(clock.today() + timedelta(days=30))
    holder = stage.players["reviewer"].person_id
    given = {"person": holder, "part": "protected", "until": until, **REASON}
    stage.add(who, f"{story.path}/named-grants", given)
    opened = stage.obtain("reviewer", "POST", f"{path}/1/openings", REASON).body
    assert (opened["text"], opened["location"], opened["why_precise"]) == PROTECTED
    assert stage.ask("desk", "POST", f"{path}/1/openings", REASON).status == 403
    wrong = body | {"country": "UGA"}
    assert not met(str(stage.ask(who, "POST", path, wrong).body), PROTECTED)


def play(told: Story) -> str:
    """Play a request from draft to closed; return the entity that declined on the way."""
    acts.at_triage(told, acts.asking(acts.TRAINING, acts.CIRT))
    protect(told)
    told.triage()
    told.assess()
    told.complete_assessment()
    told.screen()
    told.pass_screening()
    decliner = entities_of(told.offer())[0]
    told.respond(decliner, accepted=False, reason="No team is free this year.")
    for entity in entities_of(told.offer()):
        told.respond(entity)
    told.consent()
    acts.finish(told)
    return decliner


def crawl(client: Client, reference: str) -> str:
    """Return all that a client can read, of the request and beside it."""
    api = client.http.get("/openapi.json").json()["paths"]
    paths = [path for path, operations in api.items() if "get" in operations]
    said = []
    for path in paths:
        if "{" in path.replace("{ref}", "").replace("{number}", "") or "stream" in path:
            continue
        named = path.replace("{ref}", reference).replace("{number}", "1")
        said.append(client.get(named.removeprefix("/api/v1")).body)
    return json.dumps(said)


def test_sealed_texts_are_found_nowhere_after_a_whole_journey(
    stage: Stage,
    clients: Clients,
    sweep: Sweep,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setitem(RISK, "threats_systems", THREAT)
    heard = listen(stage)
    told = Marked(stage, ["KEN"], clock.today())
    decliner = play(told)
    database = clients.house.database
    relay(database, clients.house.shelf)
    sweep()

    for who, path, answer in heard:
        if path.endswith("/openings"):
            assert not met(answer) or who == "reviewer", path
        else:
            assert not met(answer, PROTECTED), path
            assert not met(answer, INNER) or "/assessment/" in path, path
    assert any(met(answer, INNER) for _, _, answer in heard)
    scopes: list[dict[str, str]] = [{}, {"country": "KEN"}]
    strangers = [clients.person([GrantBody(role="client", **scope)]) for scope in scopes]
    strangers += [clients.as_("government", country="UGA"), clients.as_("administrator")]
    player = stage.players[f"focal:{decliner}"]
    strangers.append(Client(clients.http, player.person_id, player.token))
    for stranger in strangers:
        assert met(crawl(stranger, told.reference)) == []
    for name in ("desk", "auditor"):
        player = stage.players[name]
        own = crawl(Client(clients.http, player.person_id, player.token), told.reference)
        assert met(own, PROTECTED) == []
        assert met(own, INNER) == list(INNER)
    assert met(exported(database)) == []
    assert met(caplog.text) == []
    assert [met(text) for text in dump(database) if met(text)] == []

    with database.writing() as session:  # planted: one field stored as it came
        session.execute(sa.text("UPDATE protected_parts SET location = :it"), {"it": PLACE})
    assert {canary for text in dump(database) for canary in met(text)} == {PLACE}
