"""Moving several requests at once: every rule is asked of each, and each is reported by itself."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import Query, Request, Response
from pydantic import BaseModel, Field

from app.engine.machine import Option
from app.kit.errors import NotFound, Refusal
from app.kit.text import Name
from app.lifecycle.moves import Move
from app.requests.tables import AssistanceRequest
from app.web.following import Following, following
from app.web.frame import crumbs
from app.web.moves import wish_of
from app.web.pages import go, own_form, place_of_ours, render
from app.web.tell import Told, told
from app.web.visit import SIGNED, AtVisit, Visit, open_visit, router
from app.wiring.commits import Commits, Wish

api = router()
MOST = 25
"""How many requests are moved at once: as many as a page of the list shows."""
COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Chosen:
    """One request that was ticked: what the move would bring about, and what stands against it."""

    reference: str
    title: str = ""
    revision: int = 0
    option: Option | None = None
    follows: Following | None = None
    fault: Told | None = None

    @property
    def allowed(self) -> bool:
        """Whether nothing stands against it."""
        return self.option is not None and self.option.allowed


def moves_of(desk: Visit) -> list[tuple[str, str]]:
    """Return the transitions that this person's roles may fire and that ask for nothing."""
    roles = {grant.role for grant in desk.actor.grants}
    return sorted(
        {
            (one.trigger, one.label)
            for pack in desk.shelf
            for one in pack.definition.transitions
            if roles.intersection(one.by) and not one.schema_document["required"]
        }
    )


class Ticked(BaseModel):
    """What was ticked in the list: requests, and the step that is to be taken with them.

    `back`: by what the list was narrowed, to come back to.
    """

    trigger: Name | Literal[""] = ""
    ref: list[Name] = Field([], max_length=MOST)
    back: str = Field("", max_length=2000, pattern=r"^[\x21-\x7e]*$")


@api.get("/requests/bulk")
def page_bulk(desk: AtVisit, asked: Annotated[Ticked, Query()]) -> Response:
    """Show, for each request that was ticked, whether it can be moved, and what stands against."""
    trigger = asked.trigger
    chosen = [_chosen(desk, one, trigger) for one in dict.fromkeys(asked.ref)]
    desk.about = None
    shown = {
        "trigger": trigger,
        "label": dict(moves_of(desk)).get(trigger, ""),
        "chosen": chosen,
        "several": _several(chosen),
        "once": secrets.token_urlsafe(16),
        "back": asked.back,
        "list": f"/requests?{asked.back}",
        "crumbs": crumbs(),
    }
    return render(desk.http, "requests/bulk.html", shown=shown, face=desk.face)


def _several(chosen: Sequence[Chosen]) -> list[Following]:
    """Return what the move brings about, each once: mostly the same for all."""
    found: list[Following] = []
    for one in chosen:
        if one.allowed and one.follows and one.follows not in found:
            found.append(one.follows)
    return found


def _chosen(desk: Visit, reference: str, trigger: str) -> Chosen:
    try:
        request = desk.request(reference)
    except Refusal as refusal:
        return Chosen(reference, fault=told(refusal))
    try:
        option = _option(desk, request, trigger)
    except Refusal as refusal:
        return Chosen(reference, request.title, fault=told(refusal))
    follows = following(desk, request, option)
    return Chosen(reference, request.title, request.revision, option, follows)


def _option(desk: Visit, request: AssistanceRequest, trigger: str) -> Option:
    found = [one for one in desk.options(request) if one.transition.trigger == trigger]
    if not found:
        raise NotFound("move.unknown", "This is no step from where the request stands now.")
    return next((one for one in found if one.allowed), found[0])


@dataclass(frozen=True, slots=True)
class Reported:
    """What became of one request: moved, or why not."""

    reference: str
    fault: Told | None


@api.post("/requests/bulk")
async def page_move_several(http: Request) -> Response:
    """Fire one transition on each request that was ticked, and report one by one."""
    desk = await open_visit(http)
    own_form(http, desk.house, str(desk.form.get(SIGNED, "")))
    await to_thread.run_sync(_enter, desk)
    ticked = [str(one) for one in desk.form.getlist("ref")][:MOST]
    back = f"/requests?{desk.form.get('back', '')}"
    if not ticked:
        return go(place_of_ours(back, "/requests"))
    commits: Commits = http.app.state.commits
    wishes = [_wish(desk, place, one) for place, one in enumerate(ticked)]
    ends = await asyncio.gather(*map(commits.submit, wishes), return_exceptions=True)
    report = [_reported(one, end) for one, end in zip(wishes, ends, strict=True)]
    return await to_thread.run_sync(partial(_shown, desk, report, back))


def _enter(desk: Visit) -> None:
    """Know who moves: nobody's form is taken who is not signed in."""
    with desk.stage(keep=False):
        pass


def _wish(desk: Visit, place: int, ticked: str) -> Wish:
    """Return the wish to move one request, as it was seen."""
    reference, _, seen = ticked.partition(":")
    trigger = str(desk.form.get("trigger", ""))
    remark = str(desk.form.get(COMMENT, ""))
    revision = int(seen) if seen.isdecimal() else None
    key = f"{desk.key}-{place}" if desk.key else None
    move = partial(Move, reference=reference, trigger=trigger, revision=revision, comment=remark)
    return wish_of(desk, reference, key, move)


def _reported(wish: Wish, end: Response | BaseException) -> Reported:
    if isinstance(end, BaseException) and not isinstance(end, Refusal):
        raise end
    return Reported(wish.about, told(end) if isinstance(end, Refusal) else None)


def _shown(desk: Visit, report: Sequence[Reported], back: str) -> Response:
    shown = {"report": report, "list": place_of_ours(back, "/requests"), "crumbs": crumbs()}
    return render(desk.http, "requests/moved.html", shown=shown, face=desk.face)
