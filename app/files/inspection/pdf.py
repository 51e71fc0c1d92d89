"""PDF: no scripts, no embedded files, no commands, nothing before it and nothing behind it."""

import re
import zlib
from typing import BinaryIO

from app.files.inspection.findings import FindingError

ACTIVE = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia\w*|XFA\s*[\[\d(]|SubmitForm|ImportData|GoToE"
    rb"|Rendition|Movie)(?![A-Za-z])"
)
ENCRYPTED = re.compile(rb"/Encrypt(?![A-Za-z])")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"(?<!end)stream\r?\n")
FILTER = re.compile(rb"/Filter\s*(\[)?\s*/(\w+)\s*(/)?")
MOST_UNPACKED = 32_000_000
MOST_AT_ONCE = 8_000_000
TAIL = 1024


def look(document: BinaryIO) -> None:
    """See that a PDF holds nothing active. Raises FindingError."""
    document.seek(0)
    content = document.read()
    if not content.startswith(b"%PDF-"):
        raise FindingError("kind.mismatch")
    end = content.rfind(b"%%EOF")
    if end < 0 or b"startxref" not in content[max(0, end - TAIL) : end]:
        raise FindingError("pdf.damaged")
    if content[end + 5 :].strip(b"\r\n \t\0"):
        raise FindingError("kind.polyglot")
    _names(_plain(content))
    budget = MOST_UNPACKED
    before = 0
    for found in STREAM.finditer(content):
        head = _plain(content[before : found.start()])
        before = found.end()
        if b"ObjStm" in head:
            budget -= _objects(
                content, before, head[head.rfind(b"obj", 0, head.rfind(b"ObjStm")) :]
            )
            if budget <= 0:
                raise FindingError("pdf.too_large")


def _plain(content: bytes) -> bytes:
    """Return names without their escapes: /J#61vaScript is /JavaScript."""
    if b"#" not in content:
        return content
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content)


def _names(content: bytes) -> None:
    if ENCRYPTED.search(content):
        raise FindingError("pdf.encrypted")
    if ACTIVE.search(content):
        raise FindingError("pdf.active")


def _objects(content: bytes, start: int, head: bytes) -> int:
    """Look into a stream of objects, where names may hide; return its size."""
    used = FILTER.search(head)
    if used is None:
        return 0  # it lies open, and has been looked at with the rest
    if used[2] not in {b"FlateDecode", b"Fl"} or (used[1] and used[3]):
        raise FindingError("pdf.active")  # wrapped so as not to be seen
    inflater = zlib.decompressobj()
    end = content.find(b"endstream", start)
    try:
        objects = inflater.decompress(content[start : end if end > 0 else None], MOST_AT_ONCE)
    except zlib.error as fault:
        raise FindingError("pdf.damaged") from fault
    if inflater.unconsumed_tail:
        raise FindingError("pdf.too_large")
    _names(_plain(objects))
    return len(objects)
