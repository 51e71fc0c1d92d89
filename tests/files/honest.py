"""Honest documents of every kind, made on the spot."""

import io
import zlib
from collections.abc import Mapping
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from PIL import Image

RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types'
    ' xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default'
    ' Extension="xml" ContentType="application/xml"/></Types>'
)


def pdf(objects: str = "", head: str = "", tail: bytes = b"") -> bytes:
    """Return a small PDF with more objects, more in its catalogue, more behind it."""
    body = f"1 0 obj<</Type/Catalog/Pages 2 0 R{head}>>endobj 2 0 obj<</Type/Pages/Count 0/Kids[]>>"
    text = (
        f"%PDF-1.7\n{body}endobj\n{objects}\nxref\n0 1\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF"
    )
    return text.encode("latin-1") + b"\n" + tail


def with_stream(content: bytes, described: str = "/Type/ObjStm/Filter/FlateDecode") -> bytes:
    """Return a PDF with one stream."""
    packed = zlib.compress(content, 9) if "FlateDecode" in described else content
    stream = f"7 0 obj<<{described}/Length {len(packed)}>>stream\n{packed.decode('latin-1')}\n"
    return pdf(stream + "endstream endobj")


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 48), **more: object) -> bytes:
    """Return a picture with a gradient, so that it is more than one colour."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, kind, **more)
    return out.getvalue()


def archive(parts: Mapping[str, bytes | str]) -> bytes:
    """Return a zip of parts by name."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=1) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def link(
    target: str, kind: str = "hyperlink", name: str = "word/_rels/document.xml.rels"
) -> dict[str, str]:
    """Return the part that relates a document to something outside."""
    said = f'Id="r1" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"'
    return {name: f'<Relationships xmlns="{RELS}"><Relationship {said}/></Relationships>'}


def docx(more: Mapping[str, bytes | str] | None = None, body: str = "Words.") -> bytes:
    """Return a Word document, with more parts."""
    words = f'<w:document xmlns:w="{WORDS}"><w:body><w:p>{body}</w:p></w:body></w:document>'
    parts = {"[Content_Types].xml": TYPES, "word/document.xml": words}
    return archive({**parts, **(more or {})})


def xlsx(rows: int = 3, more: Mapping[str, bytes | str] | None = None) -> bytes:
    """Return a spreadsheet, with more parts."""
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for number in range(rows):
        sheet.append([number, f"row {number}", 1.5 * number])
    book.save(out)
    if not more:
        return out.getvalue()
    with ZipFile(io.BytesIO(out.getvalue())) as found:
        parts: dict[str, bytes | str] = {name: found.read(name) for name in found.namelist()}
    return archive({**parts, **more})


def honest() -> dict[str, bytes]:
    """Return honest documents by name."""
    return {
        "report.pdf": pdf(),
        "first page.pdf": pdf(head="/OpenAction[3 0 R /Fit]"),
        "packed.pdf": with_stream(b"1 0 <</Type/Font/Name/F#31>>"),
        "notes.txt": "Une note.\nمذكرة\r\n\t笔记 a<b".encode(),
        "marked.txt": b"\xef\xbb\xbfwith a mark of order",
        "table.csv": b'name;value;phone\n"x";-5,3;+41 22 917\r\n',
        "table2.csv": b"a,b\n1,-2.5e3\n",
        "map.png": picture(),
        "transparent.png": _transparent(),
        "photo.jpg": picture("JPEG"),
        "PHOTO.JPEG": picture("JPEG", size=(1200, 900)),
        "letter.docx": docx(),
        "linked.docx": docx(link("https://example.org/a?b=1")),
        "drawn.docx": docx({"word/media/image1.png": picture()}),
        "sheet.xlsx": xlsx(),
        "long sheet.xlsx": xlsx(rows=4000),
    }


def _transparent() -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (10, 20, 30, 40)).save(out, "PNG")
    return out.getvalue()
