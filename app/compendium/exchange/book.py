"""Writing a spreadsheet: the one module of the service that needs the library for it."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

SHEET = "compendium"


def book(rows: Iterable[Sequence[str]], at: datetime, title: str = SHEET) -> bytes:
    """Return rows of texts as an XLSX file of one sheet that says it was made at `at`."""
    made = Workbook(write_only=True)
    made.properties.created = made.properties.modified = at.replace(tzinfo=None)
    sheet = made.create_sheet(title)
    for row in rows:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=text)
            cell.data_type = "s"  # a text, whatever it begins with
            cells.append(cell)
        sheet.append(cells)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()
