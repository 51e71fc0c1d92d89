"""Anchoring by the clock: at each half hour, and sooner when many entries wait."""

from app.kit import clock
from app.kit.db import Database
from app.ledger.places import AnchorPlace
from app.requests.service import proof


def anchor(database: Database, place: AnchorPlace) -> int:
    """Anchor every stream that has grown; return how many anchors were written."""
    return proof.anchor_all(database, place, clock.now())


def anchor_many(database: Database, place: AnchorPlace) -> int:
    """Anchor if so many entries wait that it should not be put off."""
    with database.reading() as session:
        waits = proof.waiting(session)
    return anchor(database, place) if waits.many or waits.late(clock.now()) else 0
