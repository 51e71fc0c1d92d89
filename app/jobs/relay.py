"""The relay: reads what happened forward and writes what must be told to whom."""

from app.engine.packs import Shelf
from app.kit.db import Database
from app.outbox import service as outbox
from app.requests.service import watch
from app.requests.service.recipients import tellings

NAME = "notices"
BATCH = 200
MOST_BATCHES = 50


def relay(database: Database, shelf: Shelf, batch: int = BATCH) -> int:
    """Tell what has happened since the mark; return how many notices were written.

    Notices and mark are written in one transaction a batch: a relay that is killed has told
    nothing of its batch, two at once wait for each other, and the rows themselves are unique.
    """
    told = 0
    for _ in range(MOST_BATCHES):
        with database.writing() as session:
            mark = outbox.take_mark(session, NAME)
            events = watch.happenings(session, (mark.tx, mark.event_id), batch)
            if not events:
                return told
            told += outbox.tell(session, tellings(session, shelf, events))
            outbox.move_mark(session, mark, *events[-1].place)
        if len(events) < batch:
            return told
    return told
