"""The recorder itself: the neighbours are really there, and it speaks where scope is forgotten."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from app.cli.demo.play import main_play
from app.cli.demo.stage import API, Stage
from app.cli.main import app
from app.jobs.relay import relay
from app.kit import clock
from app.requests import access
from app.requests.service import lists
from tests.factories.clients import Clients, code_now
from tests.journeys import acts
from tests.journeys.conftest import Tell
from tests.journeys.neighbours import CONFIDENTIAL, COUNTRIES, MARKER
from tests.journeys.oracle import GRANTS, Met, Reader, may
from tests.journeys.recorder import INSIDE, Recorder, Tally, met

NOTICES = sa.text(
    "SELECT n.person_id, c.country FROM notices n JOIN request_events e ON e.id = n.event_id"
    " JOIN request_countries c ON c.request_id = e.request_id"
)


def planted(patch: pytest.MonkeyPatch, name: str) -> None:
    """Let a condition of `access` hold for everybody, wherever its name was imported."""
    own = getattr(access, name)
    for module in [held for key, held in sys.modules.items() if key.startswith("app.")]:
        if getattr(module, name, None) is own:
            patch.setattr(module, name, lambda *_: sa.true())


@contextmanager
def remembering_nothing() -> Iterator[pytest.MonkeyPatch]:
    """Plant something: statements that were remembered before or meanwhile are forgotten."""
    held = [*vars(access).values(), *vars(lists).values()]
    caches = [one for one in held if hasattr(one, "cache_clear")]
    for cache in caches:
        cache.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        yield patch
    for cache in caches:
        cache.cache_clear()


def heard(recorder: Recorder) -> list[str]:
    """Return what was noted, and forget it."""
    said = list(recorder.faults)
    recorder.faults.clear()
    return said


def everything(stage: Stage, recorder: Recorder, who: str) -> set[Met]:
    """Return the markers that somebody meets in the neighbours."""
    said = [
        str(stage.ask(who, "GET", f"/requests/{reference}{part}").body)
        for reference in recorder.named
        for part in (*INSIDE, "/needs", "/comments", "/screening", "/delivery", "/attachments")
    ]
    return set(met("".join(said)))


def test_the_neighbours_stand_in_several_states_and_their_texts_are_marked(
    stage: Stage, recorder: Recorder
) -> None:
    states = [stage.state("auditor", reference) for reference in recorder.named]
    assert len(states) == len(COUNTRIES)
    assert set(states) == {"draft", "triage", "assessment", "offered", "delivery"}
    found = everything(stage, recorder, "auditor")
    assert {one.country.upper() for one in found} == set(COUNTRIES)
    assert {one.depth for one in found} == {"outer", "inner"}
    assert len({one.field for one in found}) >= 12, found
    levels = {stage.read("auditor", f"/requests/{one}")["level"] for one in recorder.named}
    assert levels == {"ordinary", "restricted", "confidential"}
    assert everything(stage, recorder, "coordinator:KEN") == set()


def test_a_whole_journey_beside_neighbours_meets_no_foreign_marker(
    stage: Stage, recorder: Recorder, tally: Tally, clients: Clients
) -> None:
    before = tally.answers
    main_play(stage, clock.today())
    recorder.go_round(stage.players)
    assert tally.answers - before > 400
    assert heard(recorder) == []


def test_the_stream_of_events_holds_no_foreign_marker(stage: Stage, clients: Clients) -> None:
    said = {}
    for who in ("coordinator:KEN", "desk"):
        headers = {"Authorization": f"Bearer {stage.players[who].token}"}
        said[who] = clients.http.get(f"{API}/events/stream?seconds=1", headers=headers).text
    assert met(said["coordinator:KEN"]) == []
    assert {one.depth for one in met(said["desk"])} >= {"inner"}


def test_where_scope_is_forgotten_the_recorder_speaks(
    story: Tell, recorder: Recorder, stage: Stage
) -> None:
    told = story("KEN")
    acts.at_triage(told, acts.asking())
    recorder.go_round(stage.players)
    assert heard(recorder) == []
    with remembering_nothing() as patch:
        planted(patch, "visible")
        recorder.go_round(stage.players)
    said = "\n".join(heard(recorder))
    for path in ("/requests?limit", "/requests?q=zq7", "/events?limit", "/timeline"):
        assert path in said, path
    assert "is told" in said


def test_where_depth_is_forgotten_the_recorder_speaks(stage: Stage, recorder: Recorder) -> None:
    with remembering_nothing() as patch:
        planted(patch, "within")
        recorder.go_round(stage.players)
    said = heard(recorder)
    assert any("depth='inner'" in one and "client" in one for one in said)
    assert not any("depth='outer'" in one for one in said)


def test_what_is_sealed_or_said_in_the_log_is_heard(recorder: Recorder) -> None:
    sealed = f"zq7-{CONFIDENTIAL.lower()}-sealed-location"
    assert logging.getLogger("entente").isEnabledFor(logging.INFO)
    recorder.search_what_was_kept(f"a log that says {sealed}")
    assert len(heard(recorder)) == 1
    everywhere = ("desk_officer", "auditor", "administrator", "screening_officer")
    reader = Reader(tuple((role, None, None) for role in everywhere))
    with recorder.clients.house.database.reading() as session:
        assert not may(session, reader, Met(CONFIDENTIAL, "sealed", "location"))
        assert may(session, reader, Met(CONFIDENTIAL, "inner", "note"))


def test_a_sealed_text_that_leaves_is_heard(stage: Stage, recorder: Recorder) -> None:
    (reference,) = [one for one, country in recorder.named.items() if country == "PER"]
    path, why = f"/requests/{reference}", {"reason": "The plan must be held against the risk."}
    given = {"person": stage.players["reviewer"].person_id, "part": "protected", **why}
    until = str(clock.today() + timedelta(days=9))
    stage.add("coordinator:PER", f"{path}/named-grants", given | {"until": until})
    assert heard(recorder) == []
    stage.obtain("reviewer", "POST", f"{path}/protected/1/openings", why)
    assert {one.rsplit("depth=", 1)[1][:8] for one in heard(recorder)} == {"'sealed'"}


def test_notices_of_neighbours_reach_only_those_who_may_know(
    stage: Stage, recorder: Recorder, clients: Clients
) -> None:
    house = clients.house
    asked = {"questions": ["Which law?"], "due_on": str(clock.today())}
    (reference,) = [r for r in recorder.named if stage.state("auditor", r) == "triage"]
    stage.add("desk", f"/requests/{reference}/clarifications", asked)
    relay(house.database, house.shelf)
    with house.database.reading() as session:
        told = session.execute(NOTICES).all()
        assert len(told) > 20
        for person, country in told:
            held = tuple(tuple(row) for row in session.execute(GRANTS, {"person": person}))
            reader = Reader(held, "/me/notices")
            assert may(session, reader, Met(country, "outer", "")), (held, country)


def test_an_export_holds_what_its_person_may_see_and_no_more(
    stage: Stage, clients: Clients, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    house = clients.house
    monkeypatch.setenv("ENTENTE_DATABASE_URL", house.settings.database_url)
    monkeypatch.setenv("ENTENTE_TOKEN_KEY", house.key)

    assured: set[str] = set()

    def exported(who: str, *more: str) -> list[Met]:
        file = tmp_path / "out.jsonl"
        player = stage.players[who]
        if who not in assured:
            more = (*more, "--code", code_now(player.device))
        assured.add(who)
        surroundings = {"ENTENTE_TOKEN": player.token}
        done = CliRunner().invoke(app, ["export", str(file), *more], env=surroundings)
        assert done.exit_code == 0, done.output
        assert MARKER.search(done.output) is None
        return met(file.read_text("utf-8"))

    assert exported("coordinator:KEN") == exported("coordinator:KEN", "--country", "PER") == []
    assert exported("government:UGA", "--country", "MNG") == []
    own = exported("coordinator:PER")
    assert {one.country for one in own} == {"per"}
    whole = {one.depth for one in (*own, *exported("desk"), *exported("auditor"))}
    assert whole == {"outer", "inner"}


def test_a_stored_answer_is_given_to_nobody_else_and_stored_sealed(
    stage: Stage, recorder: Recorder, clients: Clients
) -> None:
    (reference,) = [r for r in recorder.named if stage.state("auditor", r) == "offered"]

    def remark(who: str) -> Any:
        headers = {
            "Authorization": f"Bearer {stage.players[who].token}",
            "Idempotency-Key": "one-key-of-two-people",
        }
        body = {"text": "zq7-per-outer-comment once more"}
        return clients.http.post(f"{API}/requests/{reference}/comments", json=body, headers=headers)

    assert remark("desk").status_code == 201
    stranger = remark("coordinator:KEN")
    assert (stranger.status_code, met(json.dumps(stranger.json()))) == (404, [])
    assert remark("desk").status_code == 201
    recorder.search_what_was_kept("")
    assert heard(recorder) == []
