"""The program that looks into one document: reads it from descriptor 0, tells one line of JSON.

Started as `child.main(kind, out)` by `app.files.inspection.parent`, with a closed environment.
"""

import json
import os
import sys
from typing import BinaryIO

from app.files.inspection import confined
from app.files.inspection.findings import FindingError

ZIP_END = b"PK\x05\x06"
ZIP_TAIL = 65_557
IMAGES = ("png", "jpeg")
CELLS = "cells"
"""A spreadsheet of which the text of the cells is wanted, as JSON in descriptor `out`."""


def main(kind: str, out: int) -> None:
    """Look into the document on descriptor 0; a picture is written anew to descriptor `out`."""
    confined.limit()
    told: dict[str, object] = {"reason": "", "renewed": False}
    try:
        told["renewed"] = _look(kind, out, told)
    except FindingError as finding:
        told["reason"] = finding.code
    except (MemoryError, RecursionError):
        told["reason"] = "check.limits"
    told["peak_kib"] = confined.peak()
    sys.stdout.write(json.dumps(told))
    sys.stdout.flush()


def _look(kind: str, out: int, told: dict[str, object]) -> bool:
    size = os.fstat(0).st_size
    with os.fdopen(0, "rb", closefd=False) as document:
        if kind in IMAGES:
            from app.files.inspection import images  # noqa: PLC0415 - each kind loads its own parser

            told["alone"] = confined.cut_off()
            _no_archive(document, size)
            with os.fdopen(out, "wb", closefd=False) as renewed:
                images.renew(document, kind, renewed)
            return True
        if kind in {"docx", "xlsx", CELLS}:
            return _look_into_office(document, size, (kind, out), told)
        from app.files.inspection import pdf, texts  # noqa: PLC0415 - as above

        told["alone"] = confined.cut_off()
        _no_archive(document, size)
        if kind == "pdf":
            pdf.look(document)
        else:
            texts.look(document, kind)
        return False


def _look_into_office(
    document: BinaryIO, size: int, asked: tuple[str, int], told: dict[str, object]
) -> bool:
    """Look into an Office document; of a spreadsheet the cells may be wanted, too."""
    from app.files.inspection import office  # noqa: PLC0415 - as above

    kind, out = asked
    if kind != "docx":
        # The library would load it where it is, and half of the room would be gone.
        sys.modules["numpy"] = None  # type: ignore[assignment]  # Python's way to say "not here"
        from app.files.inspection import sheets  # noqa: PLC0415 - as above

    told["alone"] = confined.cut_off()
    office.look(document, size, "docx" if kind == "docx" else "xlsx")
    if kind == "xlsx":
        sheets.look(document)
    if kind == CELLS:
        with os.fdopen(out, "wb", closefd=False) as renewed:
            sheets.cells(document, renewed)
    return kind == CELLS


def _no_archive(document: BinaryIO, size: int) -> None:
    """See that no archive hangs behind the document: an unpacker would find it from the end."""
    document.seek(max(0, size - ZIP_TAIL))
    if ZIP_END in document.read(ZIP_TAIL):
        raise FindingError("kind.polyglot")
