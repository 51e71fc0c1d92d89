"""The second net on PostgreSQL: what row-level security lets a transaction see.

The policies of the database (migrations/versions) read the setting SEES, which holds for one
transaction: words that say whose sight it has (`app.policy.sight`). Without it no request is seen.
They bind the role of the service and not the owner of the tables, for whom nothing is sent at all.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker

from app.kit.ready import sent

SEES = "entente.sees"
TELL = f"SELECT set_config('{SEES}', %s, true)"
KEEP = f"SELECT set_config('{SEES}', %s, false)"
"""The same for a connection that commits each statement by itself, and belongs to one reader."""
BOUND = "SELECT row_security_active(to_regclass('requests'))"
"""Whether the policies hold for who is connected; NULL where there is no schema yet."""
HOUSE = "all"
"""The word for the house itself, which works on every request."""


class Net:
    """One database's net: whether it holds here, and what its transactions begin with."""

    def __init__(self, usual: str) -> None:
        """Begin transactions with `usual`; whether the net holds is asked at the first of them."""
        self.usual = usual
        self.bound: bool | None = None

    def spread(self, sessions: sessionmaker[Session]) -> None:
        """Have every transaction of these sessions begin with what is usual."""
        sa.event.listen(sessions, "after_begin", self._begin)

    def _begin(self, session: Session, begun: SessionTransaction, line: sa.Connection) -> None:
        if begun.nested:
            return
        if not self.bound and self.bound is None:
            self.bound = line.exec_driver_sql(BOUND).scalar()
        session.info.update(sees=self.usual, held=())
        if self.bound and self.usual:
            line.exec_driver_sql(TELL, (self.usual,))


def see(session: Session, words: str) -> None:
    """Let the transaction at hand see what these words say, and what it already holds."""
    net: Net | None = session.info.get("net")
    if net is None or net.bound is False:
        return
    line = session.connection()
    if net.bound and session.info["sees"] != words:
        session.info["sees"] = words
        _tell(session, line)


def hold(session: Session, ids: Iterable[int]) -> None:
    """Keep requests in sight until the transaction ends: they were seen, locked and are changed.

    By the change itself they may leave the sight of who makes it, as when an entity declines.
    """
    net: Net | None = session.info.get("net")
    if net is None or not net.bound:
        return
    held: tuple[int, ...] = session.info["held"]
    new = tuple(one for one in ids if one not in held)
    if new:
        session.info["held"] = held + new
        _tell(session, session.connection())


def as_house(session: Session) -> AbstractContextManager[None]:
    """Let the house itself look for a moment: at what no person is shown of it."""
    return seeing(session, HOUSE)


@contextmanager
def seeing(session: Session, words: str) -> Iterator[None]:
    """Let the transaction see what these words say for a moment, then what it saw before."""
    net: Net | None = session.info.get("net")
    if net is None or net.bound is False:
        yield
        return
    session.connection()
    before: str = session.info["sees"]
    see(session, words)
    try:
        yield
    except sa.exc.DBAPIError:
        raise  # nothing more can be said in this transaction
    except BaseException:
        see(session, before)
        raise
    see(session, before)


def _tell(session: Session, line: sa.Connection) -> None:
    words: list[Any] = [session.info["sees"], *(f"at:{one}" for one in session.info["held"])]
    sent(line, TELL, (" ".join(words),))
