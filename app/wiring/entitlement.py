"""The policy table at work: every call is held against its row, and no route is without one."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from sqlalchemy.orm import Session
from starlette.routing import BaseRoute, Route

from app.directory.actor import ROLES, Actor
from app.engine.packs import Shelf
from app.engine.wording import wording
from app.kit import clock
from app.kit.db import Failure
from app.kit.errors import Invalid, Refusal
from app.lifecycle.vocabulary import ACTS, VOCABULARY
from app.policy import fields, rights
from app.policy.classes import FIELDS, MODELS
from app.policy.rule import Field, Kind, Rule
from app.policy.table import RULES, described, disagreements
from app.wiring.callers import credential_of
from app.wiring.house import House, in_name_of, present
from app.wiring.shapes import marked, same, shapes

MOVE = RULES["move_request"]
DESCRIPTION = "/openapi.json"
"""The one route that each service makes for itself: it gives the description, and no model."""
Rows = tuple[dict[str, Kind], dict[tuple[str, str], Field], dict[str, Rule]]
IN_ORDER: list[tuple[list[BaseRoute], Rows]] = []
"""The last routes whose fields were found in order, and by which rows."""


def rule_of(scope: Any) -> Rule:
    """Return the row of the operation that an ASGI scope was routed to."""
    return RULES[scope["endpoint"].__name__]


def entitled(house: House, session: Session, headers: Mapping[str, str], rule: Rule) -> Actor:
    """Return who calls, and in whose name, if the row lets them try.

    Raises Unauthenticated, Malformed, Forbidden.
    """
    actor = present(house, session, credential_of(headers))
    actor = in_name_of(session, actor, headers.get("delegation"))
    rights.entitle(rule, actor, clock.now())
    return actor


def recognised(house: House, headers: Mapping[str, str]) -> Actor | None:
    """Return whose credential a refused call bore; None for nobody that is known here."""
    try:
        with house.database.reading() as session:
            return present(house, session, credential_of(headers))
    except (Refusal, Failure):
        return None


def hold_together(app: FastAPI, shelf: Shelf) -> None:
    """Compare the table with the routes, their fields, the vocabulary and the definitions.

    Raises Invalid, with everything that differs: the service does not start.
    """
    faults = list(disagreements(operations(app), ROLES, ACTS))
    if not faults:
        faults += _unclassed([r for r in app.routes if getattr(r, "path", "") != DESCRIPTION])
    for pack in shelf:
        strange = wording(pack.definition, VOCABULARY)
        faults += [f"{pack.label}: {fault.code} {dict(fault.params)}" for fault in strange]
    if faults:
        raise Invalid("policy.disagrees", "; ".join(faults))


def _unclassed(routes: list[BaseRoute]) -> list[str]:
    """Return what is wrong with the fields of routes.

    Services of one process share their routes, and to look at all their fields takes a fortieth of
    a second: the very same routes and rows that were in order are so still.
    """
    rows = (dict(MODELS), dict(FIELDS), dict(RULES))
    if any(same(routes, known) and rows == held for known, held in IN_ORDER):
        return []
    faults = list(fields.unclassed(shapes(routes), RULES))
    if not faults:
        IN_ORDER[:] = [(routes, rows)]
    return faults


def operations(app: FastAPI) -> list[str]:
    """Return the name of every endpoint that the service routes to.

    Routers that were included are looked through as they are: having the framework build each of
    their routes for this costs a quarter of a second at every start.
    """
    return list(_names(app.routes))


def _names(routes: Iterable[BaseRoute]) -> Iterator[str]:
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from _names(included.routes)
        elif isinstance(route, Route):
            yield route.name if route.path == DESCRIPTION else route.endpoint.__name__
        else:
            yield str(getattr(route, "name", route))


def with_policy(app: FastAPI, document: dict[str, Any], shelf: Shelf) -> dict[str, Any]:
    """Return the API's description with the row of every operation, and the class of each field.

    They stand under `x-policy` and `x-class`.
    """
    marked(document, app.routes)
    roles_of = roles_by_act(shelf)
    for methods in document["paths"].values():
        for operation in methods.values():
            rule = RULES[operation["operationId"]]
            operation["x-policy"] = described(rule, roles_of)
    return document


def roles_by_act(shelf: Shelf) -> dict[str, set[str]]:
    """Return, for each act, the roles that some definition on the shelf gives it to."""
    found: dict[str, set[str]] = {}
    for pack in shelf:
        for state in pack.definition.states.values():
            for act, roles in state.acts.items():
                found.setdefault(act, set()).update(roles)
    return found
