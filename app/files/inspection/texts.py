"""Plain text and tables: UTF-8 without controls, no pages, no formulas."""

import re
from typing import BinaryIO

from app.files.inspection.findings import FindingError

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
MARKUP = re.compile(
    r"<\s*(!doctype|!entity|\?xml|\?php|%|html|head|body|script|svg|iframe|object|embed|link|meta"
    r"|style|img|form|base|math|template)\b",
    re.IGNORECASE,
)
OTHER = (b"%PDF-", b"PK\x03\x04", b"{\\rtf", b"#!", b"MZ", b"\xff\xfe", b"\xfe\xff")
MARK = "\ufeff"
NUMBER = r'[0-9 .,()/%eE€$+-]{0,60}"?(?:[,;\t|]|\r?$)'
FORMULA = re.compile(rf'(?:^|[,;\t|])[ ]{{0,8}}"?[ ]{{0,8}}(?:[=@]|[+-](?!{NUMBER}))', re.MULTILINE)
"""A cell that a spreadsheet would run; signed numbers and telephone numbers are none."""


def look(document: BinaryIO, kind: str) -> None:
    """See that a text is one. Raises FindingError."""
    document.seek(0)
    content = document.read()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FindingError("text.encoding")
    if content.startswith(OTHER):
        raise FindingError("kind.mismatch")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise FindingError("text.encoding") from fault
    text = text.removeprefix(MARK)
    if CONTROL.search(text):
        raise FindingError("text.control")
    if MARKUP.search(text):
        raise FindingError("text.markup")
    if kind == "csv" and FORMULA.search(text):
        raise FindingError("csv.formula")
