"""After an erasure nothing of what was said is left anywhere, and the log still holds."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.cli.requests import HOUSE_READER
from app.jobs.engine import Jobs
from app.jobs.relay import relay
from app.kit import clock
from app.kit.db import Database
from app.ledger.places import Folder
from app.requests.service import proof, transfer
from app.requests.service.filters import Search
from app.requests.tables import Comment, StoredAnswer
from app.retention import service as retention
from app.retention.classes import PARTS
from app.retention.service import erasing
from app.retention.tables import Erasure
from app.wiring.house import House
from tests.assessment.test_lending import lent
from tests.factories.clients import Clients
from tests.journeys.acts import asking
from tests.retention.canaries import rows
from tests.retention.conftest import Played

REASON = {"reason": "The country asked for it."}


def everywhere(house: House, logged: str) -> Iterator[tuple[str, bytes]]:
    """Yield all that an installation holds: both databases, files, export, log."""
    yield from rows(house.database)
    place = house.settings.jobs_place
    jobs = Database(place)
    yield from ((f"jobs {name}", content) for name, content in rows(jobs))
    jobs.close()
    folders = [house.settings.files_place]
    if house.database.sqlite:
        house.database.tidy()
        folders.append(Path(house.database.engine.url.database or "").parent)
    for file in (one for folder in folders for one in folder.rglob("*")):
        if file.is_file():
            yield f"file {file.name}", file.read_bytes()
    yield "log", logged.encode()
    yield "export", exported(house)


def exported(house: House) -> bytes:
    """Return the export of all requests."""
    with house.database.reading() as session:
        extent = transfer.extent(session, HOUSE_READER, Search())
        found, _ = transfer.whole(session, HOUSE_READER, Search(), (0, extent.last))
        return json.dumps(found).encode()


def erase(played: Played) -> None:
    """Erase every request that was played, by two administrators."""
    for reference in played.references:
        path = f"/requests/{reference}/erasure"
        played.admin(1).post(path, REASON).ok()
        played.admin(2).post(f"{path}/confirm").ok()


def log_faults(house: House, folder: Path) -> list[proof.Fault]:
    """Return what is wrong with the decision log: with all its streams, after an anchor."""
    place = Folder(folder / "anchors")
    proof.anchor_all(house.database, place, clock.now())
    with house.database.reading() as session:
        return list(proof.verify(session, place).faults)


def kept_answers(played: Played) -> int:
    """Return how many sealed answers to calls about the played requests are kept."""
    query = sa.select(sa.func.count()).select_from(StoredAnswer)
    with played.clients.house.database.reading() as session:
        own = StoredAnswer.about.in_(played.references)
        return session.scalar(query.where(own)) or 0


def run_jobs(house: House) -> None:
    """Let the job library do one run of the relay, so that its database is not empty."""
    jobs = Jobs(house.settings)
    jobs.schedule("relay", "0 0 0 1 1 *", lambda: relay(house.database, house.shelf))
    jobs.start()
    try:
        jobs.run_once("relay", clock.now())
    finally:
        jobs.stop()


def erase_forgetfully(played: Played) -> None:
    """Erase by a page of classes on which one table was forgotten."""
    forgetful = tuple(part for part in PARTS if part.rows is not Comment)
    with played.clients.house.database.writing() as session:
        for reference in played.references:
            request = retention.find(session, None, reference, lock=True)
            now = clock.now()
            row = Erasure(request_id=request.id, reason="a plant", asked_at=now, erased_at=now)
            session.add(row)
            session.flush()
            erasing.carry_out(session, None, request, row, forgetful)


def test_nothing_of_what_was_said_is_left_after_an_erasure(
    played: Played, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    house = played.clients.house
    path = f"/requests/{played.references[0]}"
    caplog.set_level(logging.INFO)
    run_jobs(house)
    kinds = [e["kind"] for e in played.stage.timeline("auditor", played.references[0])]
    status = played.stage.read("auditor", f"{path}/status")
    assert len(played.canaries.sown) >= 100
    before = played.canaries.hits(everywhere(house, caplog.text))
    # Answers, evidence and findings are sealed: nothing of them is met, before either.
    for place in ("comments", "consultations", "request_events", "text_versions"):
        assert any(place in name for name in before), place
    assert any("request_words" in name for name in before)
    assert "export" in before
    assert kept_answers(played) > 50

    # the plant: one forgotten table is found
    erase_forgetfully(played)
    hits = played.canaries.hits(rows(house.database))
    assert {name.strip('"').rpartition(".")[2] for name in hits} == {"comments"}

    erase(played)
    assert played.canaries.hits(everywhere(house, caplog.text)) == {}
    assert kept_answers(played) == 0
    assert log_faults(house, tmp_path) == []

    # reference, states and days stay, and every page still answers
    after = played.stage.read("auditor", f"{path}/status")
    assert {**after, "revision": 0} == {**status, "revision": 0}
    left = [e["kind"] for e in played.stage.timeline("auditor", played.references[0])]
    assert left == [*kinds, "request_erased", "request_erased"]
    shown = played.stage.read("auditor", path)
    assert (shown["reference"], shown["title"], shown["countries"]) == (
        played.references[0],
        "",
        ["KEN"],
    )
    answers = {path: answered(played, path) for path in played.reads}
    assert {path for path, status in answers.items() if status >= 500} == set()
    assert 200 in answers.values()


def answered(played: Played, path: str) -> int:
    """Read one page as the auditor; it holds no canary. Returns its status."""
    headers = {"Authorization": f"Bearer {played.stage.players['auditor'].token}"}
    answer = played.clients.http.get(path, headers=headers)
    assert played.canaries.found(answer.content) == set(), path
    return answer.status_code


def test_an_erasure_takes_two_administrators(ended: Played) -> None:
    path = f"/requests/{ended.references[0]}/erasure"
    going = ended.admin().get(path).ok().body["going"]
    assert {"table": "comments", "rows": 1, "dropped": True} in going
    assert ended.admin().post(f"{path}/confirm").body["code"] == "erasure.not_asked"
    asked = ended.admin().post(path, REASON).ok()
    assert asked.body["going"] == going
    assert asked.body["erased_at"] is None
    assert ended.admin().post(path, REASON).body["code"] == "erasure.asked"
    assert ended.admin().post(f"{path}/confirm").body["code"] == "erasure.same_person"
    done = ended.admin(2).post(f"{path}/confirm").ok()
    assert done.body["erased_at"]
    assert ended.admin(2).post(f"{path}/confirm").status == 409


@pytest.mark.parametrize("who", ["desk", "auditor", "coordinator:KEN", "screener"])
def test_nobody_but_an_administrator_erases(ended: Played, who: str) -> None:
    path = f"/requests/{ended.references[0]}/erasure"
    for method, to in (("GET", path), ("POST", path), ("POST", f"{path}/confirm")):
        body = REASON if to == path and method == "POST" else None
        assert ended.stage.ask(who, method, to, body).status == 403


def test_an_open_request_is_not_erased(ended: Played) -> None:
    stage = ended.stage
    reference = stage.add("coordinator:KEN", "/requests", asking())["reference"]
    stage.move("coordinator:KEN", reference, "submit")
    answer = ended.admin().post(f"/requests/{reference}/erasure", REASON)
    assert (answer.status, answer.codes) == (409, ["erasure.open"])


def test_what_was_erased_is_erased_again_after_a_restore(ended: Played, tmp_path: Path) -> None:
    """The list knows an erasure that the database, restored from an older backup, does not."""
    house = ended.clients.house
    listed = {
        "reference": ended.references[0],
        "erased_at": clock.stamp(clock.now()),
        "reason": "The country asked for it.",
    }
    with house.database.writing() as session:
        assert retention.again(session, listed)
    with house.database.writing() as session:
        assert not retention.again(session, listed)
        assert [one["reference"] for one in retention.done(session)] == [listed["reference"]]
        assert not retention.again(session, listed | {"reference": "TA-2026-99999"})
    assert ended.stage.read("auditor", f"/requests/{ended.references[0]}")["title"] == ""
    assert log_faults(house, tmp_path) == []


def test_an_assessment_on_which_an_open_request_rests_is_not_erased(clients: Clients) -> None:
    first, second = lent(clients)
    first.coordinator.move(first.reference, "withdraw").ok()
    admins = [clients.as_("administrator", nth=nth) for nth in (1, 2)]
    path = f"/requests/{first.reference}/erasure"
    refused = admins[0].post(path, REASON)
    assert (refused.status, refused.codes) == (409, ["erasure.serving"])
    assert second.reference in refused.body["blockers"][0]["message"]
    second.coordinator.move(second.reference, "withdraw").ok()
    admins[0].post(path, REASON).ok()
    admins[1].post(f"{path}/confirm").ok()
