"""Reports across the requests that one sees: JSON, or a table for spreadsheets.

`format=csv`, or `Accept: text/csv` without it, gives the same lines as CSV.
"""

from typing import Annotated, Any, Literal

from fastapi import Query, Response

from app.api.deps import AtDesk, router
from app.api.problems import READS
from app.reports import service as reports
from app.reports.schemas import (
    DeclineLine,
    DurationLine,
    EntityLine,
    Figures,
    GainLine,
    L,
    PlaceLine,
    Report,
    StateLine,
    TopicLine,
)
from app.reports.service import Asked
from app.reports.sheets import csv_of
from app.wiring.desk import Desk
from app.wiring.tags import seen, tag_of

api = router("reports")
CSV = "text/csv"
Format = Annotated[Literal["json", "csv"] | None, Query(alias="format")]
GIVES: dict[int | str, dict[str, Any]] = READS | {200: {"content": {CSV: {}}}}


def asked_at(desk: Desk) -> Asked:
    """Return who asks."""
    house = desk.house
    return Asked(desk.session, desk.shelf, desk.actor, house.texts, desk.language)


def wants_csv(desk: Desk, form: str | None) -> bool:
    """Whether a table is wanted: as the query says, or else as `Accept` names nothing but CSV."""
    accepted = desk.http.headers.get("accept", "").partition(";")[0].strip()
    return form == "csv" or (form is None and accepted == CSV)


def given(desk: Desk, line: type[Figures], report: Report[L], form: str | None) -> Response:
    """Answer with a report in the form that is wanted."""
    if not wants_csv(desk, form):
        answer = desk.show(report)
        answer.headers["Vary"] = "Accept"
        return answer
    body = csv_of(line, report.items)
    name = desk.http.url.path.rpartition("/")[2]
    headers = {
        "ETag": tag_of(body),
        "Vary": "Accept",
        "Content-Language": desk.language,
        "Content-Disposition": f'attachment; filename="{name}.csv"',
    }
    if headers["ETag"] in seen(desk.http.headers.get("if-none-match")):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=f"{CSV}; charset=utf-8", headers=headers)


@api.get("/reports/pipeline", response_model=Report[StateLine], responses=GIVES)
def read_pipeline(desk: AtDesk, form: Format = None) -> Response:
    """Count the requests in each state, and those past their date."""
    return given(desk, StateLine, reports.pipeline(asked_at(desk)), form)


@api.get("/reports/durations", response_model=Report[DurationLine], responses=GIVES)
def read_durations(desk: AtDesk, form: Format = None) -> Response:
    """Show how long requests stayed in each state: median, p90 and the longest stays.

    Of the latest 5,000 moves that one sees.
    """
    return given(desk, DurationLine, reports.durations(asked_at(desk)), form)


@api.get("/reports/places", response_model=Report[PlaceLine], responses=GIVES)
def read_places(desk: AtDesk, form: Format = None) -> Response:
    """Count requests by region, regional commission, LDC, LLDC and SIDS, as of today."""
    return given(desk, PlaceLine, reports.places(asked_at(desk)), form)


@api.get("/reports/topics", response_model=Report[TopicLine], responses=GIVES)
def read_topics(desk: AtDesk, form: Format = None) -> Response:
    """Count needs and requests by area and topic."""
    return given(desk, TopicLine, reports.topics(asked_at(desk)), form)


@api.get("/reports/entities", response_model=Report[EntityLine], responses=GIVES)
def read_load(desk: AtDesk, form: Format = None) -> Response:
    """Show what each entity is asked, has accepted and carries out; an entity sees its own."""
    return given(desk, EntityLine, reports.load(asked_at(desk)), form)


@api.get("/reports/declines", response_model=Report[DeclineLine], responses=GIVES)
def read_declines(desk: AtDesk, form: Format = None) -> Response:
    """Show who declined and why, and which principles were not met where screening declined."""
    return given(desk, DeclineLine, reports.declines(asked_at(desk)), form)


@api.get("/reports/maturity", response_model=Report[GainLine], responses=GIVES)
def read_maturity(desk: AtDesk, form: Format = None) -> Response:
    """Compare levels before and after help by topic, of the 200 requests reassessed last."""
    return given(desk, GainLine, reports.maturity_gained(asked_at(desk)), form)
