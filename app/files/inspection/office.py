"""Word documents and spreadsheets: only plain parts, nothing active, nothing fetched."""

import re
from typing import BinaryIO
from xml.parsers import expat

from app.files.inspection import archives
from app.files.inspection.findings import FindingError

MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
TYPES = "[Content_Types].xml"
XML = (".xml", ".rels", ".vml", ".svg")
DECLARED = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
MACROS = re.compile(rb"macroEnabled|vbaProject|activeX|oleObject", re.IGNORECASE)
DYNAMIC = re.compile(rb"\bDDE(AUTO)?\b|<\s*script\b|ddeLink|altChunk\b|attachedTemplate\b")
LINKED = re.compile(r"^(https?|mailto):", re.IGNORECASE)
HYPERLINK = "/hyperlink"


def look(document: BinaryIO, size: int, kind: str) -> None:
    """See that an Office document is what it says and nothing more. Raises FindingError."""
    document.seek(0)
    if document.read(4) != b"PK\x03\x04":
        raise FindingError("kind.mismatch")
    with archives.opened(document, size) as archive:
        names = set(archive.namelist())
        if TYPES not in names or MAIN[kind] not in names:
            raise FindingError("kind.mismatch")
        for entry in archive.infolist():
            content = archives.content_of(archive, entry)
            if entry.filename.lower().endswith(XML):
                _part(entry.filename, content)


def _part(name: str, content: bytes) -> None:
    """See that one XML part is well formed, and says nothing that it must not."""
    if DECLARED.search(content) or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FindingError("archive.entities")
    if b"\0" in content:  # another encoding, in which nothing would be found
        raise FindingError("archive.entities")
    if name == TYPES and MACROS.search(content):
        raise FindingError("archive.active")
    if DYNAMIC.search(content):
        raise FindingError("archive.active")
    reader = expat.ParserCreate("UTF-8", " ")
    reader.StartDoctypeDeclHandler = _declared
    if name.lower().endswith(".rels"):
        reader.StartElementHandler = _related
    try:
        reader.Parse(content, True)
    except expat.ExpatError as fault:
        raise FindingError("archive.damaged") from fault


def _declared(*_: object) -> None:
    raise FindingError("archive.entities")


def _related(name: str, said: dict[str, str]) -> None:
    """See that a relation leads to a part of the document, or is a plain link for a reader."""
    if not name.endswith("Relationship") or said.get("TargetMode", "").lower() != "external":
        return
    if not said.get("Type", "").endswith(HYPERLINK) or not LINKED.match(said.get("Target", "")):
        raise FindingError("archive.external")
