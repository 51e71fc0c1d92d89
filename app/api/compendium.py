"""The compendium: entities, mandates, arrangements, focal points and versions, as of a day."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import Depends, Query, Response

from app.api.deps import AtDesk, Cursor, Items, Limit, Number, page, router
from app.api.problems import ADDS, READS
from app.compendium import service as compendium
from app.compendium import succession
from app.compendium.schemas import (
    ArrangementView,
    EntityView,
    FocalPointBody,
    FocalPointEnd,
    FocalPointGap,
    FocalPointView,
    MandateSearch,
    MandateView,
    SuccessionBody,
    VersionView,
)
from app.kit import clock
from app.kit.pages import MOST, cut, decode
from app.kit.text import Day, Instant, Name
from app.wiring.desk import Desk

api = router("compendium")
TopicCode = Annotated[str, Query(pattern=r"^[A-E][1-9][a-z]?$")]


def _page(
    desk: Desk, entries: Sequence[Any], key: Callable[[Any], Any], limit: int, cursor: str | None
) -> Response:
    """Answer with the entries after the cursor; they come in the order of their key."""
    kind = type(key(entries[0])) if entries else str
    after = decode(cursor, (kind,))[0] if cursor else None
    left = [entry for entry in entries if after is None or key(entry) > after]
    part = cut(left[: limit + 1], limit, lambda entry: [key(entry)])
    return page(desk, part.rows, part.next)


@api.get("/entities", response_model=Items[EntityView], responses=READS)
def list_entities(
    desk: AtDesk, as_of: Day | None = None, limit: Limit = MOST, cursor: Cursor | None = None
) -> Response:
    """List the entities, by code, and whether somebody answers for each on a day."""
    found = compendium.entities(desk.session, as_of or clock.today())
    return _page(desk, found, lambda entity: entity.code, limit, cursor)


@api.get("/entities/{code}", response_model=EntityView, responses=READS)
def read_entity(desk: AtDesk, code: Name, as_of: Day | None = None) -> Response:
    """Read one entity."""
    return desk.show(compendium.entity(desk.session, code, as_of or clock.today()))


def asked_for(
    as_of: Day | None = None,
    known_at: Instant | None = None,
    entity: Name | None = None,
    topic: TopicCode | None = None,
) -> MandateSearch:
    """Read the filters of the mandates."""
    return MandateSearch(as_of or clock.today(), known_at or clock.now(), entity, topic)


Asked = Annotated[MandateSearch, Depends(asked_for)]


@api.get("/mandates", response_model=Items[MandateView], responses=READS)
def list_mandates(
    desk: AtDesk, asked: Asked, limit: Limit = MOST, cursor: Cursor | None = None
) -> Response:
    """List the mandates valid on a day, as they were known at a moment."""
    found = compendium.mandates(desk.session, asked)
    shown = [MandateView.model_validate(row) for row in found]
    return _page(desk, shown, lambda mandate: mandate.code, limit, cursor)


@api.get("/arrangements", response_model=Items[ArrangementView], responses=READS)
def list_arrangements(desk: AtDesk, limit: Limit = MOST, cursor: Cursor | None = None) -> Response:
    """List the arrangements between entities."""
    shown = [ArrangementView.model_validate(row) for row in compendium.arrangements(desk.session)]
    return _page(desk, shown, lambda arrangement: arrangement.code, limit, cursor)


@api.get("/focal-points", response_model=Items[FocalPointView], responses=READS)
def list_focal_points(
    desk: AtDesk, as_of: Day | None = None, limit: Limit = MOST, cursor: Cursor | None = None
) -> Response:
    """List who answers for which entity on a day."""
    found = compendium.focal_points(desk.session, as_of or clock.today())
    found.sort(key=lambda named: named.id)
    return _page(desk, found, lambda named: named.id, limit, cursor)


@api.post("/focal-points", status_code=201, response_model=FocalPointView, responses=ADDS)
def name_focal_point(desk: AtDesk, body: FocalPointBody) -> Response:
    """Name who answers for an entity; whoever did so before ends on that day."""
    given = (body.entity, body.person_id, body.valid_from)
    named = compendium.name_focal_point(desk.session, desk.actor, *given)
    return desk.created(named, "/api/v1/focal-points")


@api.post("/focal-points/{number}/end", response_model=FocalPointView, responses=ADDS)
def end_focal_point(desk: AtDesk, number: Number, body: FocalPointEnd) -> Response:
    """End a focal point, with nobody named after it."""
    ended = compendium.end_focal_point(desk.session, desk.actor, number, body.valid_to)
    return desk.show(ended)


@api.post(
    "/focal-points/{number}/succession",
    status_code=201,
    response_model=FocalPointView,
    responses=ADDS,
)
def succeed_focal_point(desk: AtDesk, number: Number, body: SuccessionBody) -> Response:
    """Let a person succeed a focal point at a stated moment: never none, never both."""
    named = succession.succeed(desk.session, desk.actor, number, body)
    return desk.created(named, "/api/v1/focal-points")


@api.get("/focal-points/gaps", response_model=Items[FocalPointGap], responses=READS)
def list_focal_point_gaps(desk: AtDesk) -> Response:
    """List the entities that nobody can reach, now or soon, and why."""
    return page(desk, succession.gaps(desk.session, clock.today()))


@api.get("/compendium/versions", response_model=Items[VersionView], responses=READS)
def list_versions(desk: AtDesk, limit: Limit = MOST, cursor: Cursor | None = None) -> Response:
    """List the recorded states of the compendium, oldest first."""
    shown = [VersionView.model_validate(row) for row in compendium.versions(desk.session)]
    return _page(desk, shown, lambda version: version.number, limit, cursor)
