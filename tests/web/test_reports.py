"""The pages of figures: each number leads to as many requests, and everyone is told no small one."""

import csv
import gzip
import io
import re
import shutil
from collections.abc import Container
from html import unescape
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.directory.schemas import Role
from app.kit import clock
from app.requests.service import publication
from app.requests.tables import AssistanceRequest, Consent
from app.web.regions import PLACES
from app.web.reports import TABS
from tests.delivery.standing import LEAD, PATH, REFERENCE, begin
from tests.delivery.test_delivery import plan
from tests.factories.clients import Clients
from tests.reports.ground import NO_MONEY, NO_STAFF, lay
from tests.web.readers import Reader, signed_in, words_of

LEADS = re.compile(r'<a href="(/requests\?[^"]+)">(\d+)</a>')
PARTS = re.compile(r'<a class="parts" href="(/requests\?[^"]+)">(\d+)</a>')
COUNT = re.compile(r'<p id="count"><bdi>(\d+)</bdi>|<p id="count">(\d+)')
THIN = 15_000
"""Bytes that a later page may take on the line, compressed."""


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One kind of database: the figures themselves are held on both."""
    file = tmp_path / "entente.db"
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


def reader(clients: Clients, role: Role, entity: str | None = None) -> Reader:
    return Reader(clients.http, signed_in(clients.house, clients.as_(role, None, entity).person_id))


def counted(who: Reader, leads: str) -> int:
    """Return how many requests the list of an address says that it has."""
    shown = COUNT.search(who.page(leads))
    assert shown, leads
    return int(shown[1] or shown[2])


def test_each_number_of_a_page_leads_to_as_many_requests(clients: Clients) -> None:
    lay(clients)
    for who, least in (
        (reader(clients, "desk_officer"), 40),
        (reader(clients, "focal_point", "itu"), 6),
    ):
        found = {
            (unescape(leads), int(count))
            for address, _, _ in TABS
            for leads, count in LEADS.findall(who.page(address))
        }
        assert len(found) >= least
        for leads, count in found:
            assert counted(who, leads) == count, leads
        parts = PARTS.findall(who.page("/reports/topics"))
        assert len(parts) > 1
        for leads, needs in parts:
            assert 0 < counted(who, unescape(leads)) <= int(needs), leads


def test_activities_lead_to_the_requests_that_are_helped(clients: Clients) -> None:
    begin(clients)
    lead = clients.as_("focal_point", entity=LEAD)
    for title in ("Judges at work", "Clerks at work"):
        lead.post(f"{PATH}/delivery/activities", plan(title=title)).ok()
    who = reader(clients, "desk_officer")
    ((leads, activities),) = PARTS.findall(who.page("/reports/entities"))
    assert (counted(who, unescape(leads)), activities) == (1, "2")
    assert REFERENCE in who.page(unescape(leads))


SHEETS = (
    ("/reports", "pipeline", ("label",), ("requests", "overdue")),
    ("/reports", "durations", ("label",), ("stays", "median_days", "p90_days")),
    ("/reports/places", "places", ("place",), ("requests", "open", "overdue")),
    ("/reports/topics", "topics", ("topic", "label"), ("needs", "requests", "open")),
    ("/reports/entities", "entities", ("name",), ("asked", "accepted", "leads", "declined")),
)
"""Page, table for spreadsheets, the columns that name a row, and those with its figures."""


def test_a_table_for_spreadsheets_says_what_the_page_says(clients: Clients) -> None:
    lay(clients)
    desk = reader(clients, "desk_officer")
    for address, file, names, figures in SHEETS:
        page = desk.page(address)
        assert f'href="/api/v1/reports/{file}?format=csv"' in page
        table = desk.get(f"/api/v1/reports/{file}?format=csv").text
        told = {}
        for row in csv.DictReader(io.StringIO(table)):
            name = " ".join(PLACES.get(row[one], row[one]) or row["area"] for one in names)
            if any(numbers := [float(row[one]) for one in figures]):
                told[name] = numbers
        shown = rows_of(page, told)
        assert shown, file
        for name, numbers in shown.items():
            assert all(one in numbers for one in told[name]), (file, name, numbers, told[name])
        assert set(told) - set(shown) == set(), "only what is nothing is left out"


def rows_of(page: str, names: Container[str]) -> dict[str, list[float]]:
    """Return the numbers of each row of figures of a page whose name is among some."""
    found: dict[str, list[float]] = {}
    for row in re.findall("(?s)<tr.*?</tr>", page):
        cells = re.findall("(?s)<t[hd][^>]*>(.*?)</t[hd]>", row)
        plain = [words_of(f"<main>{cell}</main>").strip(" >") for cell in cells]
        if plain and plain[0] in names:
            told = (one.replace(",", "") for one in plain[1:])
            numbers = (float(one) for one in told if re.fullmatch("[0-9.]+", one))
            found.setdefault(plain[0], []).extend(numbers)
    return found


def test_a_list_says_what_a_figure_has_narrowed_it_by_and_lets_it_go(clients: Clients) -> None:
    lay(clients)
    page = reader(clients, "desk_officer").page("/requests?region=Africa&open=true&state=triage")
    assert "Region: Africa" in page
    assert 'href="/requests?open=true&amp;state=triage"' in page
    assert 'href="/requests?region=Africa&amp;state=triage"' in page
    assert '<option value="Africa" selected>' in page


def test_reasons_stand_on_the_page_of_those_alone_whom_they_concern(clients: Clients) -> None:
    lay(clients)
    desk = reader(clients, "desk_officer").page("/reports/entities")
    assert NO_STAFF in desk
    assert NO_MONEY in desk
    own = reader(clients, "focal_point", "unodc").page("/reports/session")
    assert NO_STAFF not in own
    assert NO_MONEY not in own


def test_pages_of_figures_are_light_and_say_when_there_is_nothing(clients: Clients) -> None:
    desk = reader(clients, "desk_officer")
    assert "There is nothing to count yet." in desk.page("/reports")
    lay(clients)
    for address, _, _ in TABS:
        page = desk.page(address)
        assert len(gzip.compress(page.encode(), 6)) < THIN, address
        assert page.count('<svg class="bar"') >= (address != "/reports/maturity")
        assert " style=" not in page


def test_everyone_reads_totals_and_what_is_published_and_nothing_else(clients: Clients) -> None:
    made = lay(clients)
    page = clients.http.get("/public").text
    assert "No country has published a request so far." in page
    assert "fewer than" in page
    assert "Help" not in page.replace("Help is under way", "")
    by = clients.as_("government", "KEN").person_id
    with clients.office.writing() as session:
        own = sa.select(AssistanceRequest.id).where(AssistanceRequest.reference == made["kenya"])
        said = {"subject": publication.PUBLICATION, "given": True, "by": by, "at": clock.now()}
        session.add(Consent(request_id=session.scalars(own).one(), country="KEN", **said))
    answer = clients.http.get("/public", headers={"accept-language": "fr"})
    assert 'lang="fr"' in answer.text
    assert "Help kenya" in answer.text
    assert made["kenya"] in answer.text
    assert not [one for name, one in made.items() if name != "kenya" and one in answer.text]
    assert "script-src" not in answer.headers["content-security-policy"]
