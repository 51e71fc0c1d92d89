"""What is held in confidence: levels and lowerings, named grants, people at risk, openings."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from fastapi import Response
from pydantic import BaseModel

from app.directory import holders
from app.kit.errors import Forbidden, NotFound
from app.requests.schemas.confidence import (
    LevelBody,
    LoweringBody,
    NamedGrantBody,
    OpeningBody,
    ProtectedBody,
)
from app.requests.service import levels, named, protected
from app.requests.tables import AssistanceRequest
from app.web import acts
from app.web.acts import Act, Params, Subject
from app.web.frame import about, crumbs, framed, of_request
from app.web.pages import render
from app.web.texts import marked
from app.web.visit import AtVisit, Visit, router

api = router()
PART, NAME = "confidence", marked("Confidence")
Carried = Callable[..., object]


@api.get("/requests/{ref}/confidence")
def page_confidence(desk: AtVisit, ref: str) -> Response:
    """Show the level, lowerings, people at risk; and to whom they are open, grants and openings."""
    request = desk.request_within(ref)
    grants = _if_open(desk, "list_named_grants", lambda: _grants(desk, request))
    openings = _if_open(
        desk, "list_openings", lambda: protected.openings(desk.session, desk.actor, request)
    )
    rows = levels.listed(desk.session, request)
    lowerings = [levels.view_of(desk.session, row) for row in rows]
    people = {one.person_id for one in grants or ()} | {one.by for one in openings or ()}
    people |= {one.proposed_by for one in lowerings}
    shown = {
        "lowerings": lowerings,
        "parts": protected.listed(desk.session, request),
        "grants": grants,
        "openings": openings,
        "names": holders.names(desk.session, people),
    }
    return framed(desk, request, PART, "request/confidence.html", **shown)


def _grants(desk: Visit, request: AssistanceRequest) -> Sequence[Any]:
    rows = named.listed(desk.session, desk.actor, request)
    return [named.view_of(desk.session, row) for row in rows]


def _if_open(
    desk: Visit, operation: str, read: Callable[[], Sequence[Any]]
) -> Sequence[Any] | None:
    """Return what an operation shows this person; None where it is not open."""
    if not desk.may(operation):
        return None
    try:
        return read()
    except Forbidden:
        return None


def _subject(desk: Visit, params: Params) -> Subject:
    return of_request(desk.request(params["ref"]), (about(params["ref"], PART), NAME))


def _lowering(desk: Visit, params: Params) -> Subject:
    request = desk.request_within(params["ref"])
    number = int(params["number"])
    found = [one for one in levels.listed(desk.session, request) if one.number == number]
    if not found:
        raise NotFound("lowering.unknown", f"There is no lowering {number}.")
    known = desk.open_part(levels.view_of(desk.session, found[0]))
    lines = (known.reason,) if known.reason else ()
    return Subject({}, request.revision, crumbs(params["ref"], _here(params)), lines)


def _here(params: Params) -> tuple[str, str]:
    return (about(params["ref"], PART), NAME)


def _grant(desk: Visit, params: Params) -> Subject:
    request = desk.request(params["ref"])
    known = named.one(desk.session, request, int(params["number"]))
    told = holders.names(desk.session, [known.person_id])
    lines = tuple(told.values())
    return Subject({}, request.revision, crumbs(params["ref"], _here(params)), lines)


def _part(desk: Visit, params: Params) -> Subject:
    request = desk.request_within(params["ref"])
    protected.one(desk.session, request, int(params["number"]))
    return of_request(request, _here(params))


def _carried(carry: Carried, desk: Visit, params: Params, body: BaseModel) -> str:
    """Carry out what takes the body of a form."""
    request = desk.request_to_change(params["ref"])
    carry(desk.session, desk.actor, request, body)
    return about(params["ref"], PART)


def _numbered(carry: Carried, desk: Visit, params: Params, _body: BaseModel) -> str:
    """Carry out what takes the number of a lowering."""
    request = desk.request_to_change(params["ref"])
    carry(desk.session, desk.actor, request, int(params["number"]))
    return about(params["ref"], PART)


def _granted(carry: Carried, desk: Visit, params: Params, _body: BaseModel) -> str:
    """Carry out what takes a named grant."""
    request = desk.request_to_change(params["ref"])
    carry(desk.session, desk.actor, request, named.one(desk.session, request, params["number"]))
    return about(params["ref"], PART)


def _open(desk: Visit, params: Params, body: OpeningBody) -> Response:
    request = desk.request_within(params["ref"])
    asked = (int(params["number"]), body.reason)
    told = protected.open_part(desk.session, desk.actor, request, *asked)
    shown = {"part": desk.open_part(told), "crumbs": crumbs(params["ref"], _here(params))}
    return render(desk.http, "request/opened.html", shown=shown, face=desk.face)


ONE_LOWERING = "/requests/{ref}/lowerings/{number:int}"
ONE_GRANT = "/requests/{ref}/named-grants/{number:int}"
ACTS = (
    Act(
        "raise_level",
        "/requests/{ref}/level",
        marked("Raise the level"),
        _subject,
        partial(_carried, levels.raise_level),
        LevelBody,
        marked("Raise it"),
        marked(
            "It holds at once. Restricted: no program reads it. Confidential: only the country, "
            "the desk, auditors and whom the country names. Lowering takes two persons."
        ),
    ),
    Act(
        "propose_lowering",
        "/requests/{ref}/lowerings/new",
        marked("Propose a lower level"),
        _subject,
        partial(_carried, levels.propose),
        LoweringBody,
        marked("Propose it"),
        marked("It takes another person, and every country of the request (F19)."),
    ),
    Act(
        "confirm_lowering",
        ONE_LOWERING + "/confirm",
        marked("Confirm a lower level"),
        _lowering,
        partial(_numbered, levels.confirm),
        button=marked("Confirm it"),
        binding=marked("The last word that is needed lowers the level at once: more may read."),
    ),
    Act(
        "refuse_lowering",
        ONE_LOWERING + "/refuse",
        marked("Let a proposed lowering fall"),
        _lowering,
        partial(_numbered, levels.end),
        button=marked("Let it fall"),
    ),
    Act(
        "give_named_grant",
        "/requests/{ref}/named-grants/new",
        marked("Let one person see or open something"),
        _subject,
        partial(_carried, named.give),
        NamedGrantBody,
        marked("Give the grant"),
        marked("From the desk it takes the country's word first. Every opening is recorded."),
    ),
    Act(
        "agree_named_grant",
        ONE_GRANT + "/agree",
        marked("Agree to a named grant"),
        _grant,
        partial(_granted, named.agree),
        button=marked("Agree for the country"),
        binding=marked("This person may then see or open it until the grant ends."),
    ),
    Act(
        "revoke_named_grant",
        ONE_GRANT + "/revoke",
        marked("Revoke a named grant"),
        _grant,
        partial(_granted, named.revoke),
        button=marked("Revoke it"),
        binding=marked("It is dead at once."),
    ),
    Act(
        "add_protected",
        "/requests/{ref}/protected/new",
        marked("Record people at risk"),
        _subject,
        partial(_carried, protected.add),
        ProtectedBody,
        marked("Seal it"),
        marked(
            "Only what is needed, no names, no closer than the region (C79). It is sealed at "
            "once and opens by a named grant of the country alone."
        ),
        drafted=False,
    ),
    Act(
        "open_protected",
        "/requests/{ref}/protected/{number:int}/open",
        marked("Open what is sealed about people at risk"),
        _part,
        _open,
        OpeningBody,
        marked("Open it"),
        marked("That you opened it, and why, is recorded before you see it."),
        shown_once=True,
    ),
)
acts.install(api, ACTS)
