"""Webhooks by pages: one's own, with their deliveries; administrators see everybody's."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import BaseModel

from app.policy import rights
from app.web import acts
from app.web.acts import Act, Params, Subject
from app.web.pages import render
from app.web.texts import marked
from app.web.visit import AtVisit, Visit, router
from app.webhooks import deliveries, service
from app.webhooks.schemas import RotateBody, WebhookBody
from app.webhooks.tables import Webhook

api = router()
PAGE = 50
ACCOUNT = ("/account", marked("Your account"))
WEBHOOKS = ("/account/webhooks", marked("Webhooks"))
ALL = ("/administration/webhooks", marked("Webhooks"))
ADMINISTRATION = ("/administration", marked("Administration"))
Cursor = Annotated[str | None, Query(max_length=300)]


@api.get("/account/webhooks")
def page_webhooks(desk: AtVisit) -> Response:
    """List one's own webhooks, without their secrets."""
    views = service.views(desk.session, service.own(desk.session, desk.actor))
    return desk.page("webhooks/own.html", {"webhooks": views, "crumbs": (ACCOUNT,)})


@api.get("/administration/webhooks")
def page_all_webhooks(desk: AtVisit, cursor: Cursor = None) -> Response:
    """List everybody's webhooks: which are active, and which have trouble."""
    found = service.webhooks(desk.session, desk.actor, cursor, PAGE)
    views = service.views(desk.session, found.rows)
    shown = {"webhooks": views, "next": found.next, "crumbs": (ADMINISTRATION,)}
    return desk.page("webhooks/all.html", shown)


@api.get("/account/webhooks/{number:int}")
def page_webhook(desk: AtVisit, cursor: Cursor = None) -> Response:
    """Show one webhook and what was sent to it; of answers the class alone."""
    row = service.find(desk.session, desk.actor, _number(desk.http.path_params))
    found = deliveries.deliveries(desk.session, desk.actor, row, cursor, PAGE)
    shown = {
        "webhook": service.views(desk.session, [row])[0],
        "deliveries": deliveries.views(desk.session, desk.actor, found.rows),
        "own": row.person_id == desk.actor.person_id,
        "next": found.next,
        "crumbs": _way(desk, row),
    }
    return desk.page("webhooks/one.html", shown)


def _number(params: Params) -> int:
    return int(params["number"])


def _address(row: Webhook) -> str:
    return f"{WEBHOOKS[0]}/{row.id}"


def _way(desk: Visit, row: Webhook) -> tuple[tuple[str, str], ...]:
    """Return the way to a webhook: by one's account, or by the administration."""
    own = row.person_id == desk.actor.person_id
    return (ACCOUNT, WEBHOOKS) if own else (ADMINISTRATION, ALL)


def _new(desk: Visit, _params: Params) -> Subject:
    fields = tuple(WebhookBody.model_fields)
    if not rights.reaches_beyond(desk.actor, "make_webhook"):
        fields = tuple(name for name in fields if name != "person_id")
    return Subject({}, None, (ACCOUNT, WEBHOOKS), fields=fields)


def _find(desk: Visit, params: Params) -> Subject:
    row = service.find(desk.session, desk.actor, _number(params))
    return Subject({}, None, (*_way(desk, row), (_address(row), row.name)), (row.name,))


def _secret(desk: Visit, secret: str, row: Webhook) -> Response:
    """Show a secret, this once."""
    view = service.views(desk.session, [row])[0]
    shown = {"webhook": view, "secret": secret, "crumbs": _way(desk, row)}
    return render(desk.http, "webhooks/made.html", face=desk.face, shown=shown)


def _make(desk: Visit, _params: Params, body: WebhookBody) -> Response:
    made = service.make(desk.session, desk.house.settings, desk.actor, body)
    return _secret(desk, *made)


def _rotate(desk: Visit, params: Params, body: RotateBody) -> Response:
    return _secret(desk, *service.rotate(desk.session, desk.actor, _number(params), body.hours))


def _pause(desk: Visit, params: Params, _body: BaseModel) -> str:
    return _address(service.pause(desk.session, desk.actor, _number(params)))


def _resume(desk: Visit, params: Params, _body: BaseModel) -> str:
    return _address(service.resume(desk.session, desk.actor, _number(params)))


def _end(desk: Visit, params: Params, _body: BaseModel) -> str:
    row = service.end(desk.session, desk.actor, _number(params))
    return _way(desk, row)[-1][0]


def _test(desk: Visit, params: Params, _body: BaseModel) -> str:
    deliveries.test(desk.session, desk.house.settings, desk.actor, _number(params))
    return f"{WEBHOOKS[0]}/{_number(params)}"


def _replay(desk: Visit, params: Params, _body: BaseModel) -> str:
    deliveries.replay(desk.session, desk.actor, _number(params), int(params["delivery"]))
    return f"{WEBHOOKS[0]}/{_number(params)}"


HERE = "/account/webhooks/{number:int}"
ACTS = (
    Act(
        "make_webhook",
        "/account/webhooks/new",
        marked("Make a webhook"),
        _new,
        _make,
        WebhookBody,
        marked("Make the webhook"),
        marked(
            "This address is called for each event that you may know of, with a link and none of "
            "the content. The secret that signs the calls is shown once."
        ),
        shown_once=True,
    ),
    Act(
        "rotate_webhook",
        f"{HERE}/rotation",
        marked("Renew the secret"),
        _find,
        _rotate,
        RotateBody,
        marked("Renew it"),
        marked("The new secret is shown once. Until the former one ends, both sign."),
        shown_once=True,
    ),
    Act(
        "pause_webhook",
        f"{HERE}/pause",
        marked("Pause a webhook"),
        _find,
        _pause,
        button=marked("Pause"),
        binding=marked("Nothing is sent until it is resumed; what happens meanwhile waits."),
    ),
    Act(
        "resume_webhook",
        f"{HERE}/resumption",
        marked("Resume a webhook"),
        _find,
        _resume,
        button=marked("Resume"),
        binding=marked("What waits is sent at once."),
    ),
    Act(
        "end_webhook",
        f"{HERE}/end",
        marked("End a webhook"),
        _find,
        _end,
        button=marked("End it"),
        binding=marked("Its secrets are destroyed, and what waits is not sent any more."),
    ),
    Act(
        "test_webhook",
        f"{HERE}/test",
        marked("Test a webhook"),
        _find,
        _test,
        button=marked("Send a test"),
        binding=marked("A message about nothing is sent. Its outcome stands in the list."),
    ),
    Act(
        "replay_delivery",
        f"{HERE}/deliveries/{{delivery:int}}/replay",
        marked("Send a message again"),
        _find,
        _replay,
        button=marked("Send it again"),
        binding=marked("It bears the same number: a receiver that has it passes it over."),
    ),
)
acts.install(api, ACTS)
