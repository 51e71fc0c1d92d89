"""Writing entries into files and reading what comes back: YAML, CSV and XLSX."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO, Literal

import yaml

from app.compendium.entries import KINDS, Kind
from app.compendium.exchange import flat
from app.files.inspection import parent
from app.files.inspection.findings import REASONS
from app.kit.errors import Invalid, Unavailable

Format = Literal["yaml", "csv", "xlsx"]
TYPES: Mapping[Format, str] = {
    "yaml": "application/yaml",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LARGEST = 2_000_000
Told = tuple[Kind, str, dict[str, Any]]


def written(entries: Sequence[Told], form: Format, at: datetime) -> bytes:
    """Return entries as a file; `at` is the moment that a spreadsheet says it was made."""
    if form == "yaml":
        by_kind = {
            kind: [told for one, _, told in entries if one == kind]
            for kind in KINDS
            if any(one == kind for one, _, _ in entries)
        }
        return yaml.safe_dump(by_kind, sort_keys=False, allow_unicode=True, width=100).encode()
    rows = [flat.header(), *(flat.flat(*one) for one in entries)]
    if form == "csv":
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerows(rows)
        return text.getvalue().encode()
    from app.compendium.exchange.book import book  # noqa: PLC0415 - 20 MB, once one is asked for

    return book(rows, at)


def read(name: str, document: BinaryIO) -> list[Told]:
    """Return what a file says, entry by entry; the end of its name tells what it is.

    Raises Invalid for what cannot be read, Unavailable while other documents are looked into.
    """
    document.seek(0)
    content = document.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Invalid("import.too_large", "A file has at most 2 MB.")
    form = name.rpartition(".")[2].lower()
    if form in ("yaml", "yml"):
        return _from_yaml(_text(content))
    if form == "csv":
        try:
            return flat.entries_of(csv.reader(io.StringIO(_text(content)), strict=True))
        except csv.Error as fault:
            raise Invalid("import.unreadable", f"It is no CSV: {fault}.") from fault
    if form == "xlsx":
        return _from_book(document)
    raise Invalid("import.format", "Send a file whose name ends in .yaml, .csv or .xlsx.")


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Invalid("import.unreadable", "It is not UTF-8.") from fault


def _from_yaml(text: str) -> list[Told]:
    """Read YAML without aliases, which a small file could unfold into a huge one."""
    try:
        if any(isinstance(one, yaml.AliasToken | yaml.AnchorToken) for one in yaml.scan(text)):
            raise Invalid("import.unreadable", "Anchors and aliases are not taken.")
        told = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as fault:
        raise Invalid("import.unreadable", "It is no YAML.") from fault
    if not isinstance(told, dict) or not set(told) <= set(KINDS):
        raise Invalid("import.kind", f"It holds lists under {', '.join(KINDS)}.")
    found: list[Told] = []
    for kind in KINDS:
        for one in told.get(kind) or []:
            if not isinstance(one, dict):
                raise Invalid("import.unreadable", f"Each {kind} is a map of its fields.")
            plain = json.loads(json.dumps(one, default=str))
            code = plain.pop("subject" if kind == "lead" else "code", "")
            found.append((kind, str(code), plain))
    return found


def _from_book(document: BinaryIO) -> list[Told]:
    """Read a spreadsheet in a program of its own: it may come from anywhere."""
    try:
        look = parent.look(document, "cells")
    except parent.BusyError as fault:
        raise Unavailable("import.waits", REASONS["check.waits"]) from fault
    if look.reason or look.renewed is None:
        raise Invalid("import.unreadable", REASONS.get(look.reason, "It cannot be read."))
    with look.renewed as told:
        sheets = json.load(told)
    rows: list[list[str]] = next((rows for rows in sheets.values() if rows), [])
    return flat.entries_of(rows)
