"""What the compendium lacks: entries past their review date, topics without or with many."""

from fastapi import Response

from app.api.compendium import Read
from app.api.deps import AtDesk, Items, page, router
from app.api.problems import READS
from app.api.proposing import areas_of
from app.compendium import service as compendium
from app.compendium.schemas import StaleView
from app.reports.atlas import atlas
from app.reports.schemas import AtlasView

api = router("compendium")


@api.get("/compendium/freshness", response_model=Items[StaleView], responses=READS)
def list_stale(desk: AtDesk, asked: Read) -> Response:
    """List the entries whose review date is past, the longest first, and whom nobody reaches."""
    return page(desk, compendium.stale(desk.session, asked.as_of, asked.known(desk)))


@api.get("/compendium/atlas", response_model=AtlasView, responses=READS)
def read_atlas(desk: AtDesk, asked: Read) -> Response:
    """Read demand against mandates by topic: orphans, several claims without a lead, and the rest.

    Demand counts the open requests that one sees.
    """
    known = asked.known(desk)
    return desk.show(atlas(desk.session, areas_of(desk), desk.actor, asked.as_of, known))
