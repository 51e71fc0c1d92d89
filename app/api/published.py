"""What is told to everyone, without a credential: totals, and what countries consent to."""

from fastapi import Request, Response
from pydantic import BaseModel

from app.api.deps import Cursor, Items, Limit, router
from app.api.problems import declared
from app.kit import clock
from app.kit.text import preferred
from app.reports import published
from app.reports.schemas import PublicFigures, PublishedView
from app.reports.wording import Speech
from app.wiring.house import House
from app.wiring.masking import to_json
from app.wiring.tags import seen, tag_of

api = router("public")
OPENLY = declared()


def _speech(http: Request) -> Speech:
    house: House = http.app.state.house
    language = preferred(http.headers.get("accept-language", "en"))
    return Speech(house.shelf, house.texts, language)


def _answer(http: Request, content: BaseModel | dict[str, object], kept: str) -> Response:
    """Answer with what may be kept by caches for as long as `kept` says."""
    body = to_json(content)
    language = preferred(http.headers.get("accept-language", "en"))
    headers = {"ETag": tag_of(body), "Content-Language": language, "Cache-Control": kept}
    headers |= {"Vary": "Accept-Language", "Cross-Origin-Resource-Policy": "cross-origin"}
    if headers["ETag"] in seen(http.headers.get("if-none-match")):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


@api.get("/public/figures", response_model=PublicFigures, responses=OPENLY)
def read_public_figures(http: Request) -> Response:
    """Read totals by stage, region, group of countries and area, without numbers below five.

    Each is rounded down to a multiple of five; null means fewer than five. What is held in
    confidence is not counted.
    """
    house: House = http.app.state.house
    with house.database.reading() as session:
        found = published.figures(session, _speech(http), clock.now())
    return _answer(http, found, "public, max-age=300")


@api.get("/public/requests", response_model=Items[PublishedView], responses=OPENLY)
def list_published(http: Request, cursor: Cursor | None = None, limit: Limit = 50) -> Response:
    """List the requests that every country of theirs consents to publish, newest first.

    A country that takes its consent back takes its request out of this list at once.
    """
    house: House = http.app.state.house
    with house.database.reading() as session:
        found = published.summaries(session, _speech(http), cursor, limit)
    return _answer(http, {"items": list(found.rows), "next": found.next}, "no-cache")
