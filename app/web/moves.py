"""Moving a request by a page: the form of a transition, and the same queue of commits behind it."""

import secrets
from collections.abc import Callable
from typing import Any

from anyio import to_thread
from fastapi import Request, Response

from app.directory.actor import Actor
from app.engine.machine import Option
from app.kit.errors import Conflict, Forbidden, NotFound, Refusal
from app.lifecycle.moves import Move, Moved
from app.web import forms
from app.web.acts import Act, Empty, Params, Sheet, Subject, shown_again
from app.web.acts import page as act_page
from app.web.following import following
from app.web.forms import Field
from app.web.frame import about, of_request
from app.web.mending import lacks_of
from app.web.pages import go, own_form
from app.web.texts import marked
from app.web.visit import SIGNED, AtVisit, Visit, open_visit, router
from app.wiring import answers
from app.wiring.callers import credential_of
from app.wiring.commits import Commits, Wish
from app.wiring.moving import seen_revision

api = router()
PATH = "/requests/{ref}/moves/{trigger}"
COMMENT = Field("comment", "prose", marked("Remark"), marked("Kept in the timeline."), limit=20_000)


def option_of(desk: Visit, params: Params) -> tuple[Option, Subject]:
    """Return a transition from here and what it is about.

    Raises NotFound; Conflict when the state has no such transition, Forbidden when it is no step
    for this person.
    """
    request = desk.request(params["ref"])
    found = [o for o in desk.options(request) if o.transition.trigger == params["trigger"]]
    if not found:
        pack = desk.shelf.get(request.workflow, request.workflow_version)
        pack.engine.edges_from(request.state, params["trigger"])
        raise Forbidden("transition.role", "This step is for others to take.")
    option = next((one for one in found if one.allowed), found[0])
    return option, of_request(request, more={"follows": following(desk, request, option)})


def act_of(option: Option) -> Act:
    """Return a transition as an act, to be shown."""
    return Act(
        "move_request",
        PATH,
        option.transition.label,
        lambda desk, params: option_of(desk, params)[1],
        lambda _desk, params, _body: about(params["ref"]),
        Empty,
        option.transition.label,
        template="request/move.html",
    )


def fields_of(option: Option) -> tuple[Field, ...]:
    """Return what a transition asks for, and the remark."""
    return (*forms.fields_of(option.transition.schema_document, {}), COMMENT)


@api.get(PATH)
def page_move_form(desk: AtVisit, ref: str, trigger: str) -> Response:
    """Show what a transition does and asks for, or everything that stands against it."""
    option, subject = option_of(desk, {"ref": ref, "trigger": trigger})
    if not option.allowed:
        lacks = lacks_of(desk, ref, option.blockers)
        shown = {"option": option, "lacks": lacks, "crumbs": subject.crumbs}
        return desk.page("request/blocked.html", shown)
    fields = fields_of(option)
    values = forms.shown_values(fields, {})
    once = secrets.token_urlsafe(16)
    return act_page(desk, Sheet(act_of(option), fields, values, subject, once))


@api.post(PATH)
async def page_move_request(http: Request, ref: str, trigger: str) -> Response:
    """Fire a transition; it is durable when the answer comes."""
    desk = await open_visit(http)
    own_form(http, desk.house, str(desk.form.get(SIGNED, "")))
    sheet = await to_thread.run_sync(_sheet, desk, {"ref": ref, "trigger": trigger})
    commits: Commits = http.app.state.commits
    return await commits.submit(_wish(desk, sheet, ref, trigger))


def _sheet(desk: Visit, params: dict[str, str]) -> Sheet:
    """Return the form as it was sent. Raises what `option_of` does, with the words kept."""
    desk.changes = False
    against: Refusal | None = None
    with desk.stage(keep=False):
        try:
            option, subject = option_of(desk, params)
        except (Conflict, Forbidden) as refusal:
            against, subject = refusal, Subject()
            option = _gone(desk, params)
    fields = fields_of(option)
    typed = forms.typed_again(fields, desk.form)
    sheet = Sheet(act_of(option), fields, typed, subject, desk.key or "")
    shown_again(desk, sheet, params)
    if against:
        raise against
    return sheet


def _gone(desk: Visit, params: Params) -> Option:
    """Return a step that does not begin where the request stands now. Raises NotFound."""
    request = desk.request(params["ref"])
    moves = desk.shelf.get(request.workflow, request.workflow_version).definition.transitions
    found = next((one for one in moves if one.trigger == params["trigger"]), None)
    if found is None:
        raise NotFound("move.unknown", "There is no such step.")
    return Option(found, request.state, ())


def _wish(desk: Visit, sheet: Sheet, ref: str, trigger: str) -> Wish:
    form: dict[str, Any] = forms.read(sheet.fields, desk.form)
    form = {name: value for name, value in form.items() if value not in ("", None)}
    remark = str(form.pop("comment", ""))
    revision = seen_revision(desk.condition)
    return wish_of(desk, ref, desk.key, lambda one: Move(one, ref, trigger, revision, form, remark))


def wish_of(desk: Visit, ref: str, key: str | None, move: Callable[[Actor], Move]) -> Wish:
    """Return the wish of a page to move a request; its key makes a second sending none."""
    known = answers.key_of(key)

    def show(_actor: Actor, _moved: Moved) -> Response:
        return go(about(ref))

    return Wish(
        token=credential_of(desk.http.headers),
        move=move,
        show=show,
        key=known,
        fingerprint=answers.fingerprint(desk.http, desk.body) if known else "",
        about=ref,
        delegation=desk.credentials.get("delegation"),
    )
