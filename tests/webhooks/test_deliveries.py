"""From what happened to a receiver: who is told, what, in which order, and what failing brings."""

import json
import os
import signal
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.named import as_actor
from app.directory.tables import Person, RoleGrant
from app.jobs.webhooks import Courier
from app.kit import clock, keys
from app.kit.db import Database
from app.outbox.tables import Letter
from app.requests.tables import AssistanceRequest
from app.webhooks import deliveries, rules, sendoff, service
from app.webhooks.schemas import WebhookBody
from app.webhooks.sending import Answer, Sender
from app.webhooks.sendoff import Errand
from app.webhooks.tables import Delivery, Webhook
from app.wiring.house import House
from tests.jobs.samples import enrol, moved, stand
from tests.webhooks.conftest import Couriers, allowing, here
from tests.webhooks.receiver import Receiver

KENYA, UGANDA = (("resident_coordinator", one, None) for one in ("KEN", "UGA"))
DAY = timedelta(days=1)


def hook(
    session: Session, house: House, owner: int, receiver: Receiver, path: str = "/ok", **more: Any
) -> tuple[str, int]:
    """Make a webhook of somebody; return its secret and its number."""
    body = WebhookBody(name="x", url=receiver.url(path), **more)
    secret, row = service.make(
        session, allowing(house.settings, receiver), as_actor(session, owner), body
    )
    return secret, row.id


def happens(session: Session, request: AssistanceRequest, count: int = 1) -> list[int]:
    """Let something happen to a request so many times."""
    return [
        moved(session, request, "set_aside", "clarification", "set_aside") for _ in range(count)
    ]


def rows(house: House, number: int) -> list[Delivery]:
    with house.database.reading() as session:
        query = sa.select(Delivery).where(Delivery.webhook_id == number).order_by(Delivery.id)
        return list(session.scalars(query))


def hook_of(house: House, number: int) -> Webhook:
    with house.database.reading() as session:
        return session.get_one(Webhook, number)


def sent_all(courier: Courier) -> int:
    """Send what is due, one after the other; return how many tries that were."""
    courier.write()
    return sum(1 for _ in iter(courier.send_one, False))


def make_due(house: House) -> None:
    """Let pauses be over."""
    past = clock.now() - DAY
    with house.database.writing() as session:
        session.execute(sa.update(Delivery).values(due_at=past))
        session.execute(sa.update(Webhook).values(rest_until=None))


def test_the_owner_is_told_of_what_he_or_she_may_know_and_of_nothing_else(
    house: House, receiver: Receiver, other: Receiver, couriers: Couriers
) -> None:
    with house.database.writing() as session:
        own, foreign = enrol(session, KENYA), enrol(session, UGANDA)
        secret, number = hook(session, house, own, receiver)
        _, elsewhere = hook(session, house, foreign, other)
        _, program = hook(session, house, enrol(session, ("client", "KEN", None)), other)
        _, limited = hook(session, house, own, receiver, "/gone", kinds=("comment_added",))
        request = stand(session, house.shelf, "set_aside", title="A marker", level="restricted")
        happens(session, request)
        reference = request.reference
    assert sent_all(couriers(receiver, other)) == 1
    (got,) = receiver.got
    assert other.got == []
    assert [rows(house, one) for one in (elsewhere, program, limited)] == [[], [], []]
    link = f"https://entente.example/api/v1/requests/{reference}/timeline?after=1&limit=1"
    message = rows(house, number)[0].message
    told = {"id": message, "type": "request.moved", "version": 2, "link": link}
    assert json.loads(got.body) == told
    assert got.headers["webhook-id"] == message
    assert "marker" not in (got.body.decode() + str(got.headers)).lower()
    assert secret.startswith("whsec_")
    assert (rows(house, number)[0].status, hook_of(house, number).answered) == ("delivered", "2xx")
    assert sent_all(couriers(receiver, other)) == 0


