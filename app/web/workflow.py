"""The workflow as it is: where requests stand, its states and steps, what the checker proved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from fastapi import Response

from app.engine.definition import TransitionDef
from app.engine.packs import Pack
from app.kit import speech
from app.kit.text import Name
from app.reports import service as reports
from app.reports.schemas import DurationLine, StateLine
from app.reports.service import Asked
from app.web.standing import Standing, standing
from app.web.texts import marked
from app.web.visit import AtVisit, Visit, router
from app.wiring.checking import report_of

api = router()
CRUMB = ("/workflow", marked("Workflow"))


@api.get("/workflow")
def page_workflows(desk: AtVisit) -> Response:
    """List the definitions, and show the newest."""
    packs = sorted(desk.shelf, key=lambda pack: (pack.name, -pack.version))
    shown = {
        "packs": packs,
        "newest": {desk.shelf.latest(pack.name).label for pack in packs},
        "frames": {pack.label: frames_of(pack) for pack in packs},
        "proved": {pack.label: report_of(desk.house, pack).passed for pack in packs},
    }
    return desk.page("workflow/list.html", shown)


def frames_of(pack: Pack) -> list[str]:
    """Return the versions of the frameworks that a definition uses, as its files are called."""
    return [f"{file.parent.parent.name}/{file.parent.name}@{file.stem[1:]}" for file in pack.files]


@api.get("/workflow/{name}/{version:int}")
def page_workflow(desk: AtVisit, name: Name) -> Response:
    """Show one definition: picture, states, steps by state, and the proofs."""
    pack = desk.shelf.get(name, int(desk.http.path_params["version"]))
    figures = _figures(desk) if desk.may("read_pipeline") else None
    shown = {
        "pack": pack,
        "figures": figures,
        "picture": _picture(desk, pack, figures) if figures else None,
        "states": list(pack.definition.states.items()),
        "steps": steps_of(pack),
        "report": report_of(desk.house, pack),
        "crumbs": (CRUMB,),
    }
    return desk.page("workflow/one.html", shown)


@dataclass(frozen=True, slots=True)
class Figures:
    """How many requests stand in each state, and how long they stayed, of those that one sees."""

    at: datetime
    here: Mapping[str, StateLine]
    stays: Mapping[str, DurationLine]


def _figures(desk: Visit) -> Figures:
    asked = Asked(desk.session, desk.shelf, desk.actor, desk.house.texts, desk.language)
    told, stays = reports.pipeline(asked), reports.durations(asked)
    return Figures(
        min(told.as_of, stays.as_of),
        {one.state: one for one in told.items},
        {one.state: one for one in stays.items},
    )


def _picture(desk: Visit, pack: Pack, figures: Figures) -> Standing:
    told = speech.speech(desk.language, desk.house.texts, {})
    mirrored = told.direction == "rtl"
    return standing(pack.definition, told.text, figures.here, figures.stays, mirrored=mirrored)


def steps_of(pack: Pack) -> dict[str, list[TransitionDef]]:
    """Return the transitions that lead away from each state."""
    return {
        name: [one for one in pack.definition.transitions if name in one.source]
        for name in pack.definition.states
    }
