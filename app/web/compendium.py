"""The compendium: entities with their mandates, as of a day, as known at a moment; its history."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Query, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app.compendium import service as compendium
from app.compendium.entries import Kind
from app.compendium.exchange.files import TYPES, Format
from app.compendium.schemas import MandateSearch
from app.directory import service as directory
from app.engine.areas import Areas
from app.kit import clock
from app.kit.text import Day, Name
from app.reports.atlas import atlas
from app.setting_up import WORKFLOW
from app.web.texts import marked
from app.web.visit import AtVisit, Visit, router

api = router()
CRUMB = ("/compendium", marked("Compendium"))
PARTS = (
    ("/compendium", "list_entities", marked("Entities")),
    ("/compendium/arrangements", "list_arrangements", marked("Leads and arrangements")),
    ("/compendium/atlas", "read_atlas", marked("Gaps and overlaps")),
    ("/compendium/freshness", "list_stale", marked("To be looked at again")),
    ("/compendium/changes", "list_changes", marked("Changes")),
    ("/compendium/versions", "list_versions", marked("Versions")),
)
"""The parts of the compendium: address, the operation that reads it, name."""

PERSON = "person_id"
"""The field by which an entry names a person."""
Blank = BeforeValidator(lambda given: given or None)


class Moment(BaseModel):
    """Of which day is asked, and as it was known with which version; what is empty is now."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    as_of: Annotated[Day | None, Blank] = None
    version: Annotated[int | None, Blank, Field(ge=1, le=2**31 - 1)] = None

    def at(self, desk: Visit) -> tuple[date, datetime]:
        """Return the day asked about and the moment of knowledge. Raises NotFound."""
        known = compendium.known(desk.session, None, self.version)
        return self.as_of or clock.now(), known


class Asked(Moment):
    """What the list of entities is narrowed to besides."""

    topic: str = Field("", pattern=r"^([A-E][0-9]{1,2}[a-z]?)?$")


Read = Annotated[Moment, Query()]


def shown(desk: Visit, here: str, asked: Moment) -> dict[str, object]:
    """Return what every page of the compendium shows: its parts, and of which moment it speaks."""
    parts = [
        (place, name, place == here) for place, operation, name in PARTS if desk.may(operation)
    ]
    return {"parts": parts, "asked": asked.model_dump(), "here_part": here}


def areas_of(desk: Visit) -> Areas:
    """Return the areas whose codes entries may name: those of the newest pack."""
    return desk.shelf.latest(WORKFLOW).areas


def topics_of(desk: Visit) -> list[tuple[str, str]]:
    """Return every topic with its label."""
    return [(one.code, one.label) for area in areas_of(desk).areas for one in area.topics]


@api.get("/compendium")
def page_entities(desk: AtVisit, asked: Annotated[Asked, Query()]) -> Response:
    """List the entities, or those that hold a mandate for a topic."""
    as_of, known = asked.at(desk)
    found = compendium.entities(desk.session, as_of, known)
    if asked.topic:
        search = MandateSearch(as_of, known, None, asked.topic)
        holders = {one.entity for one in compendium.mandates(desk.session, search)}
        found = [one for one in found if one.code in holders]
    more = {"entities": found, "topics": topics_of(desk)}
    return desk.page("compendium/entities.html", shown(desk, "/compendium", asked) | more)


@api.get("/compendium/entities/{code}")
def page_entity(desk: AtVisit, code: Name, asked: Read) -> Response:
    """Show one entity: what it may do, by which paragraph, who answers for it, what it can take."""
    as_of, known = asked.at(desk)
    found = compendium.entity(desk.session, code, as_of, known)
    search = MandateSearch(as_of, known, code, None)
    capacities = compendium.capacities(desk.session, as_of, known)
    points = compendium.focal_points(desk.session, as_of, known)
    more = {
        "entity": found,
        "mandates": compendium.mandates(desk.session, search),
        "capacities": [one for one in capacities if one.entity == code],
        "points": [one for one in points if one.entity == code],
        "labels": dict(topics_of(desk)),
        "own": desk.may("propose_change"),
        "crumbs": (CRUMB,),
    }
    return desk.page("compendium/entity.html", shown(desk, "", asked) | more)


@api.get("/compendium/arrangements")
def page_arrangements(desk: AtVisit, asked: Read) -> Response:
    """Show who leads in which subject, and who has agreed with whom."""
    as_of, known = asked.at(desk)
    more = {
        "leads": compendium.leads(desk.session, as_of, known),
        "arrangements": compendium.arrangements(desk.session, as_of, known),
    }
    here = "/compendium/arrangements"
    return desk.page("compendium/arrangements.html", shown(desk, here, asked) | more)


@api.get("/compendium/atlas")
def page_atlas(desk: AtVisit, asked: Read) -> Response:
    """Show demand against mandates by topic (C69)."""
    as_of, known = asked.at(desk)
    view = atlas(desk.session, areas_of(desk), desk.actor, as_of, known)
    most = max((one.demand for one in view.topics), default=0)
    more = {"atlas": view, "most": most or 1}
    return desk.page("compendium/atlas.html", shown(desk, "/compendium/atlas", asked) | more)


@api.get("/compendium/freshness")
def page_freshness(desk: AtVisit, asked: Read) -> Response:
    """Show what is past its review date, and whom nobody reaches."""
    moment = asked.at(desk)
    gaps = compendium.gaps(desk.session, *moment) if desk.may("list_focal_point_gaps") else []
    more = {"stale": compendium.stale(desk.session, *moment), "gaps": gaps}
    here = "/compendium/freshness"
    return desk.page("compendium/freshness.html", shown(desk, here, asked) | more)


@api.get("/compendium/versions")
def page_versions(desk: AtVisit) -> Response:
    """Show the numbered versions, newest first."""
    found = compendium.versions(desk.session, clock.now())
    more = {"versions": found[::-1], "formats": list(TYPES)}
    here = "/compendium/versions"
    return desk.page("compendium/versions.html", shown(desk, here, Moment()) | more)


@api.get("/compendium/entries/{kind}/{code}")
def page_history(desk: AtVisit, kind: Kind, code: Name) -> Response:
    """Show every version of an entry, newest first, with what each changed."""
    found = compendium.history(desk.session, code, kind, clock.now())
    told = [one.told() for one in found]
    changed = [_changed(before, now) for before, now in zip([{}, *told], told, strict=False)]
    steps = list(zip(found, changed, strict=True))
    people = {one[PERSON] for one in told if PERSON in one}
    names = directory.names(desk.session, people)
    more = {"kind": kind, "code": code, "steps": steps[::-1], "names": names, "crumbs": (CRUMB,)}
    return desk.page("compendium/history.html", shown(desk, "", Moment()) | more)


def _changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return the fields that differ, with what stood before and what stands now."""
    return [
        (name, before.get(name), told) for name, told in now.items() if before.get(name) != told
    ]


@api.get("/compendium/export/{form}")
def page_export(desk: AtVisit, form: Format, asked: Read) -> Response:
    """Give the entries as a file."""
    as_of, known = asked.at(desk)
    content = compendium.taken_out(desk.session, form, as_of, known)
    headers = {"Content-Disposition": f'attachment; filename="compendium.{form}"'}
    return Response(content, media_type=TYPES[form], headers=headers)
