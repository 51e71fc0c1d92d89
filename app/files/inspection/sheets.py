"""Spreadsheets: read once, as those will who open them; the parts have been looked at before."""

from itertools import islice
from typing import BinaryIO

from openpyxl import load_workbook

from app.files.inspection.findings import FindingError

MOST_ROWS = 20_000
MOST_COLUMNS = 100


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
