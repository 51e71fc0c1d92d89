"""Whoever owns the database changes the log in eleven ways, and is found every time (F23, S13)."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest
import sqlalchemy as sa

from app.directory.actor import Actor, Grant
from app.kit.db import Session
from app.requests import access, timeline
from app.requests.service import proof
from app.requests.service.proof.chains import E, H
from tests.ledger.conftest import Log
from tests.ledger.mutations import MUTATIONS

AUDITOR = Actor(None, "auditor", (Grant("auditor"),))
TIMES = 200
PLAIN = {"gap", "link", "hash", "content", "unchained"}
"""What a plain chain sees: each entry's own digest and the one before; no key, no head, no anchor."""
MISSED_BY_PLAIN = {
    "erase and not say so",
    "edit the request row",
    "cut the tail",
    "cut the tail, fix the head",
    "edit, rehash all, fix the head",
    "append forged",
    "delete a whole request",
}
MISSED_WITHOUT_ANCHORS = {"cut the tail, fix the head", "delete a whole request"}
OF_ANCHORS = {"anchor", "unanchored", "missing"}


@contextmanager
def unkept(log: Log) -> Iterator[Session]:
    """Give a session that writes and keeps nothing; it is the one writer of SQLite from the start."""
    database = log.clients.house.database
    with database.sessions() as session:
        if database.sqlite:
            session.connection(execution_options={"entente_begin": "IMMEDIATE"})
        yield session
        session.rollback()


@contextmanager
def owner_of(log: Log) -> Iterator[Session]:
    """Give a session to somebody who may do everything in the database; nothing of it is kept."""
    with unkept(log) as session:
        if log.clients.house.database.sqlite:
            session.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
            names = session.scalars(
                sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            ).all()
            for name in names:
                session.execute(sa.text(f"DROP TRIGGER {name}"))
        else:
            session.execute(sa.text("SET LOCAL session_replication_role = replica"))
        yield session


def found(session: Session, log: Log, touched: list[str]) -> set[str]:
    """Return the kinds of faults that a verification finds."""
    return {fault.kind for fault in proof.verify(session, log.place, touched).faults}


def test_a_log_that_nobody_touched_is_good(log: Log) -> None:
    with log.clients.house.database.reading() as session:
        report = proof.verify(session, log.place)
    assert report.faults == []
    assert report.streams >= 8
    assert report.entries > 200
    assert report.anchors == 2


@pytest.mark.parametrize("name", MUTATIONS)
def test_every_change_of_the_log_is_found(log: Log, name: str) -> None:
    chance = Random(f"seed of {name}")
    unseen = plain = unanchored = 0
    with owner_of(log) as session:
        for _ in range(TIMES):
            point = session.begin_nested()
            touched = MUTATIONS[name](session, chance)
            kinds = found(session, log, touched)
            point.rollback()
            unseen += not kinds
            plain += not kinds & PLAIN
            unanchored += not kinds - OF_ANCHORS
        assert not found(session, log, touched), "what was rolled back is as it was"
    assert unseen == 0
    assert plain == (TIMES if name in MISSED_BY_PLAIN else 0), "the planted variant misses it"
    assert unanchored == (TIMES if name in MISSED_WITHOUT_ANCHORS else 0)


def test_what_an_event_says_can_be_erased_and_the_chain_verifies_on(log: Log) -> None:
    with unkept(log) as session:
        request = access.find(session, AUDITOR, log.reference)
        timeline.erase(session, AUDITOR, request, 3, "A person asked for it.")
        report = proof.verify(session, log.place, [timeline.stream(request.id)])
        assert (report.faults, report.erased) == ([], 1)
        event = timeline.read(session, AUDITOR, request, 2, 1)[0]
        assert (event.number, event.data) == (3, {})


def test_a_change_of_another_stream_is_found(log: Log) -> None:
    mine = E.c.stream == "directory"
    last = sa.select(sa.func.max(E.c.seq)).where(mine).scalar_subquery()
    before = sa.select(E.c.hash).where(mine, E.c.seq == last - 1).scalar_subquery()
    changes: list[list[sa.Update | sa.Delete]] = [
        [sa.update(E).where(mine, E.c.seq == 2).values(actor_id=99)],
        [sa.update(E).where(mine, E.c.seq == 2).values(content={"person": 99})],
        [sa.update(E).where(mine, E.c.seq == 2).values(content={}, salt=None)],
        [sa.delete(E).where(mine, E.c.seq == 2)],
        [sa.delete(E).where(mine, E.c.seq == last)],
        [
            sa.update(H).where(H.c.stream == "directory").values(seq=last - 1, hash=before),
            sa.delete(E).where(mine, E.c.seq == last),
        ],
        [sa.delete(H).where(H.c.stream == "directory"), sa.delete(E).where(mine)],
    ]
    with owner_of(log) as session:
        for statements in changes:
            point = session.begin_nested()
            for statement in statements:
                session.execute(statement)
            assert found(session, log, ["directory"])
            point.rollback()
        assert not found(session, log, ["directory"])
