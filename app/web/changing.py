"""Changes of the compendium: proposed or claimed, shown with their impact, then reviewed."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Annotated, Any, get_args

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field, create_model

from app.compendium import service as compendium
from app.compendium.entries import FORMS, Kind, code_of
from app.compendium.schemas import ChangeBody, ChangesBody, ChangesView, Difference, ReviewBody
from app.directory import colleagues
from app.directory import service as directory
from app.kit import clock
from app.kit.errors import NotFound
from app.kit.pages import DEFAULT, cut, decode
from app.kit.text import Filled, FilledProse, Instant
from app.matching import service as matching
from app.web import acts
from app.web.acts import Act, Params, Subject
from app.web.compendium import CRUMB, PERSON, Moment, areas_of, shown, topics_of
from app.web.texts import marked
from app.web.visit import AtVisit, Visit, router

api = router()
CHANGES = ("/compendium/changes", marked("Changes"))
STATUSES = ("open", "approved", "rejected", "withdrawn")
NEW = "new"
"""The code in the address of an entry that is not there yet."""
UNASKED = ("split", "lead_of")
"""What no form asks for."""
ANSWERS = ("valid_to", "review_by", "source", "why_title", "why", "effective_at")
"""What is asked of a focal point beside who it is."""


class Wanted(BaseModel):
    """Which proposals are listed."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    status: str = Field("", pattern="^(open|approved|rejected|withdrawn)?$")
    cursor: str | None = Field(None, max_length=300)


@api.get("/compendium/changes")
def page_changes(desk: AtVisit, asked: Annotated[Wanted, Query()]) -> Response:
    """List what was proposed, oldest first."""
    after = decode(asked.cursor, (int,))[0] if asked.cursor else 0
    status: Any = asked.status or None
    rows = compendium.proposals(desk.session, (status, None), after, DEFAULT + 1)
    part = cut(rows, DEFAULT, lambda row: [row.id])
    more = {
        "changes": [compendium.view_of(desk.session, row) for row in part.rows],
        "status": asked.status,
        "statuses": STATUSES,
        "kinds": get_args(Kind),
        "next": part.next,
    }
    here = "/compendium/changes"
    return desk.page("compendium/changes.html", shown(desk, here, Moment()) | more)


@api.get("/compendium/changes/{number:int}")
def page_change(desk: AtVisit) -> Response:
    """Show a proposal: what it would change, for which open requests, and what became of it."""
    row = compendium.proposal(desk.session, desk.http.path_params["number"])
    view = compendium.view_of(desk.session, row)
    seen = view.status == "open" and desk.may("preview_change")
    more = {
        "change": view,
        "impact": matching.impact(desk.session, desk.shelf, desk.actor, row) if seen else None,
        "names": names_in(desk, view.changes, recorded=view.status == "approved"),
        "people": _people(desk, view),
        "own": view.proposed_by == desk.actor.person_id,
        "crumbs": (CRUMB, CHANGES),
    }
    return desk.page("compendium/change.html", shown(desk, "", Moment()) | more)


def _people(desk: Visit, view: ChangesView) -> dict[int, str]:
    """Return who proposed and who reviewed, as far as one may know them."""
    numbers = filter(None, (view.proposed_by, view.reviewed_by))
    return colleagues.names(desk.session, desk.actor, set(numbers))


def names_in(desk: Visit, changes: Iterable[Difference], *, recorded: bool) -> dict[int, str]:
    """Return the names of the people in changes, by number.

    Who is named in the record is told to everybody; who is only proposed, to who may know them.
    """
    fields = [one for change in changes for one in change.fields if one.field == PERSON]
    named, wished = (
        {one.before for one in fields if one.before},
        {one.after for one in fields if one.after},
    )
    if recorded:
        named |= wished
    known = colleagues.names(desk.session, desk.actor, wished)
    return known | directory.names(desk.session, named)


class Proposal(BaseModel):
    """What goes with every proposed change of one entry."""

    why_title: Filled
    why: FilledProse
    claim: bool = False
    effective_at: Instant | None = None


@cache
def _form_of(kind: Kind) -> type[BaseModel]:
    """Return what is typed to change an entry of a kind: its content, and why."""
    fields: dict[str, Any] = {
        name: (field.annotation, field) for name, field in Proposal.model_fields.items()
    }
    called = kind.title().replace("_", "")
    return create_model(f"Change{called}", __base__=FORMS[kind], **fields)


def kind_of(params: Params) -> Kind:
    """Return the kind of entry that an address names. Raises NotFound."""
    found = [kind for kind in FORMS if kind == params["kind"]]
    if not found:
        raise NotFound("entry.kind", "There is no such kind of entry.")
    return found[0]


