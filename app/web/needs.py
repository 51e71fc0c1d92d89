"""The needs of a request: listed, added, changed, and what the words of one suggest."""

from collections.abc import Mapping, Sequence

from fastapi import Response
from pydantic import ValidationError

from app.engine.areas import Areas
from app.engine.entries import Entry
from app.kit.errors import NotFound
from app.requests import service as dossier
from app.requests.schemas import EditNeed, NeedBody
from app.requests.schemas.suggestion import SuggestBody, SuggestedView, SuggestNeed, TextSuggestion
from app.requests.tables import AssistanceRequest
from app.web import acts, forms
from app.web.acts import Act, Params, Sheet, Subject, Unfit
from app.web.frame import about, framed, of_request
from app.web.labels_dossier import areas_of
from app.web.mending import missing_in
from app.web.pages import render
from app.web.texts import marked
from app.web.visit import ASKS, ONCE, AtVisit, Visit, router

api = router()
NEEDS = marked("Needs")
FORM = "request/need.html"
READ, SHOWN = 4000, 3
ORDER = ("text", "area", "topic", "kind", "sector", "sensitivities", "priority", "dropped")
"""The fields of a need as a form asks for them: the words first, they suggest the rest."""
FIELDS = (("topic", "topics"), ("kind", "kinds"), ("sector", "sectors"))
SEVERAL = ("sensitivities", "sensitivities")
"""Which field of a need each list of suggestions is for."""


@api.get("/requests/{ref}/needs")
def page_needs(desk: AtVisit, ref: str) -> Response:
    """Show the needs, each with the findings that it rests on."""
    request = desk.request(ref)
    needs = dossier.needs(desk.session, request)
    named = names_of(areas_of(desk))
    return framed(desk, request, "needs", "request/needs.html", needs=needs, named=named)


def names_of(areas: Areas) -> Mapping[str, str]:
    """Return what a code in a need is called, in English."""
    coded: tuple[Sequence[Entry], ...] = (
        areas.areas,
        areas.topics,
        areas.assistance_kinds,
        areas.sectors,
        areas.sensitivities,
    )
    return {one.code: one.label for entries in coded for one in entries}


@api.post("/requests/{ref}/needs/suggest")
def page_suggest_needs(desk: AtVisit, ref: str) -> Response:
    """Show what the words of a need suggest; nothing is kept, people decide."""
    request = desk.request(ref)
    number = str(desk.form.get("need", ""))
    act = EDIT if number else ADD
    params = {"ref": ref, "number": number}
    fields = acts.narrowed(acts.fields_for(desk, act, params), ORDER)
    typed = _taken(desk, forms.typed_again(fields, desk.form))
    acts.shown_again(desk, Sheet(act, fields, typed, Subject(), ""), params)
    found = _suggested(desk, request, typed)
    more = _more(ref, number) | {"found": found, "named": names_of(areas_of(desk))}
    if desk.form.get("fragment"):
        return render(desk.http, "request/suggested.html", shown=more, face=desk.face)
    way = of_request(request, (about(ref, "needs"), NEEDS), more=more)
    return acts.page(desk, Sheet(act, fields, typed, way, str(desk.form.get(ONCE, ""))))


def _taken(desk: Visit, typed: dict[str, object]) -> dict[str, object]:
    """Return what was typed with the one suggestion that a button takes, `field:code`."""
    field, _, code = str(desk.form.get(ASKS, "")).partition(":")
    if field in dict(FIELDS):
        return typed | {field: code} | ({"area": code[:1]} if field == "topic" else {})
    if field == SEVERAL[0]:
        known = typed[field]
        return typed | {field: [*known, code] if isinstance(known, list) else [code]}
    return typed


def _suggested(
    desk: Visit, request: AssistanceRequest, typed: Mapping[str, object]
) -> list[tuple[str, list[SuggestedView]]]:
    """Return the suggestions for the words that were typed, by field; nothing for none."""
    try:
        text = str(typed.get("text", ""))[:READ]
        body = SuggestBody(needs=(SuggestNeed(text=text, area=str(typed.get("area", ""))),))
    except ValidationError as fault:
        raise Unfit(forms.faults_of(fault)) from fault
    told: TextSuggestion = dossier.suggestions(desk.session, desk.shelf, request, body).needs[0]
    return [(field, getattr(told, lists)[:SHOWN]) for field, lists in (*FIELDS, SEVERAL)]


def _more(reference: str, number: str = "") -> dict[str, object]:
    asked, here = "needs/suggest", f"needs/{number}/edit" if number else "needs/new"
    addresses = {"asked": about(reference, asked), "here": about(reference, here)}
    return {**addresses, "need": number, "found": None}


def _new(desk: Visit, params: Params) -> Subject:
    request = desk.request(params["ref"])
    ref = params["ref"]
    way = (about(ref, "needs"), NEEDS)
    return of_request(request, way, values={"priority": 3}, fields=ORDER, more=_more(ref))


def _add(desk: Visit, params: Params, body: NeedBody) -> str:
    request = desk.request_to_add(params["ref"])
    dossier.add_need(desk.session, desk.shelf, desk.actor, request, body)
    return about(params["ref"], "needs")


def _one(desk: Visit, params: Params) -> Subject:
    request = desk.request(params["ref"])
    ref, number = params["ref"], str(params["number"])
    needs = {str(one.number): one for one in dossier.needs(desk.session, request)}
    if number not in needs:
        raise NotFound("need.unknown", f"This request has no need {number}.")
    way = (about(ref, "needs"), NEEDS)
    values = needs[number].model_dump()
    lacks = missing_in(desk, request, f"needs/{number}/edit")
    more = _more(ref, number)
    return of_request(request, way, values=values, fields=ORDER, more=more, lacks=lacks)


def _edit(desk: Visit, params: Params, body: EditNeed) -> str:
    request = desk.request_to_change(params["ref"])
    change = (int(params["number"]), body)
    dossier.edit_need(desk.session, desk.shelf, desk.actor, request, change)
    return about(params["ref"], "needs")


ADD = Act(
    "add_need",
    "/requests/{ref}/needs/new",
    marked("Add a need"),
    _new,
    _add,
    NeedBody,
    marked("Add the need"),
    template=FORM,
)
EDIT = Act(
    "edit_need",
    "/requests/{ref}/needs/{number:int}/edit",
    marked("Change a need"),
    _one,
    _edit,
    EditNeed,
    template=FORM,
)
ACTS = (ADD, EDIT)
acts.install(api, ACTS)
