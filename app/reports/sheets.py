"""Lines as tables of plain cells, for spreadsheets: CSV after RFC 4180, and XLSX."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from app.kit import clock

BETWEEN = " | "
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With what a text begins that a spreadsheet would compute."""


def csv_of(line: type[BaseModel], lines: Sequence[BaseModel]) -> bytes:
    """Return lines as CSV under the names of their fields; a list stands in one cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(line.model_fields)
    writer.writerows([_cell(getattr(one, name)) for name in line.model_fields] for one in lines)
    return text.getvalue().encode()


def xlsx_of(line: type[BaseModel], lines: Sequence[BaseModel], title: str) -> bytes:
    """Return lines as a spreadsheet of one sheet; every cell is a text."""
    from app.compendium.exchange.book import book  # noqa: PLC0415 - 20 MB, once one is asked for

    names = list(line.model_fields)
    cells = ([_cell(getattr(one, name)) for name in names] for one in lines)
    return book([names, *cells], clock.now(), title)


def _cell(value: Any) -> str:
    """Return a value as a cell; a text that a spreadsheet would compute is marked as a text."""
    if isinstance(value, BaseModel):
        return " ".join(str(getattr(value, name)) for name in type(value).model_fields)
    if isinstance(value, list):
        return _text(BETWEEN.join(_cell(one) for one in value))
    return _text(value) if isinstance(value, str) else str(value)


def _text(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