def test_who_lost_the_right_meanwhile_is_told_nothing_and_sees_no_message(
    house: House, receiver: Receiver, couriers: Couriers
) -> None:
    with house.database.writing() as session:
        owners = [enrol(session, KENYA), enrol(session, KENYA)]
        numbers = [hook(session, house, owner, receiver)[1] for owner in owners]
        happens(session, stand(session, house.shelf, "set_aside"))
    courier = couriers(receiver)
    courier.write()
    with house.database.writing() as session:
        of_first = sa.update(RoleGrant).where(RoleGrant.person_id == owners[0])
        session.execute(of_first.values(ended_at=clock.now()))
        session.get_one(Person, owners[1]).suspended_at = clock.now()
    sent_all(courier)
    assert receiver.got == []
    assert [row.status for one in numbers for row in rows(house, one)] == ["withheld"] * 2
    with house.database.reading() as session:
        left = deliveries.deliveries(
            session, as_actor(session, owners[0]), session.get_one(Webhook, numbers[0]), None, 9
        )
        assert left.rows == []


def test_a_slow_receiver_holds_two_messages_and_delays_nobody(
    house: House, receiver: Receiver, other: Receiver, couriers: Couriers
) -> None:
    with house.database.writing() as session:
        owner = enrol(session, KENYA)
        _, slow = hook(session, house, owner, receiver, "/slow")
        _, quick = hook(session, house, owner, other)
        for _ in range(4):
            happens(session, stand(session, house.shelf, "set_aside"))
    courier = couriers(receiver, other)
    courier.tick()
    other.wait_for(4)
    receiver.wait_for(2)
    assert {row.status for row in rows(house, slow)} == {"waiting"}
    assert sum(row.lease is not None for row in rows(house, slow)) == 2
    receiver.let_go.set()
    receiver.wait_for(4)
    courier.stop()
    for number in (slow, quick):
        assert {row.status for row in rows(house, number)} == {"delivered"}
    assert len(receiver.got) == len(other.got) == 4


def test_messages_about_one_request_go_out_in_their_order(
    house: House, receiver: Receiver, couriers: Couriers
) -> None:
    with house.database.writing() as session:
        _, number = hook(session, house, enrol(session, KENYA), receiver)
        one, another = (stand(session, house.shelf, "set_aside") for _ in range(2))
        for _ in range(3):
            happens(session, one)
            happens(session, another)
    courier = couriers(receiver)
    courier.write()
    with house.database.writing() as session:
        settings = allowing(house.settings, receiver)
        taken = [sendoff.take(session, settings, clock.now()) for _ in range(3)]
    assert [isinstance(errand, Errand) for errand in taken] == [True, True, False], "two at a time"
    about = {row.id: row.request_id for row in rows(house, number)}
    assert len({about[one.delivery] for one in taken if isinstance(one, Errand)}) == 2
    with house.database.writing() as session:
        for errand in taken:
            if isinstance(errand, Errand):
                assert sendoff.settle(session, errand, "2xx", clock.now(), 0.5)
                assert not sendoff.settle(session, errand, "5xx", clock.now(), 0.5), "settled once"
    sent_all(courier)
    versions: dict[str, list[int]] = {}
    for got in receiver.got:
        told = json.loads(got.body)
        versions.setdefault(told["link"].partition("?")[0], []).append(told["version"])
    assert [sorted(found) == found for found in versions.values()] == [True, True]
    assert {row.status for row in rows(house, number)} == {"delivered"}


def test_a_dead_receiver_is_left_alone_longer_and_longer_then_disabled_and_its_owner_told(
    house: House, receiver: Receiver, couriers: Couriers
) -> None:
    receiver.failing = True
    with house.database.writing() as session:
        owner = enrol(session, KENYA)
        session.get_one(Person, owner).email = "owner@example.org"
        _, number = hook(session, house, owner, receiver)
        request = stand(session, house.shelf, "set_aside")
        happens(session, request)
    courier = couriers(receiver)
    assert sent_all(courier) == 1
    row, found = hook_of(house, number), rows(house, number)[0]
    assert (found.status, found.tries, found.answered, row.failures) == ("waiting", 1, "5xx", 1)
    assert clock.now() < found.due_at < clock.now() + timedelta(seconds=40)
    assert sent_all(courier) == 0, "it rests"
    with house.database.writing() as session:
        past = clock.now() - rules.GIVEN_UP
        session.execute(sa.update(Webhook).values(failing_since=past))
        session.execute(sa.update(Delivery).values(first_at=past))
        happens(session, request)
    make_due(house)
    assert sent_all(courier) == 1, "one try alone while it fails"
    assert hook_of(house, number).status == "disabled"
    assert [one.status for one in rows(house, number)] == ["dead", "waiting"]
    with house.database.writing() as session:
        letters = sa.select(Letter.kind, Letter.address)
        assert session.execute(letters).all() == [("webhook_disabled", "owner@example.org")]
        service.resume(session, as_actor(session, owner), number)
        deliveries.replay(session, as_actor(session, owner), number, rows(house, number)[0].id)
    receiver.failing = False
    make_due(house)
    assert sent_all(courier) == 2
    assert [one.status for one in rows(house, number)] == ["delivered"] * 2
    ids = [got.headers["webhook-id"] for got in receiver.got]
    assert ids == [ids[0], ids[0], ids[0], ids[3]], "the same id however often, in order"


