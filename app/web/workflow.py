"""The workflow as it is: its picture, its states and steps, and what the checker proved of it."""

from fastapi import Response

from app.engine.definition import TransitionDef
from app.engine.packs import Pack
from app.kit.text import Name
from app.web.texts import marked
from app.web.visit import AtVisit, router
from app.wiring.checking import report_of

api = router()
CRUMB = ("/workflow", marked("Workflow"))


@api.get("/workflow")
def page_workflows(desk: AtVisit) -> Response:
    """List the definitions, and show the newest."""
    packs = list(desk.shelf)
    return desk.page("workflow/list.html", {"packs": packs})


@api.get("/workflow/{name}/{version:int}")
def page_workflow(desk: AtVisit, name: Name) -> Response:
    """Show one definition: picture, states, steps by state, and the proofs."""
    pack = desk.shelf.get(name, int(desk.http.path_params["version"]))
    shown = {
        "pack": pack,
        "states": list(pack.definition.states.items()),
        "steps": steps_of(pack),
        "report": report_of(desk.house, pack),
        "crumbs": (CRUMB,),
    }
    return desk.page("workflow/one.html", shown)


def steps_of(pack: Pack) -> dict[str, list[TransitionDef]]:
    """Return the transitions that lead away from each state."""
    return {
        name: [one for one in pack.definition.transitions if name in one.source]
        for name in pack.definition.states
    }
