"""Puts the house together, and nothing else."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from app.accounts.identity import Client
from app.api import problems
from app.config import Settings
from app.kit.errors import Invalid
from app.web import errors as pages
from app.wiring.commits import Commits
from app.wiring.crossing import Crossing
from app.wiring.edge import Edge, Limits, Receive, Scope, Send
from app.wiring.entitlement import hold_together, with_policy
from app.wiring.gauge import Gauge
from app.wiring.house import House, open_house
from app.wiring.listing import Listing
from app.wiring.meter import Meter
from app.wiring.moving import Moving
from app.wiring.poll import Poll
from app.wiring.porch import Porch
from app.wiring.shapes import same
from app.wiring.strict import operation
from app.wiring.tempo import keep_tempo
from app.wiring.usage import Usage

if TYPE_CHECKING:
    from app.accounts.oidc import Provider

ROUTERS = (
    "signing_in",  # before the directory, whose /people/{number} would take its paths
    *(
        "requests",
        "moves",
        "dossier",
        "assessment",
        "screening",
        "matching",
        "portfolio",
        "delivery",
    ),
    *(
        "compendium",
        "proposing",
        "atlas",
        "exchanging",
        "reports",
        "published",
        "knowledge",
        "confidence",
        "directory",
        "duties",
        "glass",
    ),
    *("retention", "workflows", "events", "webhooks", "verification"),
)
PAGES = (
    *("pages", "static", "session", "account", "home"),
    *("filing", "needs", "clarifications", "documents", "triage", "remarks", "confidence"),
    *("lists", "bulk", "history", "requests", "moves"),
    *(
        "compendium",
        "changing",
        "importing",
        "returning",
        "knowledge",
        "own",
        "declaring",
        "webhooks",
        "workflow",
    ),
    *("administration", "openings", "decision_log", "joining", "retaining"),
    *("assessment", "screening", "matching", "answering", "delivery", "parting", "portfolio"),
    *("reports", "public"),
)
"""The modules of the pages' door; a path that holds no parameter comes before one that does."""
VERSION = "0.1.0"


TOLD: list[tuple[list[BaseRoute], str]] = []
"""The last description that was made, of which routes: they are shared, and it takes a second."""


class Service(FastAPI):
    """The application, with the hot ways of polls and lists before the framework's own layers."""

    gauge: Gauge

    def openapi(self) -> dict[str, Any]:
        """Return the description of the API, with the row of the policy table of each operation."""
        if self.openapi_schema is None:
            whole = [route for route in self.routes if getattr(route, "include_in_schema", True)]
            if not any(same(routes, whole) for routes, _ in TOLD):
                TOLD[:] = [(whole, json.dumps(super().openapi()))]
            self.openapi_schema = json.loads(TOLD[0][1])
            with_policy(self, self.openapi_schema, self.state.house.shelf)
        return self.openapi_schema

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        scope["app"] = self  # what turns a call back before it is routed asks it for a page
        await self.gauge(scope, receive, send)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the service. Raises Invalid for a pack that cannot be read or a route without row."""
    settings = settings or Settings()
    house = open_house(settings)
    commits, usage, meter = Commits(house), Usage(house), Meter(house)

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        commits.start()
        usage.start()
        meter.start()
        keep_tempo()
        yield
        commits.stop()
        usage.stop()
        meter.stop()
        house.database.close()

    app = Service(
        title="Entente",
        version=VERSION,
        summary="Technical assistance for cybersecurity, from need to result.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,  # that leads to whatever host a call names
        generate_unique_id_function=operation,
        lifespan=life,
        middleware=_layers(house, commits),
    )
    listing = Listing(Edge(super(Service, app).__call__, limits_of(settings), house.texts), house)
    app.gauge = Gauge(Poll(listing, house, commits.turns), meter, house.texts)
    app.state.house, app.state.commits, app.state.meter = house, commits, meter
    app.state.porch = Porch()
    app.state.provider = provider_of(settings)
    problems.install(app)
    pages.install(app)
    app.router.routes.extend(doors().routes)
    hold_together(app, house.shelf)
    return app


def _layers(house: House, commits: Commits) -> list[Middleware]:
    """Return what a call passes before it is routed, outermost first."""
    return [
        Middleware(Crossing, house=house),
        Middleware(Moving, house=house, commits=commits),
    ]


def limits_of(settings: Settings) -> Limits:
    """Return what bodies are held to."""
    return Limits(settings.body_limit, settings.upload_limit, settings.body_seconds)


def provider_of(settings: Settings) -> "Provider | None":
    """Return the installation's identity provider. Raises Invalid when it is half set up."""
    if not settings.oidc_issuer:
        return None
    if not settings.public_url:
        raise Invalid("oidc.public_url", "A provider needs ENTENTE_PUBLIC_URL to send people back.")
    from app.accounts.oidc import Provider  # noqa: PLC0415 - 25 MB, where there is a provider

    secret = settings.oidc_client_secret.get_secret_value()
    back = settings.public_url.rstrip("/") + "/oidc/callback"
    return Provider(Client(settings.oidc_issuer, settings.oidc_client_id, secret, back))


@cache
def doors() -> APIRouter:
    """Return every route, made once a process: each service that is built shares them."""
    whole = APIRouter(generate_unique_id_function=operation)
    for name in (*ROUTERS, "status"):
        whole.routes.extend(import_module(f"app.api.{name}").api.routes)
    for name in ("health", "docs"):
        whole.include_router(import_module(f"app.api.{name}").api)
    for name in PAGES:
        whole.routes.extend(import_module(f"app.web.{name}").api.routes)
    return whole
