"""Webhooks by pages: made with a secret shown once, tried out, paused, renewed and ended."""

import re

from app.kit import clock
from app.webhooks.tables import Delivery, Webhook
from tests.web.conftest import Hall
from tests.web.readers import words_of

NEW = "/account/webhooks/new"


def test_a_webhook_is_made_tried_paused_renewed_and_ended_by_pages(hall: Hall) -> None:
    desk = hall.reader("desk_officer")
    assert "Program whose webhook it is" not in desk.page(NEW)
    wrong = desk.send(NEW, {"name": "Dashboard", "url": "http://hooks.example/"})
    assert "Address to be called" in words_of(wrong.text)
    form = {"name": "Dashboard", "url": "https://hooks.example/entente", "kinds": ["moved"]}
    made = desk.send(NEW, form)
    assert made.status_code == 200, words_of(made.text)
    found = re.search(r'id="secret" dir="ltr">(whsec_[^<]+)<', made.text)
    assert found is not None
    listed = desk.page("/account/webhooks")
    assert "Dashboard" in listed
    assert found[1] not in listed
    (path,) = set(re.findall(r'href="(/account/webhooks/[0-9]+)"', listed))
    tested = desk.send(f"{path}/test", {})
    assert (tested.status_code, tested.headers["location"]) == (303, path)
    shown = words_of(desk.page(path))
    assert "Moved" in shown
    assert "A test Waiting 0 not tried yet" in shown
    assert desk.send(f"{path}/pause", {}).status_code == 303
    assert "Paused" in words_of(desk.page(path))
    assert desk.send(f"{path}/resumption", {}).status_code == 303
    again = desk.send(f"{path}/rotation", {"hours": "24"})
    assert "whsec_" in again.text
    assert found[1] not in again.text
    assert "Former secret" in words_of(desk.page(path))
    assert desk.send(f"{path}/end", {}).status_code == 303
    assert "You have made no webhook." in words_of(desk.page("/account/webhooks"))


def test_a_disabled_webhook_is_seen_by_its_owner_and_the_administration(hall: Hall) -> None:
    keeper, owner = hall.reader("administrator"), hall.reader("auditor")
    assert "Program whose webhook it is" in words_of(keeper.page(NEW))
    owner.send(NEW, {"name": "Log", "url": "https://hooks.example/log"})
    (path,) = set(re.findall(r'href="(/account/webhooks/[0-9]+)"', owner.page("/account/webhooks")))
    number = int(path.rpartition("/")[2])
    with hall.clients.office.writing() as session:
        row = session.get_one(Webhook, number)
        row.status, row.answered, row.tried_at = "disabled", "5xx", clock.now()
        now = clock.now()
        dead = Delivery(webhook_id=number, message="msg_1", kind="webhook.test", status="dead")
        dead.at = dead.due_at = now
        dead.tries, dead.answered = 9, "none"
        session.add(dead)
    assert "A webhook of yours was disabled" in owner.page("/")
    assert "A webhook of yours was disabled" not in keeper.page("/")
    assert "Webhooks Disabled" in words_of(owner.page("/account"))
    assert "It was disabled because its receiver failed for three days." in words_of(
        owner.page(path)
    )
    listed = words_of(keeper.page("/administration/webhooks"))
    assert "https://hooks.example/log" in listed
    assert "Disabled 5xx" in listed
    assert "Messages about requests are shown to who may see these." in words_of(keeper.page(path))
    assert owner.send(f"{path}/resumption", {}).status_code == 303
    page = owner.page(path)
    assert "Dead 9 no answer" in words_of(page)
    (again,) = set(re.findall(rf'href="({path}/deliveries/[0-9]+/replay)"', page))
    assert owner.send(again, {}).status_code == 303
    assert "Waiting 0" in words_of(owner.page(path))
