"""What is taken out as a file: so many an hour for one person, each in the decision log."""

from collections.abc import Mapping
from typing import Any, Literal

from fastapi import Response

from app.ledger import service as ledger
from app.reports.sheets import csv_of, xlsx_of
from app.requests import service as dossier
from app.requests.schemas import RequestLine
from app.requests.service.filters import Search
from app.wiring.desk import Desk
from app.wiring.tags import seen, tag_of

Form = Literal["csv", "xlsx"]
TYPES: Mapping[Form, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST = 5000
"""How many requests a file holds at most; a file that holds fewer than there are says so."""


def exported(desk: Desk, search: Search, form: Form) -> Response:
    """Return what a list shows as a file, up to as many as a file holds.

    That one person takes out only so many an hour is held before (`Rule.hourly`).
    """
    lines = desk.open_part(_lines(desk, search))
    plain = csv_of(RequestLine, lines)
    tag = tag_of(form.encode() + plain)  # a spreadsheet is packed anew each time
    headers = {
        "ETag": tag,
        "Content-Language": desk.language,
        "Content-Disposition": f'attachment; filename="requests.{form}"',
    }
    if tag in seen(desk.http.headers.get("if-none-match")):
        return Response(status_code=304, headers=headers)
    told = {"count": len(lines), "state": list(search.state), "country": search.country}
    enter(desk, "requests_exported", told)
    content = plain if form == "csv" else xlsx_of(RequestLine, lines, "requests")
    return Response(content, media_type=TYPES[form], headers=headers)


def _lines(desk: Desk, search: Search) -> list[RequestLine]:
    """Return the lines of a file, read at once: each further page would find its place anew."""
    found = dossier.search(desk.session, desk.actor, search, None, MOST)
    told = dossier.lines(desk.shelf, desk.reader, found.rows)
    return [RequestLine.model_validate(one) for one in told]


def enter(desk: Desk, action: str, told: Mapping[str, Any]) -> None:
    """Enter into the decision log who takes what out, before it leaves.

    In a transaction of its own: whoever reads a long list holds up nobody who writes.
    """
    desk.session.close()
    with desk.house.database.writing() as session:
        ledger.append(session, "exports", action, desk.actor, told)
