"""The compendium: entries, versions and who answers for whom, as of a day, as known at a moment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Response
from pydantic import Field

from app.api.deps import AtDesk, Cursor, Items, Limit, page, router
from app.api.problems import READS
from app.compendium import service as compendium
from app.compendium.entries import Kind
from app.compendium.schemas import (
    ArrangementView,
    CapacityView,
    EntityView,
    EntryVersion,
    FocalPointGap,
    FocalPointView,
    LeadView,
    MandateSearch,
    MandateView,
    VersionView,
)
from app.kit import clock
from app.kit.pages import MOST, cut, decode
from app.kit.text import Day, Instant, Name
from app.wiring.desk import Desk

api = router("compendium")
TopicCode = Annotated[str, Query(pattern=r"^[A-E][1-9][a-z]?$")]
AsOf = Annotated[Instant | Day, Field(union_mode="left_to_right")]
"""A moment, or a day: that is read at its end."""
Listed = Annotated[int, Query(ge=1, le=2**31 - 1)]
Numbered = Annotated[int, Path(ge=1, le=2**31 - 1)]


@dataclass(frozen=True, slots=True)
class Reading:
    """Of which moment is asked, and as it was known at a moment or with a version; None is now."""

    as_of: date
    known_at: datetime | None
    version: int | None

    def known(self, desk: Desk) -> datetime:
        """Return the moment of knowledge. Raises NotFound, and Invalid for two of them."""
        return compendium.known(desk.session, self.known_at, self.version)


def reading(
    as_of: AsOf | None = None, known_at: Instant | None = None, version: Listed | None = None
) -> Reading:
    """Read of which moment is asked: `version` is what was known when it was recorded."""
    return Reading(as_of or clock.now(), known_at, version)


Read = Annotated[Reading, Depends(reading)]


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of mandates is narrowed to."""

    entity: str | None
    topic: str | None


def narrowed(entity: Name | None = None, topic: TopicCode | None = None) -> Filter:
    """Read the filters of the mandates."""
    return Filter(entity, topic)


Filters = Annotated[Filter, Depends(narrowed)]


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
    desk: AtDesk, asked: Read, limit: Limit = MOST, cursor: Cursor | None = None
) -> Response:
    """List the entities, by code, and whether somebody answers for each."""
    found = compendium.entities(desk.session, asked.as_of, asked.known(desk))
    return _page(desk, found, lambda entity: entity.code, limit, cursor)


@api.get("/entities/{code}", response_model=EntityView, responses=READS)
def read_entity(desk: AtDesk, code: Name, asked: Read) -> Response:
    """Read one entity."""
    return desk.show(compendium.entity(desk.session, code, asked.as_of, asked.known(desk)))


@api.get("/mandates", response_model=Items[MandateView], responses=READS)
def list_mandates(
    desk: AtDesk, asked: Read, filters: Filters, limit: Limit = MOST, cursor: Cursor | None = None
) -> Response:
    """List the mandates that hold as of a day or moment, as they were known at a moment."""
    search = MandateSearch(asked.as_of, asked.known(desk), filters.entity, filters.topic)
    found = compendium.mandates(desk.session, search)
    return _page(desk, found, lambda mandate: mandate.code, limit, cursor)


@api.get("/lead-roles", response_model=Items[LeadView], responses=READS)
def list_lead_roles(
    desk: AtDesk, asked: Read, limit: Limit = MOST, cursor: Cursor | None = None
) -> Response:
    """List who leads in which subject; a lead comes before plain competence."""
    found = compendium.leads(desk.session, asked.as_of, asked.known(desk))
    return _page(desk, found, lambda lead: lead.subject, limit, cursor)


@api.get("/arrangements", response_model=Items[ArrangementView], responses=READS)
def list_arrangements(
    desk: AtDesk, asked: Read, limit: Limit = MOST, cursor: Cursor | None = None
) -> Response:
    """List the arrangements between entities."""
    found = compendium.arrangements(desk.session, asked.as_of, asked.known(desk))
    return _page(desk, found, lambda arrangement: arrangement.code, limit, cursor)


@api.get("/capacities", response_model=Items[CapacityView], responses=READS)
def list_capacities(
    desk: AtDesk, asked: Read, limit: Limit = MOST, cursor: Cursor | None = None
) -> Response:
    """List how many requests entities take at once; one that is not listed states no limit."""
    found = compendium.capacities(desk.session, asked.as_of, asked.known(desk))
    return _page(desk, found, lambda capacity: capacity.code, limit, cursor)


@api.get("/focal-points", response_model=Items[FocalPointView], responses=READS)
def list_focal_points(
    desk: AtDesk, asked: Read, limit: Limit = MOST, cursor: Cursor | None = None
) -> Response:
    """List who answers for which entity; a change of that is proposed like any other."""
    found = compendium.focal_points(desk.session, asked.as_of, asked.known(desk))
    return _page(desk, found, lambda named: named.code, limit, cursor)


@api.get("/focal-points/gaps", response_model=Items[FocalPointGap], responses=READS)
def list_focal_point_gaps(desk: AtDesk, asked: Read) -> Response:
    """List the entities that nobody can reach, then or soon, and why."""
    return page(desk, compendium.gaps(desk.session, asked.as_of, asked.known(desk)))


@api.get("/compendium/versions", response_model=Items[VersionView], responses=READS)
def list_versions(
    desk: AtDesk, asked: Read, limit: Limit = MOST, cursor: Cursor | None = None
) -> Response:
    """List the numbered versions of the compendium that were known, oldest first."""
    shown = compendium.versions(desk.session, asked.known(desk))
    return _page(desk, shown, lambda version: version.number, limit, cursor)


@api.get("/compendium/versions/{number}", response_model=VersionView, responses=READS)
def read_version(desk: AtDesk, number: Numbered) -> Response:
    """Read one numbered version of the compendium."""
    return desk.show(compendium.version(desk.session, number))


@api.get("/compendium/entries/{code}", response_model=Items[EntryVersion], responses=READS)
def list_history(desk: AtDesk, code: Name, asked: Read, kind: Kind | None = None) -> Response:
    """List every version of an entry that was known, oldest first; of one kind or of any."""
    return page(desk, compendium.history(desk.session, code, kind, asked.known(desk)))