def _present(desk: Visit, params: Params) -> dict[str, Any]:
    """Return what the newest version of an entry says; for one that is new, what it would."""
    if params["code"] == NEW:
        asked = FORMS[kind_of(params)].model_fields.items()
        return {name: one.get_default() for name, one in asked if not one.is_required()}
    found = compendium.history(desk.session, params["code"], kind_of(params), clock.now())
    return found[-1].told()


def _entry(desk: Visit, params: Params) -> Subject:
    fields: tuple[str, ...] = ()
    if kind_of(params) == "capacity" and params["code"] == NEW:
        fields = tuple(name for name in _form_of("capacity").model_fields if name != "code")
    if kind_of(params) == "focal_point":
        place = ("entity", "part") if params["code"] == NEW else ()
        fields = (*place, PERSON, *ANSWERS)
    return Subject(_present(desk, params), None, (CRUMB, CHANGES), fields=fields)


def _kept(desk: Visit, params: Params) -> dict[str, Any]:
    """Return what the newest version says and no field asks for."""
    if kind_of(params) == "capacity" and params["code"] == NEW:
        parts = (str(desk.form.get(name, "")).strip() for name in ("entity", "period"))
        return {"code": ":".join(part for part in parts if part)}
    asked = _entry(desk, params).fields
    told = _present(desk, params).items()
    if asked:
        return {name: value for name, value in told if name not in asked}
    return {name: value for name, value in told if name in UNASKED}


def _propose(desk: Visit, params: Params, body: Any) -> str:
    kind = kind_of(params)
    content = body.model_dump(mode="json", exclude=set(Proposal.model_fields))
    code = code_of(body) if params["code"] == NEW else params["code"]
    change = ChangeBody(kind=kind, code=code, content=content)
    sent = ChangesBody(
        kind="claim" if body.claim else "change",
        title=body.why_title,
        reason=body.why,
        effective_at=body.effective_at,
        changes=[change],
    )
    return proposed(desk, sent)


def proposed(desk: Visit, sent: ChangesBody) -> str:
    """Propose changes and return the address of the proposal."""
    desk.sent = (sent,)
    row = compendium.propose(desk.session, areas_of(desk), desk.actor, sent)
    return f"/compendium/changes/{row.id}"


def _number(params: Params) -> int:
    return int(params["number"])


def _proposal(desk: Visit, params: Params) -> Subject:
    row = compendium.proposal(desk.session, _number(params))
    way = (CRUMB, CHANGES, (f"/compendium/changes/{row.id}", marked("The proposal")))
    return Subject({}, None, way, (row.title,))


def _reviewed(desk: Visit, params: Params) -> Subject:
    """Return what is reviewed: what it would change, and who proposes it."""
    view = compendium.view_of(desk.session, compendium.proposal(desk.session, _number(params)))
    shown = {
        "change": view,
        "names": names_in(desk, view.changes, recorded=False),
        "people": _people(desk, view),
    }
    return replace(_proposal(desk, params), shown=shown)


def _review(desk: Visit, params: Params, body: ReviewBody) -> str:
    row = compendium.review(desk.session, areas_of(desk), desk.actor, _number(params), body)
    matching.take_effect(desk.session, desk.shelf)
    return f"/compendium/changes/{row.id}"


def _withdraw(desk: Visit, params: Params, _body: BaseModel) -> str:
    row = compendium.withdraw(desk.session, desk.actor, _number(params))
    return f"/compendium/changes/{row.id}"


def _entities(desk: Visit) -> list[tuple[str, str]]:
    found = compendium.entities(desk.session, clock.now(), clock.now())
    return [(one.code, one.name) for one in found]


ACTS = (
    Act(
        "propose_change",
        "/compendium/propose/{kind}/{code}",
        marked("Propose a change"),
        _entry,
        _propose,
        lambda params: _form_of(kind_of(params)),
        marked("Propose"),
        marked("A second person reviews it. Until then nothing changes for any request."),
        {"topics": topics_of, "entity": _entities, "parties": _entities},
        UNASKED,
        _kept,
    ),
    Act(
        "review_change",
        "/compendium/changes/{number:int}/review",
        marked("Review the proposal"),
        _reviewed,
        _review,
        ReviewBody,
        marked("Decide"),
        marked(
            "Approved, it becomes a numbered version from its moment on. Accepted matches stay; "
            "offered ones are flagged and wait for the desk."
        ),
        leaf="compendium/change_leaf.html",
    ),
    Act(
        "withdraw_change",
        "/compendium/changes/{number:int}/withdraw",
        marked("Take the proposal back"),
        _proposal,
        _withdraw,
        button=marked("Take it back"),
        binding=marked("Nobody reviews it any more. It stays in the list as taken back."),
    ),
)
acts.install(api, ACTS)
