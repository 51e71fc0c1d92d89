"""Webhooks: addresses of programs that are told of events; their deliveries, tests and replays."""

from fastapi import Response

from app.api.deps import AtDesk, Cursor, Items, Limit, Number, page, router
from app.api.problems import ADDS, READS
from app.webhooks import deliveries, service
from app.webhooks.schemas import DeliveryView, RotateBody, WebhookBody, WebhookMade, WebhookView
from app.webhooks.tables import Delivery, Webhook
from app.wiring.desk import Desk

api = router("webhooks")
HERE = "/api/v1/webhooks"


def _shown(desk: Desk, row: Webhook) -> Response:
    view = service.views(desk.session, [row])[0]
    return desk.created(view, f"{HERE}/{row.id}")


def _made(desk: Desk, secret: str, row: Webhook) -> Response:
    view = service.views(desk.session, [row])[0]
    return desk.created(WebhookMade(**view.model_dump(), secret=secret), f"{HERE}/{row.id}")


def _sent(desk: Desk, number: int, row: Delivery) -> Response:
    view = deliveries.views(desk.session, desk.actor, [row])[0]
    return desk.created(view, f"{HERE}/{number}/deliveries")


@api.get("/webhooks", response_model=Items[WebhookView], responses=READS)
def list_webhooks(desk: AtDesk, cursor: Cursor = "", limit: Limit = 50) -> Response:
    """List one's own webhooks; administrators list everybody's."""
    found = service.webhooks(desk.session, desk.actor, cursor or None, limit)
    return page(desk, service.views(desk.session, found.rows), found.next)


@api.post("/webhooks", status_code=201, response_model=WebhookMade, responses=ADDS)
def make_webhook(desk: AtDesk, body: WebhookBody) -> Response:
    """Be told of events at an address; the secret that signs them is shown once."""
    desk.once_only()
    made = service.make(desk.session, desk.house.settings, desk.actor, body)
    return _made(desk, *made)


@api.get("/webhooks/{number}", response_model=WebhookView, responses=READS)
def read_webhook(desk: AtDesk, number: Number) -> Response:
    """Read one webhook: whether it is active, and how its last try was answered."""
    row = service.find(desk.session, desk.actor, number)
    return desk.show(service.views(desk.session, [row])[0])


@api.post(
    "/webhooks/{number}/rotation", status_code=201, response_model=WebhookMade, responses=ADDS
)
def rotate_webhook(desk: AtDesk, number: Number, body: RotateBody) -> Response:
    """Renew the secret; both sign for so many hours. The new one is shown once."""
    desk.once_only()
    return _made(desk, *service.rotate(desk.session, desk.actor, number, body.hours))


@api.post("/webhooks/{number}/pause", status_code=201, response_model=WebhookView, responses=ADDS)
def pause_webhook(desk: AtDesk, number: Number) -> Response:
    """Send nothing for a while; what happens meanwhile waits."""
    return _shown(desk, service.pause(desk.session, desk.actor, number))


@api.post(
    "/webhooks/{number}/resumption", status_code=201, response_model=WebhookView, responses=ADDS
)
def resume_webhook(desk: AtDesk, number: Number) -> Response:
    """Send again, after a pause or when it was disabled."""
    return _shown(desk, service.resume(desk.session, desk.actor, number))


@api.post("/webhooks/{number}/end", status_code=201, response_model=WebhookView, responses=ADDS)
def end_webhook(desk: AtDesk, number: Number) -> Response:
    """End a webhook for good; its secrets are destroyed."""
    return _shown(desk, service.end(desk.session, desk.actor, number))


@api.post("/webhooks/{number}/test", status_code=201, response_model=DeliveryView, responses=ADDS)
def test_webhook(desk: AtDesk, number: Number) -> Response:
    """Send a message about nothing (`webhook.test`), at most ten times an hour."""
    settings = desk.house.settings
    return _sent(desk, number, deliveries.test(desk.session, settings, desk.actor, number))


@api.get("/webhooks/{number}/deliveries", response_model=Items[DeliveryView], responses=READS)
def list_deliveries(
    desk: AtDesk, number: Number, cursor: Cursor = "", limit: Limit = 50
) -> Response:
    """List what was sent and what waits, newest first; of answers the class alone."""
    row = service.find(desk.session, desk.actor, number)
    found = deliveries.deliveries(desk.session, desk.actor, row, cursor or None, limit)
    return page(desk, deliveries.views(desk.session, desk.actor, found.rows), found.next)


@api.post(
    "/webhooks/{number}/deliveries/{delivery}/replay",
    status_code=201,
    response_model=DeliveryView,
    responses=ADDS,
)
def replay_delivery(desk: AtDesk, number: Number, delivery: Number) -> Response:
    """Send a message once more, under its own number."""
    row = deliveries.replay(desk.session, desk.actor, number, delivery)
    return _sent(desk, number, row)
