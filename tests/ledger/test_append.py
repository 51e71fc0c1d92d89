"""Writing to the decision log: numbered, chained, and only ever added to."""

import pytest
import sqlalchemy as sa

from app.directory.actor import SYSTEM, Actor
from app.kit.db import Failure
from app.ledger import chain
from app.ledger import service as ledger
from app.ledger.tables import LedgerEntry, LedgerHead
from app.wiring.house import House

COLUMNS = "stream, seq, at, action, content, digest, prev, key, mac, hash"
ADD = "INSERT INTO ledger_entries ({0}) SELECT {1} FROM ledger_entries"
ANA = Actor(7, "Ana", credential="token:3", on_behalf=8)


def test_entries_of_a_stream_are_numbered_and_hang_on_each_other(house: House) -> None:
    with house.database.writing() as session:
        for number in (1, 2, 3):
            assert ledger.append(session, "exports", "exported", ANA, {"rows": number}) == number
        assert ledger.append(session, "break_glass", "opened", SYSTEM, {}) == 1
    with house.database.reading() as session:
        rows = session.scalars(
            sa.select(LedgerEntry).where(LedgerEntry.stream == "exports").order_by(LedgerEntry.seq)
        ).all()
        head = session.get_one(LedgerHead, "exports")
    assert [row.prev for row in rows] == [b"", rows[0].hash, rows[1].hash]
    assert (head.seq, head.hash) == (3, rows[2].hash)
    assert rows[0].content == {"rows": 1, "credential": "token:3"}
    assert (rows[0].actor_id, rows[0].on_behalf) == (7, 8)


def test_content_spells_the_same_after_the_database_had_it(house: House) -> None:
    odd = {"b": [1.0, 0.1, 1e16, 1e-7, -0.0], "a": {"ü\n": None, "x": [True, "\u200f"]}, "n": 2**53}
    with house.database.writing() as session:
        ledger.append(session, "exports", "exported", ANA, odd)
    with house.database.reading() as session:
        row = session.scalars(sa.select(LedgerEntry).where(LedgerEntry.stream == "exports")).one()
    assert row.salt is not None
    assert chain.content_digest(row.salt, row.content) == row.digest


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entries SET action = 'other'",
        "UPDATE ledger_entries SET content = '{\"x\": 1}'",
        "DELETE FROM ledger_entries",
        ADD.format(COLUMNS, COLUMNS.replace("seq", "9").replace("prev", "hash", 1)),
        ADD.format(COLUMNS, COLUMNS.replace("seq", "2").replace("prev", "digest", 1)),
        "UPDATE ledger_heads SET seq = 0",
        "DELETE FROM ledger_heads",
    ],
)
def test_what_was_logged_is_only_added_to(house: House, statement: str) -> None:
    with house.database.writing() as session:
        ledger.append(session, "exports", "exported", ANA, {})
    with pytest.raises(Failure, match="entente log"), house.database.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_nothing_replaces_an_entry(house: House) -> None:
    again = "INSERT OR REPLACE INTO ledger_entries SELECT * FROM ledger_entries"
    if not house.database.sqlite:
        again = "TRUNCATE ledger_entries"
    with house.database.writing() as session:
        ledger.append(session, "exports", "exported", ANA, {})
    with pytest.raises(Failure, match="entente log"), house.database.engine.begin() as connection:
        connection.exec_driver_sql(again)


def test_only_the_content_of_an_entry_can_be_erased_and_that_is_logged(house: House) -> None:
    with house.database.writing() as session:
        ledger.append(session, "exports", "exported", ANA, {"name": "Somebody"})
        ledger.erase(session, ANA, "exports", 1, "They asked for it.")
    with house.database.reading() as session:
        rows = {row.stream: row for row in session.scalars(sa.select(LedgerEntry))}
    assert (rows["exports"].content, rows["exports"].salt) == ({}, None)
    assert rows["erasures"].content["stream"] == "exports"
