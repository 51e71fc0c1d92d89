"""The pages of a screening: the round at hand, and each principle with its forms."""

import secrets
from collections.abc import Mapping
from functools import partial
from typing import Any

from fastapi import Response

from app.engine.principles import FindingCode, VerdictCode
from app.requests import access
from app.screening import service
from app.screening.rules import PrincipleWord
from app.screening.schemas import CriterionBody, PrincipleBody, PrincipleView
from app.web import acts, forms
from app.web.forms import Field
from app.web.frame import about, crumbs, framed
from app.web.screening.acting import ACTS, CRITERION, PRINCIPLE
from app.web.screening.reading import (
    PART,
    ROOT,
    appeal_of,
    findings_for,
    grounds_of,
    latest,
    names_of,
    principle_in,
    said_of,
    verdicts_for,
)
from app.web.texts import marked
from app.web.visit import AtVisit, router

api = router()


@api.get(ROOT)
def page_screening(desk: AtVisit, ref: str) -> Response:
    """Show the round at hand by principle, where it leads, the decision, and what was before."""
    request = desk.request_within(ref)
    view = latest(desk, request)
    rounds, appeal = service.earlier_rounds(desk.session, request), appeal_of(desk, request)
    names = names_of(desk, view, rounds, appeal)
    shown: dict[str, Any] = {"round": view, "rounds": rounds, "appeal": appeal, "names": names}
    shown["grounds"] = grounds_of(desk, request, view.derived.reasons if view else ())
    return framed(desk, request, PART, "screening/round.html", **shown)


@api.get(ROOT + "/principles/{code}")
def page_principle(desk: AtVisit, ref: str, code: str) -> Response:
    """Show one principle with its criteria: what data says, what people found, and their forms."""
    request = desk.request_within(ref)
    view = service.view_of(desk.session, desk.shelf, desk.reader, request)
    principle = principle_in(view, code)
    roles = access.standing_of(desk.session, request).roles(desk.actor)
    codes = [one.code for one in view.principles]
    mine = desk.may("put_criterion") and principle.reviewer_role in roles
    shown = {
        "round": view,
        "principle": principle,
        "grounds": grounds_of(desk, request, view.derived.reasons),
        "sheets": _sheets(principle) if mine else {},
        "once": partial(secrets.token_urlsafe, 16),
        "next": next((one for one in codes if one > code), ""),
        "names": names_of(desk, view, [], None),
        "crumbs": crumbs(ref, (about(ref, PART), marked("Screening"))),
    }
    return framed(desk, request, PART, "screening/principle.html", **shown)


@api.get(ROOT + "/outlook")
def page_outlook(
    desk: AtVisit,
    ref: str,
    of: str = "",
    verdict: VerdictCode | None = None,
    finding: FindingCode | None = None,
    infringing: str = "",
) -> Response:
    """Show where the round would lead with what stands in a form: a part of a page, for scripts."""
    request = desk.request_within(ref)
    unsaved = service.Words(
        {of: verdict} if verdict else {},
        {of: PrincipleWord(finding, bool(infringing))} if finding else {},
    )
    derived = service.outlook(desk.session, desk.shelf, request, unsaved)
    grounds = grounds_of(desk, request, derived.reasons)
    shown = {"round": {"derived": derived}, "grounds": grounds, "unsaved": True}
    return desk.page("screening/outlook.html", shown)


Filled = tuple[tuple[Field, ...], Mapping[str, Any]]


def _sheets(principle: PrincipleView) -> dict[str, Filled]:
    """Return the form of each criterion and of the principle: its fields, and what stands there."""
    found: dict[str, Filled] = {}
    for one in principle.criteria:
        choices = {"verdict": verdicts_for(one)}
        fields = acts.own_fields(CRITERION, CriterionBody, choices, one.code)
        found[one.code] = fields, forms.shown_values(fields, said_of(one))
    choices = {"finding": findings_for(principle)}
    fields = acts.own_fields(PRINCIPLE, PrincipleBody, choices, principle.code)
    found[principle.code] = fields, forms.shown_values(fields, said_of(principle))
    return found


acts.install(api, ACTS)
