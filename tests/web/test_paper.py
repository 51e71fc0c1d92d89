"""The report for a session as a PDF: the words and figures of its page, in whichever script."""

import io
import re
import shutil
import sys
from collections import Counter
from html import unescape
from pathlib import Path
from typing import Any, cast

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from app.ledger.tables import LedgerEntry
from tests.factories.clients import Clients
from tests.reports.ground import NO_STAFF, lay
from tests.web.readers import Reader, signed_in

PAGE, PAPER = "/reports/session", "/reports/session.pdf"
ON_SCREEN = re.compile(r'<p class="screen">.*?</p>|<nav.*?</nav>|<caption.*?</caption>', re.DOTALL)
FIGURE = re.compile(r'<td class="n"[^>]*>(?:<[^>]*>)*(\d+(?:\.\d+)?)<')
BROKEN = re.compile(r"[\s\u2010\u2066-\u2069-]+")
BLUE = b"0.043137 0.352941 0.572549 rg"
MAPPED = re.compile(rb"<([0-9a-f]+)> <([0-9a-f]+)>")


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One kind of database: the figures themselves are held on both."""
    file = tmp_path / "entente.db"
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture
def desk(clients: Clients) -> Reader:
    lay(clients)
    return Reader(clients.http, signed_in(clients.house, clients.as_("desk_officer").person_id))


def drawn(desk: Reader, language: str) -> PdfReader:
    """Return the PDF as one who reads a language takes it out."""
    answer = desk.get(PAPER, language)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-language"] == language
    assert re.search(
        r'attachment; filename="entente-report-\d{4}-\d\d-\d\d.pdf"', str(answer.headers)
    )
    return PdfReader(io.BytesIO(answer.content))


def said(page: str) -> list[str]:
    """Return every text of a page's main part that is printed."""
    main = ON_SCREEN.sub("", page.partition("<main")[2].partition(">")[2].partition("</main>")[0])
    texts = [unescape(one).strip() for one in re.split(r"<[^>]+>", main)]
    return [one for one in texts if one]


def joined(text: str) -> str:
    """Return a text without what the ends of lines add to it."""
    return BROKEN.sub("", text)


def shaped(paper: PdfReader, letter: str) -> int:
    """Return in how many forms a letter is drawn."""
    pages = cast("Any", paper.pages)  # what stands in a PDF has no types
    fonts = {name: font for page in pages for name, font in page["/Resources"]["/Font"].items()}
    maps = [MAPPED.findall(font["/ToUnicode"].get_data()) for font in fonts.values()]
    code = letter.encode("utf-16-be").hex().encode()
    return max(sum(int(text == code) for _, text in one) for one in maps)


def leads(paper: PdfReader) -> set[str]:
    """Return where the links of a PDF lead."""
    found = [one.get_object() for page in paper.pages for one in page.get("/Annots", ())]
    return {str(one["/A"]["/URI"]) for one in found}


def heading_at(paper: PdfReader) -> float:
    """Return how far from the left the title of the first page begins, in points."""
    found: list[tuple[float, float]] = []

    def met(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            found.append((size, cm[0] * tm[4] + cm[4]))

    paper.pages[0].extract_text(visitor_text=met)
    return max(found)[1]


def test_the_pdf_says_what_the_page_says(desk: Reader, clients: Clients) -> None:
    for language, title in (("en", "Report for a session"), ("zh", "届会报告")):
        page, paper = desk.get(PAGE, language).text, drawn(desk, language)
        text = "\n".join(one.extract_text() for one in paper.pages)
        texts = [one for one in said(page) if "UTC" not in one]
        assert len(texts) > 150
        assert [one for one in texts if joined(one) not in joined(text)] == []
        assert NO_STAFF in text
        figures = Counter(FIGURE.findall(page))
        assert figures.total() > 50
        assert Counter(re.findall(r"\d+(?:\.\d+)?", text)) >= figures
        assert f"1 / {len(paper.pages)}" in text
        assert f"Entente · {title} · " in text, "at the head of each page but the first"
        root = cast("Any", paper.trailer["/Root"])
        assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == (language, True)
        assert "/StructTreeRoot" in root
        assert cast("Any", paper.metadata)["/Title"] == f"{title} - Entente"
        assert re.search(rb"pdfuaid:part\W+1", root["/Metadata"].get_data())
        assert len(paper.outline[1]) == page.count("<h2"), "each part is a bookmark"
        assert heading_at(paper) < 100
        content = cast("Any", paper.pages[0].get_contents()).get_data()
        assert content.count(BLUE) > 5, "bars have their colour"
        assert "http://testserver/requests?state=triage" in leads(paper)
    with clients.office.reading() as session:
        rows = session.scalars(
            sa.select(LedgerEntry).where(LedgerEntry.action == "report_exported")
        )
        told = [(row.content["page"], row.content["language"]) for row in rows]
    assert told == [(PAPER, "en"), (PAPER, "zh")]


def test_arabic_runs_from_the_right_in_joined_letters(desk: Reader) -> None:
    page, paper = desk.get(PAGE, "ar").text, drawn(desk, "ar")
    text = joined("\n".join(one.extract_text() for one in paper.pages))
    headings = re.findall(r"<h[12][^>]*>([^<]+)</h[12]>", page)
    assert len(headings) > 8
    assert [one for one in headings if joined(one) not in text] == []
    assert shaped(paper, "ي") >= 3, "first, amid others, last"
    middle = float(paper.pages[0].mediabox.width) / 2
    assert heading_at(paper) > middle


def test_without_the_extra_there_is_no_link_and_the_address_says_what_to_do(
    desk: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f'href="{PAPER}"' in desk.page(PAGE)
    monkeypatch.setitem(sys.modules, "weasyprint", None)  # Python's way to say "not here"
    assert PAPER not in desk.page(PAGE)
    told = desk.get(PAPER)
    assert told.status_code == 409
    assert "have the extra entente[pdf] installed" in told.text
    assert "Ce service ne produit pas de fichiers PDF" in desk.get(PAPER, "fr").text


def test_papers_count_among_what_one_person_takes_out_an_hour(
    desk: Reader, clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = clients.house
    monkeypatch.setattr(house, "settings", house.settings.model_copy(update={"export_limit": 1}))
    assert desk.get("/requests/export").status_code == 200
    assert desk.get(PAPER).status_code == 429