def test_what_happens_during_a_pause_waits_and_what_an_ended_webhook_had_is_not_sent(
    house: House, receiver: Receiver, couriers: Couriers
) -> None:
    with house.database.writing() as session:
        owner = enrol(session, KENYA)
        numbers = [hook(session, house, owner, receiver)[1] for _ in range(2)]
        actor = as_actor(session, owner)
        service.pause(session, actor, numbers[0])
        request = stand(session, house.shelf, "set_aside")
        happens(session, request)
    courier = couriers(receiver)
    courier.write()
    with house.database.writing() as session:
        service.end(session, actor, numbers[1])
    assert sent_all(courier) == 0
    ended = hook_of(house, numbers[1])
    assert (ended.key, ended.secret) == ("", "")
    assert [row.status for row in rows(house, numbers[1])] == ["withheld"]
    with house.database.writing() as session:
        service.resume(session, actor, numbers[0])
    assert sent_all(courier) == 1


def test_a_worker_that_is_killed_between_call_and_answer_loses_nothing(
    house: House, database_url: str, receiver: Receiver, couriers: Couriers
) -> None:
    with house.database.writing() as session:
        _, number = hook(session, house, enrol(session, KENYA), receiver)
        request = stand(session, house.shelf, "set_aside")
        happens(session, request, 2)
    courier = couriers(receiver)
    courier.write()
    settings = allowing(house.settings, receiver)
    post = Sender(settings, here).post

    def killed(url: str, headers: dict[str, str], body: bytes) -> Answer:
        post(url, headers, body)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("still there")

    house.database.engine.dispose()
    child = os.fork()
    if child == 0:
        signal.alarm(60)  # should it ever hang, it ends otherwise than it is to
        try:
            database = Database(database_url, keyring=keys.opener(settings.keys_place))
            Courier(settings, database, killed).send_one()
        finally:
            os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    receiver.wait_for(1)
    assert sent_all(courier) == 0, "it is leased, and the next one waits for it"
    with house.database.writing() as session:
        session.execute(sa.update(Delivery).values(leased_until=clock.now() - DAY))
    assert sent_all(courier) == 2
    ids = [got.headers["webhook-id"] for got in receiver.got]
    assert ids[0] == ids[1] != ids[2]
    assert len(set(ids)) == 2, "who drops doubles by their id has each once"
    assert {row.status for row in rows(house, number)} == {"delivered"}


def test_a_relay_that_is_set_back_writes_nothing_twice(
    house: House, receiver: Receiver, couriers: Couriers
) -> None:
    with house.database.writing() as session:
        _, number = hook(session, house, enrol(session, KENYA), receiver)
        happens(session, stand(session, house.shelf, "set_aside"), 3)
    courier = couriers(receiver)
    courier.write()
    with house.database.writing() as session:
        session.execute(sa.text("UPDATE relay_marks SET tx = 0, event_id = 0"))
    courier.write()
    assert len(rows(house, number)) == 3


def test_what_was_before_the_webhook_is_not_told(
    house: House, receiver: Receiver, couriers: Couriers
) -> None:
    with house.database.writing() as session:
        request = stand(session, house.shelf, "set_aside")
        happens(session, request)
        hook(session, house, enrol(session, KENYA), receiver)
    assert sent_all(couriers(receiver)) == 0
