"""Eleven ways to change a log with every trigger switched off, and an erasure that is not said."""

import hashlib
import secrets
from collections.abc import Callable
from random import Random
from typing import Any

import sqlalchemy as sa

from app.kit.db import Session
from app.ledger import chain
from app.ledger.chain import Entry
from app.requests.service.proof.chains import R, V
from app.requests.timeline import stream

Mutation = Callable[[Session, Random], list[str]]
"""Changes the log and returns the streams that it touched."""


def _requests(session: Session) -> list[int]:
    return list(session.scalars(sa.select(R.c.id).order_by(R.c.id)))


def _events(session: Session, owner: int) -> list[Any]:
    query = sa.select(V).where(V.c.request_id == owner).order_by(V.c.number)
    return list(session.execute(query))


def _some(session: Session, chance: Random) -> tuple[int, list[Any]]:
    owner = chance.choice(_requests(session))
    return owner, _events(session, owner)


def _set(session: Session, event: int, **values: Any) -> None:
    session.execute(sa.update(V).where(V.c.id == event).values(**values))


def _values(event: Any) -> dict[str, Any]:
    return {column.name: getattr(event, column.name) for column in V.c}


def _shift(session: Session, owner: int, above: int) -> None:
    later = (V.c.request_id == owner, V.c.number > above)
    session.execute(sa.update(V).where(*later).values(number=-(V.c.number + 1)))
    mine = (V.c.request_id == owner, V.c.number < 0)
    session.execute(sa.update(V).where(*mine).values(number=-V.c.number))


def edit(session: Session, chance: Random) -> list[str]:
    """Change one column of one event."""
    owner, events = _some(session, chance)
    event = chance.choice(events)
    changes: list[dict[str, Any]] = [
        {"kind": "other"},
        {"data": {"to": "closed"}},
        {"actor_id": (event.actor_id or 0) + 1},
        {"at": event.at.replace(year=2020)},
        {"on_behalf": 3},
        {"standing": "TA-2026-00001 ended/closed"},
        {"version": "needs_assessment@9"},
        {"salt": secrets.token_bytes(16)},
    ]
    _set(session, event.id, **chance.choice(changes))
    return [stream(owner)]


def erase(session: Session, chance: Random) -> list[str]:
    """Erase what an event says, as the house may, but without saying so."""
    owner, events = _some(session, chance)
    _set(session, chance.choice(events).id, salt=None, data={})
    return [stream(owner)]


def delete(session: Session, chance: Random) -> list[str]:
    """Delete one event that is not the last, and close the gap half of the time."""
    owner, events = _some(session, chance)
    event = chance.choice(events[:-1])
    session.execute(sa.delete(V).where(V.c.id == event.id))
    if chance.random() < 0.5:
        for later in events[event.number :]:
            _set(session, later.id, number=later.number - 1)
    return [stream(owner)]


def swap(session: Session, chance: Random) -> list[str]:
    """Let two events change places."""
    owner, events = _some(session, chance)
    one, other = chance.sample(events, 2)
    _set(session, one.id, number=-1)
    _set(session, other.id, number=one.number)
    _set(session, one.id, number=other.number)
    return [stream(owner)]


def insert(session: Session, chance: Random) -> list[str]:
    """Put a copy of one event in between two others."""
    owner, events = _some(session, chance)
    place = chance.randrange(1, len(events))
    copy = _values(chance.choice(events)) | {
        "number": place + 1,
        "prev": events[place - 1].hash,
    }
    del copy["id"]
    _shift(session, owner, place)
    session.execute(sa.insert(V), copy)
    return [stream(owner)]


def move(session: Session, chance: Random) -> list[str]:
    """Give an event of one request to another one."""
    owner, other = chance.sample(_requests(session), 2)
    event = chance.choice(_events(session, owner))
    _set(session, event.id, request_id=other, number=len(_events(session, other)) + 1)
    return [stream(owner), stream(other)]


