"""Knowledge: the common repository of best practices, lessons, legislation and models."""

from typing import Annotated

from fastapi import Query, Response

from app.api.deps import AtDesk, Cursor, Items, Limit, Number, page, router
from app.api.problems import ADDS, READS
from app.kit.pages import DEFAULT
from app.kit.text import Line
from app.knowledge import service as knowledge
from app.knowledge.schemas import EntryBody, EntryView, Kind
from app.knowledge.service import Search

api = router("knowledge")
TopicQuery = Annotated[str | None, Query(pattern=r"^[A-E][0-9]{1,2}[a-z]?$")]


@api.get("/knowledge", response_model=Items[EntryView], responses=READS)
def list_entries(
    desk: AtDesk,
    kind: Kind | None = None,
    topic: TopicQuery = None,
    q: Line | None = None,
    cursor: Cursor | None = None,
    limit: Limit = DEFAULT,
) -> Response:
    """List entries, newest first."""
    wanted = Search(kind, topic, q)
    found = knowledge.search(desk.session, desk.actor, wanted, cursor, limit)
    return page(desk, found.rows, found.next)


@api.post("/knowledge", status_code=201, response_model=EntryView, responses=ADDS)
def add_entry(desk: AtDesk, body: EntryBody) -> Response:
    """Add an entry."""
    view = knowledge.add_entry(desk.session, desk.shelf, desk.actor, body)
    return desk.created(view, f"/api/v1/knowledge/{view.id}")


@api.get("/knowledge/{number}", response_model=EntryView, responses=READS)
def read_entry(desk: AtDesk, number: Number) -> Response:
    """Read one entry."""
    return desk.show(knowledge.read_entry(desk.session, desk.actor, number))
