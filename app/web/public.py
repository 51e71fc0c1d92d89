"""The page for everyone: totals without small numbers, and what countries consent to publish."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.kit import clock
from app.reports import published
from app.reports.rules import SMALLEST
from app.reports.wording import Speech
from app.web.pages import language_of, render
from app.web.regions import PLACES
from app.web.texts import marked
from app.web.visit import router
from app.wiring.house import House

api = router()
SHOWN = 10
TABLES = (
    ("stages", marked("By stage")),
    ("regions", marked("By region")),
    ("groups", marked("Countries in special situations")),
    ("areas", marked("By area of assistance")),
)


@api.get("/public")
def page_public(
    http: Request, cursor: Annotated[str | None, Query(max_length=300)] = None
) -> Response:
    """Show what everyone may know."""
    house: House = http.app.state.house
    speech = Speech(house.shelf, house.texts, language_of(http))
    with house.database.reading() as session:
        found = published.figures(session, speech, clock.now())
        page = published.summaries(session, speech, cursor, SHOWN)
    shown = {
        "figures": found,
        "tables": [(title, getattr(found, name)) for name, title in TABLES],
        "smallest": SMALLEST,
        "places": PLACES,
        "published": page.rows,
        "next": page.next,
        "later": cursor is not None,
    }
    return render(http, "public/page.html", shown=shown)
