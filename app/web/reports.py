"""The pages of the reports: figures as tables with bars, each leading to its requests."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fastapi import Response

from app.reports import service as reports
from app.reports.paper.parent import at_hand
from app.reports.schemas import DeclineLine, L, Report
from app.reports.service import Asked
from app.web import figures
from app.web.figures import Table
from app.web.paper import on_paper
from app.web.regions import PLACES
from app.web.texts import marked
from app.web.visit import AtVisit, Visit, router

api = router()
TABS = (
    ("/reports", "read_pipeline", marked("Pipeline")),
    ("/reports/places", "read_places", marked("Places")),
    ("/reports/topics", "read_topics", marked("Topics")),
    ("/reports/entities", "read_load", marked("Entities")),
    ("/reports/maturity", "read_maturity", marked("Maturity")),
    ("/reports/session", "read_pipeline", marked("For a session")),
)
"""The pages: address, the operation that each shows, and its name."""
PAPER = "/reports/session.pdf"


def _asked(desk: Visit) -> Asked:
    return Asked(desk.session, desk.shelf, desk.actor, desk.house.texts, desk.language)


def _page(desk: Visit, title: str, tables: Sequence[Table], at: datetime, **more: Any) -> Response:
    """Answer with tables of figures as of a moment."""
    return desk.page("reports/page.html", _shown(desk, title, tables, at, **more))


def _shown(
    desk: Visit, title: str, tables: Sequence[Table], at: datetime, **more: Any
) -> dict[str, Any]:
    here = desk.http.url.path
    shown = {
        "title": title,
        "tables": tables,
        "at": at,
        "tabs": [
            (address, name, address == here) for address, what, name in TABS if desk.may(what)
        ],
        "reasons": (),
        "places": PLACES,
        "paper": "",
    }
    return shown | more


def _earliest(*told: Report[Any]) -> datetime:
    return min(one.as_of for one in told)


def _lines(told: Report[L]) -> list[L]:
    return told.items


@api.get("/reports")
def page_reports(desk: AtVisit) -> Response:
    """Show where requests stand and how long they stay there."""
    asked = _asked(desk)
    pipeline, stays = reports.pipeline(asked), reports.durations(asked)
    tables = [figures.states(pipeline.items), figures.durations(stays.items)]
    return _page(desk, marked("Pipeline"), tables, _earliest(pipeline, stays))


@api.get("/reports/places")
def page_report_places(desk: AtVisit) -> Response:
    """Show whence requests come."""
    told = reports.places(_asked(desk))
    return _page(desk, marked("Places"), figures.places(told.items), told.as_of)


@api.get("/reports/topics")
def page_report_topics(desk: AtVisit) -> Response:
    """Show what is asked for."""
    told = reports.topics(_asked(desk))
    return _page(desk, marked("Topics"), [figures.topics(told.items)], told.as_of)


@api.get("/reports/entities")
def page_report_entities(desk: AtVisit) -> Response:
    """Show what entities carry, what they declined and why."""
    asked = _asked(desk)
    load, declines = reports.load(asked), reports.declines(asked)
    tables = [figures.load(load.items), figures.principles(declines.items)]
    reasons = _reasons(declines.items)
    return _page(desk, marked("Entities"), tables, _earliest(load, declines), reasons=reasons)


def _reasons(lines: Sequence[DeclineLine]) -> list[tuple[str, str, str]]:
    """Return the latest reasons of entities that declined: entity, request, reason."""
    return [
        (line.label, reference, reason)
        for line in lines
        for reference, reason in zip(line.references[:5], line.reasons[:5], strict=False)
        if line.by == "entity"
    ]


@api.get("/reports/maturity")
def page_report_maturity(desk: AtVisit) -> Response:
    """Show what help has changed."""
    told = reports.maturity_gained(_asked(desk))
    return _page(desk, marked("Maturity"), [figures.gains(told.items)], told.as_of)


@api.get("/reports/session")
def page_report_session(desk: AtVisit) -> Response:
    """Show everything on one page, to be printed for a session of a committee."""
    paper = PAPER if at_hand() and desk.may("page_report_pdf") else ""
    return desk.page("reports/page.html", _session(desk) | {"paper": paper})


@api.get(PAPER)
def page_report_pdf(desk: AtVisit) -> Response:
    """Give the same page as a PDF."""
    shown = _session(desk)
    return on_paper(desk, "reports/page.html", shown, f"entente-report-{shown['at']:%Y-%m-%d}.pdf")


def _session(desk: Visit) -> dict[str, Any]:
    asked = _asked(desk)
    pipeline, stays = reports.pipeline(asked), reports.durations(asked)
    places, topics = reports.places(asked), reports.topics(asked)
    load, declines = reports.load(asked), reports.declines(asked)
    gained = reports.maturity_gained(asked)
    tables = [
        figures.states(pipeline.items),
        figures.durations(stays.items),
        *figures.places(places.items),
        figures.topics(topics.items),
        figures.load(load.items),
        figures.principles(declines.items),
        figures.changed(gained.items),
    ]
    at = _earliest(pipeline, stays, places, topics, load, declines, gained)
    reasons = _reasons(declines.items)
    return _shown(desk, marked("Report for a session"), tables, at, reasons=reasons)
