"""The queue under many hands: bounds hold when all take at once, and old messages cost nothing."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import sqlalchemy as sa

from app.directory.named import as_actor
from app.kit import clock
from app.kit.db import Database
from app.webhooks import sendoff, service
from app.webhooks.schemas import WebhookBody
from app.webhooks.sendoff import Errand
from app.webhooks.tables import Delivery
from app.wiring.house import House
from tests.jobs.samples import enrol

HANDS, ROUNDS = 8, 3


def queued(house: House, count: int) -> int:
    """Make a webhook with so many tests that wait; return its number."""
    now = clock.now()
    with house.database.writing() as session:
        owner = as_actor(session, enrol(session, ("desk_officer", None, None)))
        body = WebhookBody(name="x", url="https://hooks.example/")
        _, row = service.make(session, house.settings, owner, body)
        told: dict[str, Any] = {"kind": "webhook.test", "status": "waiting", "at": now}
        told |= {"webhook_id": row.id, "due_at": now, "tries": 0}
        session.add_all(Delivery(message=f"msg_{row.id}_{n}", **told) for n in range(count))
        return row.id


def test_of_many_who_take_at_once_two_get_a_message(house: House) -> None:
    taken: list[int] = []
    for _ in range(ROUNDS):
        number, start = queued(house, HANDS), Barrier(HANDS)

        def once() -> Errand | bool:
            with house.database.writing() as session:
                return sendoff.take(session, house.settings, clock.now())

        def hand(_number: int, start: Barrier = start) -> int:
            start.wait(20)
            found = once()
            while found is True:
                found = once()
            return found.webhook if isinstance(found, Errand) else 0

        with ThreadPoolExecutor(HANDS) as hands:
            taken += [one for one in hands.map(hand, range(HANDS)) if one]
        assert taken.count(number) == sendoff.IN_FLIGHT, taken
    assert len(taken) == ROUNDS * sendoff.IN_FLIGHT


def test_asking_the_queue_reads_no_message_that_was_delivered(sqlite_template: Path) -> None:
    """Messages are kept for 90 days, and the queue is asked every two seconds."""
    database = Database(f"sqlite:///{sqlite_template}")
    asked: list[tuple[str, Any]] = []
    listen = ("before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
    sa.event.listen(database.engine, *listen)
    with database.reading() as session:
        assert sendoff.due(session, clock.now()) == 0
        text, values = asked[-1]
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
        steps = [str(step[3]) for step in plan]
    database.close()
    assert [step for step in steps if step.startswith("SCAN webhook_deliveries")] == []
    by = "USING INDEX ix_webhook_deliveries_queue (webhook_id=? AND status=?"
    assert sum(by in step for step in steps) == 2, steps
