"""Legal holds: one person places one, another lifts it, and meanwhile nothing is erased."""

import pytest
import sqlalchemy as sa

from app.kit import clock
from app.kit.errors import Blocked
from app.ledger.tables import LedgerEntry
from app.retention import service as retention
from tests.retention.conftest import Played

REASON = {"reason": "A court asked for the file."}
ERASE = {"reason": "The country asked for it."}


def test_nothing_is_erased_while_a_hold_stands(ended: Played) -> None:
    path = f"/requests/{ended.references[0]}"
    asked = ended.admin(1).post(f"{path}/erasure", ERASE).ok()
    assert asked.body["against"] == []
    placed = ended.stage.add("desk", f"{path}/holds", REASON)["items"]
    assert [one["number"] for one in placed] == [1]
    refused = ended.admin(2).post(f"{path}/erasure/confirm")
    assert (refused.status, refused.codes) == (409, ["erasure.held"])
    assert ended.stage.read("auditor", path)["title"] != ""
    house = ended.clients.house
    with house.database.writing() as session:
        request = retention.find(session, None, ended.references[0], lock=True)
        with pytest.raises(Blocked):
            retention.erase(session, house.shelf, None, request, "by command")
    ended.admin(2).post(f"{path}/holds/1/lift", {"reason": "The court has closed it."}).ok()
    ended.admin(2).post(f"{path}/erasure/confirm").ok()
    assert ended.stage.read("auditor", path)["title"] == ""


def test_who_placed_a_hold_does_not_lift_it(ended: Played) -> None:
    path = f"/requests/{ended.references[0]}/holds"
    ended.stage.add("desk", path, REASON)
    own = ended.stage.ask("desk", "POST", f"{path}/1/lift", REASON)
    assert (own.status, own.body["code"]) == (403, "hold.same_person")
    lifted = ended.stage.add("desk2", f"{path}/1/lift", {"reason": "It is over."})["items"][0]
    assert lifted["lift_reason"].startswith("It is over.")
    assert lifted["lifted_by"] != lifted["placed_by"]
    twice = ended.stage.ask("desk2", "POST", f"{path}/1/lift", REASON)
    assert (twice.status, twice.body["code"]) == (409, "hold.lifted")
    unknown = ended.stage.ask("desk2", "POST", f"{path}/9/lift", REASON)
    assert (unknown.status, unknown.body["code"]) == (404, "hold.unknown")


def test_a_hold_is_told_by_the_timeline_and_its_reason_by_the_log(ended: Played) -> None:
    path = f"/requests/{ended.references[0]}/holds"
    ended.stage.add("desk", path, REASON)
    last = ended.stage.timeline("auditor", ended.references[0])[-1]
    assert (last["kind"], last["data"]) == ("hold_placed", {"hold": 1})
    house = ended.clients.house
    with house.database.reading() as session:
        request = retention.find(session, None, ended.references[0])
        (held,) = retention.holds(session, request)
        assert held.reason.startswith(REASON["reason"])
        entry = session.scalars(sa.select(LedgerEntry).where(LedgerEntry.stream == "retention"))
        told = entry.one()
        assert (told.action, told.content["reason"]) == ("hold_placed", held.reason)


@pytest.mark.parametrize("who", ["auditor", "coordinator:KEN", "government:KEN", "screener"])
def test_nobody_but_desk_and_administrator_holds(ended: Played, who: str) -> None:
    path = f"/requests/{ended.references[0]}/holds"
    assert ended.stage.ask(who, "GET", path).status == 403
    assert ended.stage.ask(who, "POST", path, REASON).status == 403
    assert ended.stage.ask(who, "POST", f"{path}/1/lift", REASON).status == 403


def test_an_unknown_request_is_not_held(ended: Played) -> None:
    for reference in (f"TA-{clock.today().year}-99999", "TA-1-1"):
        assert ended.admin().post(f"/requests/{reference}/holds", REASON).status == 404
