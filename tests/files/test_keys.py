"""The keys of files hang on those of their requests; and the room of a country, when many come."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Barrier
from typing import BinaryIO

import pytest
import sqlalchemy as sa

from app.files import service as files
from app.files.sealed import DamagedError
from app.files.vault import Kept, Vault
from app.kit import keys, schema
from app.requests import vault
from app.requests.tables import RequestKey
from tests.files import honest
from tests.files.desk import Intake
from tests.requests.test_visibility import FILING


def test_files_stay_readable_under_a_new_master_key_and_old_ones_may_then_go(
    intake: Intake,
) -> None:
    number = intake.send("a.txt", b"words").json()["id"]
    (before,) = intake.rows()
    database = intake.clients.house.database
    ring = keys.rotated(intake.clients.house.keyring(), keys.MASTER)
    newest, key = ring.current(keys.MASTER)
    only = keys.Keyring({**ring.keys, keys.MASTER: {newest: key}})
    with database.writing() as session:
        session.info["keyring"] = lambda: ring
        assert vault.rewrap_all(session, 0) == (1, None)
    database.sessions.configure(info=database.sessions.kw["info"] | {"keyring": lambda: only})
    assert intake.fetch(number).content == b"words"
    assert [row.wrapped for row in intake.rows()] == [before.wrapped]


def test_a_document_goes_with_the_key_of_its_request(intake: Intake) -> None:
    number = intake.send("a.txt", b"words").json()["id"]
    (row,) = intake.rows()
    with intake.clients.house.database.writing() as session:
        owner = session.scalars(sa.select(RequestKey.request_id)).one()
        session.execute(sa.delete(RequestKey))
    got = intake.fetch(number)
    assert (got.status_code, got.json()["code"]) == (409, "attachment.erased")
    with intake.clients.house.database.writing() as session:
        other = files.kept_of(row, vault.key_of(session, owner))  # a key, but a new one
    assert other
    with pytest.raises(DamagedError):
        next(intake.vault.read(other))


def test_the_room_of_a_country_is_exact_when_many_hand_in_at_once(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = intake.clients.house
    quota = house.settings.model_copy(update={"files_quota": 30})
    monkeypatch.setattr(house, "settings", quota)
    filed = [intake.coordinator.post("/requests", FILING).ok().body for _ in range(6)]
    desks = [Intake(intake.clients, intake.coordinator, one["reference"]) for one in filed]
    met = Barrier(len(desks), timeout=20)
    seal = Vault.keep

    def together(vault: Vault, document: BinaryIO, lock: bytes) -> Kept:
        met.wait()  # every call was admitted, and none has taken its room yet
        return seal(vault, document, lock)

    monkeypatch.setattr(Vault, "keep", together)
    with ThreadPoolExecutor(len(desks)) as pool:
        answers = list(pool.map(lambda desk: desk.send("a.txt", b"ten bytes!"), desks))
    codes = sorted((a.status_code, a.json().get("code", "")) for a in answers)
    assert codes == [(201, "")] * 3 + [(409, "attachment.quota")] * 3


@pytest.mark.parametrize("left", [False, True])
def test_a_picture_that_grows_past_the_room_is_refused(
    desk: Intake, monkeypatch: pytest.MonkeyPatch, left: bool
) -> None:
    def end(*_: object) -> None:
        raise KeyError("killed here")

    small = honest.picture("JPEG", (400, 300), quality=5)
    house = desk.clients.house
    quota = house.settings.model_copy(update={"files_quota": len(small) + 9})
    monkeypatch.setattr(house, "settings", quota)
    with monkeypatch.context() as patched:
        if left:
            patched.setattr(Vault, "examine", end)
        answer = desk.send("site.jpg", small)
    assert answer.status_code == (500 if left else 422)
    assert desk.take_up() == (1 if left else 0)
    (shown,) = desk.listed()
    assert (shown["status"], shown["reason"]) == ("refused", "room.full")
    assert desk.send("words.txt", b"x" * len(small)).status_code == 201  # its room is free again
    desk.sweep()
    assert len(desk.stored()) == 1


def test_a_picture_that_grew_holds_the_room_that_it_takes(
    desk: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = honest.picture("JPEG", (400, 300), quality=5)
    grown = desk.send("site.jpg", small).json()["size"]
    assert grown > len(small)
    house = desk.clients.house
    quota = house.settings.model_copy(update={"files_quota": grown + 5})
    monkeypatch.setattr(house, "settings", quota)
    assert desk.send("a.txt", b"six by").json()["code"] == "attachment.quota"
    assert desk.send("a.txt", b"five!").status_code == 201


def test_a_picture_that_grows_past_what_a_document_may_be_is_refused(desk: Intake) -> None:
    small = honest.picture("JPEG", (400, 300), quality=5)
    house = desk.clients.house
    vault = Vault(house.vault.store, "", len(small))
    lock = b"k" * 32
    with vault.opened(vault.keep(BytesIO(small), lock)) as document:
        found = vault.examine(document, "jpeg", lock)
    assert (found.status, found.reason) == ("refused", "image.grown")


def test_keys_of_documents_from_before_are_carried_over_and_back(intake: Intake) -> None:
    numbers = [intake.send(name, b"words").json()["id"] for name in ("a.txt", "b.txt")]
    engine = intake.clients.house.database.engine
    schema.downgrade(engine, "0012")
    assert all((row.wrapped or "").startswith("1.") for row in intake.rows())
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM request_keys"))
    schema.migrate(engine)
    assert not any("." in (row.wrapped or "") for row in intake.rows())
    assert [intake.fetch(number).content for number in numbers] == [b"words"] * 2