def edit_row(session: Session, chance: Random) -> list[str]:
    """Change where a request stands, past its log."""
    owner = chance.choice(_requests(session))
    changes: list[dict[str, Any]] = [
        {"state": "withdrawn"},
        {"stage": "delivery"},
        {"revision": R.c.revision + 1},
        {"revision": R.c.revision - 1},
        {"reference": f"TA-2020-{chance.randrange(10**5):05d}"},
        {"workflow_version": 9},
        {"workflow_hash": "0" * 64},
        {"head": secrets.token_bytes(32)},
    ]
    session.execute(sa.update(R).where(R.c.id == owner).values(**chance.choice(changes)))
    return [stream(owner)]


def _cut(session: Session, chance: Random) -> tuple[int, Any]:
    owner, events = _some(session, chance)
    left = chance.randrange(1, len(events))
    gone = (V.c.request_id == owner, V.c.number > left)
    session.execute(sa.delete(V).where(*gone))
    return owner, events[left - 1]


def cut(session: Session, chance: Random) -> list[str]:
    """Drop the last events."""
    return [stream(_cut(session, chance)[0])]


def _fix(session: Session, owner: int, last: Any) -> None:
    """Let the row say what the last event says."""
    reference, _, place = last.standing.partition(" ")
    stage, _, state = place.partition("/")
    where = {"reference": reference, "stage": stage, "state": state}
    fixed = {"revision": last.number, "head": last.hash, **where}
    session.execute(sa.update(R).where(R.c.id == owner).values(fixed))


def cut_and_fix(session: Session, chance: Random) -> list[str]:
    """Drop the last events and let the row agree."""
    owner, last = _cut(session, chance)
    _fix(session, owner, last)
    return [stream(owner)]


def _forged(event: Any, prev: bytes, **told: Any) -> dict[str, Any]:
    """Return the columns of an event as somebody without the ledger key would bind it."""
    said = _values(event) | told
    salt, digest = chain.salted(said["data"])
    entry = Entry(
        stream(said["request_id"]),
        said["number"],
        said["at"],
        said["actor_id"],
        said["on_behalf"],
        said["kind"],
        said["version"],
        said["standing"],
        digest,
    )
    words = chain.words(entry, prev, said["key"])
    mac = hashlib.sha256(b"no key" + words).digest()
    bound = {"prev": prev, "mac": mac, "hash": hashlib.sha256(words + mac).digest()}
    return said | bound | {"salt": salt, "digest": digest}


def edit_and_rehash(session: Session, chance: Random) -> list[str]:
    """Change an event, bind all that follow anew, and let the row agree."""
    owner, events = _some(session, chance)
    first = chance.randrange(len(events))
    prev = events[first].prev
    for number, event in enumerate(events[first:]):
        told = {"data": {"comment": "Never said."}} if number == 0 else {}
        row = _forged(event, prev, **told)
        _set(session, row.pop("id"), **row)
        prev = row["hash"]
    session.execute(sa.update(R).where(R.c.id == owner).values(head=prev))
    return [stream(owner)]


def append_forged(session: Session, chance: Random) -> list[str]:
    """Add an event that never was, and let the row agree."""
    owner, events = _some(session, chance)
    last = events[-1]
    row = _forged(last, last.hash, number=last.number + 1, kind="noted", data={"x": 1})
    del row["id"]
    session.execute(sa.insert(V), row)
    head = {"revision": row["number"], "head": row["hash"]}
    session.execute(sa.update(R).where(R.c.id == owner).values(head))
    return [stream(owner)]


def delete_request(session: Session, chance: Random) -> list[str]:
    """Drop a request with all that happened to it."""
    owner = chance.choice(_requests(session))
    session.execute(sa.delete(V).where(V.c.request_id == owner))
    session.execute(sa.delete(R).where(R.c.id == owner))
    return [stream(owner)]


MUTATIONS: dict[str, Mutation] = {
    "edit": edit,
    "erase and not say so": erase,
    "delete": delete,
    "swap": swap,
    "insert": insert,
    "move": move,
    "edit the request row": edit_row,
    "cut the tail": cut,
    "cut the tail, fix the head": cut_and_fix,
    "edit, rehash all, fix the head": edit_and_rehash,
    "append forged": append_forged,
    "delete a whole request": delete_request,
}
