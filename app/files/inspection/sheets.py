"""Spreadsheets: read once, as those will who open them; the parts have been looked at before."""

import json
from itertools import islice
from typing import Any, BinaryIO

from openpyxl import load_workbook

from app.files.inspection.findings import FindingError

MOST_ROWS = 20_000
MOST_COLUMNS = 100


MOST_CELL = 20_000


def cells(document: BinaryIO, out: BinaryIO) -> None:
    """Write the text of every sheet's cells as JSON: by the sheet's name, row by row.

    Raises FindingError for a sheet that cannot be read, or holds more than is taken.
    """
    document.seek(0)
    try:
        book = load_workbook(document, read_only=True, data_only=True, keep_links=False)
        found = {sheet.title: _rows(sheet) for sheet in book.worksheets}
        book.close()
    except (MemoryError, FindingError):
        raise
    except Exception as fault:  # as below
        raise FindingError("archive.damaged") from fault
    out.write(json.dumps(found).encode())


def _rows(sheet: Any) -> list[list[str]]:
    rows = []
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)):
        if number >= MOST_ROWS:
            raise FindingError("archive.too_large")
        told = ["" if cell is None else str(cell) for cell in row]
        if any(len(cell) > MOST_CELL for cell in told):
            raise FindingError("archive.too_large")
        rows.append(told)
    return rows


def look(document: BinaryIO) -> None:
    """See that a spreadsheet can be read. Raises FindingError."""
    document.seek(0)
    try:
        book = load_workbook(document, read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            for _ in islice(sheet.iter_rows(max_col=MOST_COLUMNS), MOST_ROWS):
                pass
        book.close()
    except MemoryError:
        raise
    except Exception as fault:  # the library raises whatever a broken sheet makes it stumble over
        raise FindingError("archive.damaged") from fault
