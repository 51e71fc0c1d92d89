"""A page as a PDF: the same words and figures by the same template and style sheet."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from fastapi import Response

from app.reports.paper.colours import coloured
from app.reports.paper.parent import Page, drawn
from app.web.static import ASSETS, FILES
from app.web.visit import Visit
from app.wiring.exporting import enter

SHEET = "entente.css"


def on_paper(desk: Visit, name: str, shown: Mapping[str, Any], file: str) -> Response:
    """Answer with a page as a file that is called so; it is entered into the decision log.

    Its links lead to the service. That one person takes out only so many an hour is held before
    (`Rule.hourly`), and no transaction is open while it is drawn. Raises as `drawn` does.
    """
    address = desk.house.settings.public_url or str(desk.http.base_url)
    sheet = FILES[SHEET][0].decode()
    page = coloured(desk.text_of(name, shown), sheet)
    desk.session.close()
    here, styled = urljoin(address, desk.http.url.path), urljoin(address, ASSETS[SHEET])
    content = drawn(Page(page, here, {styled: sheet}))
    enter(desk, "report_exported", {"page": desk.http.url.path, "language": desk.language})
    headers = {
        "Content-Disposition": f'attachment; filename="{file}"',
        "Content-Language": desk.language,
    }
    return Response(content, media_type="application/pdf", headers=headers)
