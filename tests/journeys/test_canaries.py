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
from app.requests.service.filters import Search
from tests.factories.clients import Client, Clients
from tests.journeys import acts
from tests.journeys.conftest import Sweep

PEOPLE, PLACE, WHY = "canary-people-4711", "canary-place-4712", "canary-why-4713"
THREAT, SOURCE = "canary-threat-4714", "canary-source-4715"
FINDING, FACTOR, REGION = "canary-finding-4716", "canary-factor-4717", "canary-region-4718"
NOTE, QUESTION, ANSWER = "canary-note-4719", "canary-question-4720", "canary-answer-4721"
GRANTED, OPENED = "canary-granted-4722", "canary-opened-4723"
RAISED, LOWERED = "canary-raised-4724", "canary-lowered-4725"
PROTECTED = (PEOPLE, PLACE, WHY)
WITHIN = {
    THREAT: ("/assessment/",),
    SOURCE: ("/assessment/",),
    NOTE: ("/assessment/",),
    FINDING: ("/assessment/", "/delivery"),
    FACTOR: ("/assessment/", "/screening"),
    REGION: ("/assessment/", "/screening"),
    QUESTION: ("/clarifications",),
    ANSWER: ("/clarifications",),
    GRANTED: ("/named-grants",),
    OPENED: ("/openings",),
    RAISED: ("/timeline",),
    LOWERED: ("/lowerings", "/timeline"),
}
"""What only those read who read within, and in which answers."""
INNER = tuple(WITHIN)
CANARIES = (*PROTECTED, *INNER)
DESK = Actor(None, "desk", (Grant("desk_officer"),))


class Marked(Story):
    """A story in whose answers and findings canaries sit."""

    def _given(
        self, standing: frozenset[str], topic: str, question: dict[str, Any]
    ) -> dict[str, Any]:
        body = super()._given(standing, topic, question)
        evidence = [one | {"source": SOURCE} for one in body["evidence"]]
        return body | {"evidence": evidence, "note": NOTE}

    def _find(self, assessor: str, room: str, which: str) -> None:
        super()._find(assessor, room, which)
        found = {"topic": "D9", "text": FINDING, "risk_factor": FACTOR}
        number = self.stage.add(assessor, f"{room}/findings{which}", found)["number"]
        if which not in ("?kind=reassessment", "?kind=self"):
            rests = {"findings": [number], "number": 1}
            self.stage.add(assessor, f"{room}/needs", rests)


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
    given = {"person": holder, "part": "protected", "until": until, "reason": GRANTED}
    stage.add(who, f"{story.path}/named-grants", given)
    why = {"reason": OPENED}
    opened = stage.obtain("reviewer", "POST", f"{path}/1/openings", why).body
    assert (opened["text"], opened["location"], opened["why_precise"]) == PROTECTED
    assert stage.ask("desk", "POST", f"{path}/1/openings", why).status == 403
    wrong = body | {"country": "UGA"}
    assert not met(str(stage.ask(who, "POST", path, wrong).body), PROTECTED)


def hold_back(story: Story) -> None:
    """Raise the level and lower it again, and ask the country a question."""
    stage, who = story.stage, story.who("coordinator")
    higher = {"level": "restricted", "reason": RAISED}
    stage.change(who, "PUT", f"{story.path}/level", higher, story.path)
    wish = {"level": "ordinary", "reason": LOWERED}
    stage.add(who, f"{story.path}/lowerings", wish)
    path = f"{story.path}/lowerings/1/confirmation"
    stage.change(story.who("government"), "POST", path, None, story.path)
    asked = {"questions": [QUESTION], "due_on": str(story.today)}
    stage.add("desk", f"{story.path}/clarifications", asked)
    path = f"{story.path}/clarifications/1/answer"
    stage.change(who, "PUT", path, {"answer": ANSWER}, story.path)


def play(told: Story) -> str:
    """Play a request from draft to closed; return the entity that declined on the way."""
    acts.at_triage(told, acts.asking(acts.TRAINING, acts.CIRT))
    protect(told)
    hold_back(told)
    told.triage()
    told.assess()
    told.complete_assessment()
    told.screen()
    told.pass_screening()
    decliner = entities_of(told.offer())[0]
    told.respond(decliner, accepted=False, reason="No team is free this year.")
    for entity in entities_of(told.offer_again()):
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
    monkeypatch.setitem(RISK, "regional_factors", REGION)
    heard = listen(stage)
    told = Marked(stage, ["KEN"], clock.today())
    decliner = play(told)
    database = clients.house.database
    relay(database, clients.house.shelf)
    sweep()

    for who, path, answer in heard:
        if path.endswith("/openings"):
            assert not met(answer, PROTECTED) or who == "reviewer", path
        else:
            assert not met(answer, PROTECTED), path
            for canary in met(answer, INNER):
                assert any(part in path for part in WITHIN[canary]), (canary, path)
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

    with database.writing() as session:  # planted: two fields stored as they came
        session.execute(sa.text("UPDATE protected_parts SET location = :it"), {"it": PLACE})
        session.execute(sa.text("UPDATE clarifications SET answer = :it"), {"it": ANSWER})
    assert {canary for text in dump(database) for canary in met(text)} == {PLACE, ANSWER}
