"""The common repository by pages: what was learnt, by topic and kind, and an entry of one's own."""

from collections.abc import Mapping
from typing import Annotated, Any, get_args
from urllib.parse import urlencode

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.kit.text import Line
from app.knowledge import service as knowledge
from app.knowledge.schemas import EntryBody, Kind, TopicCode
from app.knowledge.service import Search
from app.web import acts
from app.web.acts import Act, Params, Subject
from app.web.compendium import topics_of
from app.web.texts import marked
from app.web.visit import AtVisit, Visit, router

api = router()
PAGE = 25
CRUMB = ("/knowledge", marked("Knowledge"))


class Asked(BaseModel):
    """What the list is narrowed to; what a form sends empty does not narrow."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    q: Line | None = None
    kind: Kind | None = None
    topic: TopicCode | None = None
    cursor: str | None = Field(None, max_length=300)

    @model_validator(mode="before")
    @classmethod
    def _narrowing(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        return {name: value for name, value in given.items() if value != ""}


@api.get("/knowledge")
def page_knowledge(desk: AtVisit, asked: Annotated[Asked, Query()]) -> Response:
    """List entries, newest first."""
    wanted = Search(asked.kind, asked.topic, asked.q)
    found = knowledge.search(desk.session, desk.actor, wanted, asked.cursor, PAGE)
    used = asked.model_dump(exclude={"cursor"}, exclude_none=True)
    shown = {
        "entries": found.rows,
        "asked": asked.model_dump(),
        "narrowed": bool(used),
        "kinds": get_args(Kind),
        "topics": topics_of(desk),
        "next": urlencode(used | {"cursor": found.next}) if found.next else "",
    }
    return desk.page("knowledge/list.html", shown)


@api.get("/knowledge/{number:int}")
def page_entry(desk: AtVisit) -> Response:
    """Show one entry, and the request it came from to whoever may know of it."""
    number = int(desk.http.path_params["number"])
    shown = {
        "entry": knowledge.read_entry(desk.session, desk.actor, number),
        "labels": dict(topics_of(desk)),
        "crumbs": (CRUMB,),
    }
    return desk.page("knowledge/entry.html", shown)


def _new(_desk: Visit, _params: Params) -> Subject:
    return Subject({}, None, (CRUMB,))


def _add(desk: Visit, _params: Params, body: EntryBody) -> str:
    made = knowledge.add_entry(desk.session, desk.shelf, desk.actor, body)
    return f"/knowledge/{made.id}"


ACTS = (
    Act(
        "add_entry",
        "/knowledge/new",
        marked("Add to what is known"),
        _new,
        _add,
        EntryBody,
        marked("Add"),
        marked(
            "Everybody who is signed in reads it from this moment on. Name no person, and nothing "
            "that a country holds in confidence."
        ),
        {"topics": topics_of},
    ),
)
acts.install(api, ACTS)
