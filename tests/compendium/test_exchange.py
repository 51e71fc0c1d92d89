"""The compendium in files: what is taken out comes back unchanged, and what differs is shown."""

import csv
import io
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from app.compendium.exchange import files
from app.kit.errors import Invalid
from tests.factories import naming
from tests.factories.clients import BASE, Client, Clients


def taken(reader: Client, form: str) -> bytes:
    """The compendium as a file."""
    answer = reader.http.get(
        f"{BASE}/compendium/export?format={form}",
        headers={"authorization": f"Bearer {reader.token}"},
    )
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].endswith(f'compendium.{form}"')
    return bytes(answer.content)


def compared(sender: Client, name: str, content: bytes) -> tuple[int, Any]:
    """What the service says of a file."""
    answer = sender.http.post(
        f"{BASE}/compendium/difference",
        files={"file": (name, content)},
        headers={"authorization": f"Bearer {sender.token}"},
    )
    return answer.status_code, answer.json()


def book_of(*rows: list[str]) -> bytes:
    """A spreadsheet of these rows."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("mine")
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_what_is_taken_out_comes_back_unchanged_in_every_form(clients: Clients) -> None:
    desk, ada = clients.as_("desk_officer"), clients.as_("focal_point", entity="itu")
    with clients.house.database.writing() as session:
        naming.name(session, naming.change("itu", ada.person_id))
    for form in ("yaml", "csv", "xlsx"):
        sent = taken(desk, form)
        assert form == "xlsx" or b"itu:primary" in sent
        status, told = compared(desk, f"mine.{form}", sent)
        assert (status, told.get("difference"), told.get("changes")) == (200, [], []), told
        assert told["unchanged"] > 100


def test_what_differs_is_shown_before_it_is_proposed(clients: Clients) -> None:
    desk = clients.as_("desk_officer")
    rows = list(csv.reader(io.StringIO(taken(desk, "csv").decode())))
    head, row = rows[0], next(one for one in rows if one[1] == "itu.users")
    row[head.index("topics")] = "D2; D7"
    row[head.index("text")] = "Helps all who use it."
    text = io.StringIO()
    csv.writer(text).writerows([head, row])
    for name, content in (("a.csv", text.getvalue().encode()), ("a.xlsx", book_of(head, row))):
        status, told = compared(desk, name, content)
        assert status == 200, told
        (only,) = told["difference"]
        assert (only["code"], only["act"], only["base"]) == ("itu.users", "change", 1)
        assert [one["field"] for one in only["fields"]] == ["text", "topics"]
    assert desk.get("/compendium/proposals").ok().body["items"] == [], "nothing is proposed yet"
    body = {"title": "From a file", "reason": "Sent by mail.", "changes": told["changes"]}
    made = desk.post("/compendium/proposals", body).ok().body
    assert made["changes"] == told["difference"]


def test_no_cell_is_computed_by_who_opens_the_file(clients: Clients) -> None:
    desk, second = clients.as_("desk_officer"), clients.as_("desk_officer", nth=2)
    change = {"kind": "mandate", "code": "itu.users", "content": {"basis": "=1+1"}}
    body = {"title": "A", "reason": "B", "changes": [change]}
    made = desk.post("/compendium/proposals", body).ok().body["id"]
    second.post(f"/compendium/proposals/{made}/review", {"approved": True}).ok()
    assert ",'=1+1," in taken(desk, "csv").decode()
    sheet = load_workbook(io.BytesIO(taken(desk, "xlsx"))).worksheets[0]
    assert "f" not in {cell.data_type for line in sheet.iter_rows() for cell in line}
    assert compared(desk, "a.csv", taken(desk, "csv"))[1]["difference"] == []


def test_what_cannot_be_read_is_refused(clients: Clients) -> None:
    desk = clients.as_("desk_officer")
    for name, content, code in (
        ("a.txt", b"x", "import.format"),
        ("a.csv", b"colour\nred\n", "import.columns"),
        ("a.csv", b"kind,code\nmandat,x\n", "import.kind"),
        ("a.csv", b"\xff\xfe", "import.unreadable"),
        ("a.yaml", b"a: &a [1]\nb: *a\n", "import.unreadable"),
        ("a.yaml", b"[1, 2", "import.unreadable"),
        ("a.yaml", b"colour: red", "import.kind"),
        ("a.yaml", b"mandate: [{code: itu.users, colour: red}]", "entry.invalid"),
        ("a.xlsx", b"PK\x03\x04 no book", "import.unreadable"),
        ("a.xlsx", b"no zip at all", "import.unreadable"),
    ):
        status, told = compared(desk, name, content)
        assert (status, told["code"]) == (422, code), name


def test_a_file_has_at_most_two_megabytes() -> None:
    with pytest.raises(Invalid):
        files.read("a.yaml", io.BytesIO(b"#" * (files.LARGEST + 1)))
    assert files.read("a.yaml", io.BytesIO(b"mandate: []" + b" " * 1000)) == []


@pytest.mark.parametrize("role", ["auditor", "screening_officer"])
def test_who_proposes_nothing_compares_nothing(clients: Clients, role: Any) -> None:
    assert compared(clients.as_(role), "a.yaml", b"{}")[0] == 403
