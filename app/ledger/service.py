"""Writing to the decision log: everything that is to be provable and is no event of a request."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app.kit import clock
from app.kit.db import keyring_of, table_of
from app.ledger import chain
from app.ledger.chain import Entry, Link
from app.ledger.tables import LedgerEntry, LedgerHead

E = table_of(LedgerEntry)
H = table_of(LedgerHead)
DIRECTORY = "directory"
ERASURES = "erasures"


class Who(Protocol):
    """Whoever acts: an Actor of the directory, which stands above the ledger."""

    @property
    def person_id(self) -> int | None:
        """The person; None for the house itself."""

    @property
    def on_behalf(self) -> int | None:
        """Whose delegation is being used, if any."""

    @property
    def credential(self) -> str:
        """The credential in use, such as `token:7`."""


def append(
    session: Session,
    stream: str,
    action: str,
    actor: Who | None,
    content: Mapping[str, Any],
    at: datetime | None = None,
) -> int:
    """Add an entry to a stream in the transaction at hand and return its number.

    `action` is in the past tense; `actor` None is the command line of the installation; `content`
    is JSON and may be erased later. Writers to one stream wait for each other until their commits,
    writers to different streams never do; so append late in a transaction. Never pass secrets.
    """
    told = {**content, "credential": actor.credential if actor else "command_line"}
    seq, prev = _take_head(session, stream)
    salt, digest = chain.salted(told)
    entry = Entry(
        stream=stream,
        seq=seq + 1,
        at=at or clock.now(),
        actor=actor.person_id if actor else None,
        on_behalf=actor.on_behalf if actor else None,
        action=action,
        version="",
        standing="",
        digest=digest,
    )
    link = chain.seal(keyring_of(session), entry, prev)
    session.execute(sa.insert(E), {**_row(entry, link), "content": told, "salt": salt})
    head = {"seq": entry.seq, "hash": link.hash}
    session.execute(sa.update(H).where(H.c.stream == stream).values(head))
    return entry.seq


def _row(entry: Entry, link: Link) -> dict[str, Any]:
    return {
        "stream": entry.stream,
        "seq": entry.seq,
        "at": entry.at,
        "actor_id": entry.actor,
        "on_behalf": entry.on_behalf,
        "action": entry.action,
        "digest": entry.digest,
        "prev": link.prev,
        "key": link.key,
        "mac": link.mac,
        "hash": link.hash,
    }


def _take_head(session: Session, stream: str) -> tuple[int, bytes]:
    """Lock the head of a stream, made when it is new, and return its number and hash."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else pg_insert
    query = sa.select(H.c.seq, H.c.hash).where(H.c.stream == stream).with_for_update()
    found = session.execute(query).one_or_none()
    if found is None:
        first = insert(H).values(stream=stream, seq=0, hash=b"").on_conflict_do_nothing()
        session.execute(first)
        found = session.execute(query).one()
    return found.seq, found.hash


def erase(session: Session, actor: Who | None, stream: str, seq: int, reason: str) -> None:
    """Empty the content and the salt of an entry for good; that it was done is logged itself."""
    session.execute(
        sa.update(E)
        .where(E.c.stream == stream, E.c.seq == seq)
        .values(content=chain.ERASED, salt=None)
    )
    announce_erasure(session, actor, stream, seq, reason)


def announce_erasure(
    session: Session, actor: Who | None, stream: str, seq: int, reason: str
) -> None:
    """Log that the content of an entry is gone: one that nobody announced counts as tampering."""
    content = {"stream": stream, "seq": seq, "reason": reason}
    append(session, ERASURES, "content_erased", actor, content)
