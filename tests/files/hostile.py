"""Hostile documents, made on the spot: each by the name it is sent under, and why it is refused."""

import io
import random
import struct
import zlib
from functools import cache
from zipfile import ZipFile, ZipInfo

from tests.files.honest import TYPES, archive, docx, link, pdf, picture, with_stream, xlsx

NAME = "attachment.type"
"""Refused by its name alone."""
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
ENTITIES = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>'
ZEROS = b"\0" * 10_000_000


def chunk(name: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG."""
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)


def packed(content: bytes) -> bytes:
    """Return zeros packed as small as they can be, in half the time."""
    runs = zlib.compressobj(strategy=zlib.Z_RLE)
    return runs.compress(content) + runs.flush()


def png_bomb(width: int, height: int) -> bytes:
    """Return a small PNG of a huge picture."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    points = packed(b"\0" * (width * 3 + 1) * min(height, 1000))
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", points) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def with_chunk(name: bytes, content: bytes) -> bytes:
    """Return a PNG with one more chunk behind its head."""
    honest = picture()
    return honest[:33] + chunk(name, content) + honest[33:]


def linked(name: str) -> bytes:
    """Return a document in which a part is a symbolic link."""
    out = io.BytesIO()
    with ZipFile(out, "w") as made:
        made.writestr("[Content_Types].xml", TYPES)
        made.writestr("word/document.xml", "<a/>")
        one = ZipInfo(name)
        one.external_attr = 0o120777 << 16
        made.writestr(one, "../../etc/hostname")
    return out.getvalue()


def overlapping() -> bytes:
    """Return an archive whose directory names the same bytes many times."""
    plain = archive({"[Content_Types].xml": TYPES, "word/document.xml": b"<a/>" * 9000})
    start = struct.unpack("<I", plain[-6:-2])[0]
    directory, end = plain[start:-22], plain[-22:]
    last = directory[directory.index(b"PK\x01\x02", 4) :]
    more = b"".join(last.replace(b"document.xml", f"docume{n:02}.xml".encode()) for n in range(50))
    count = struct.pack("<HH", 52, 52)
    length = struct.pack("<I", len(directory) + len(more))
    return plain[:start] + directory + more + end[:8] + count + length + end[16:]


def encrypted() -> bytes:
    """Return an archive that says of a part that it is encrypted."""
    return docx().replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")


def cells() -> bytes:
    """Return a spreadsheet of little size that takes a gigabyte to hold."""
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'
    sheet = "<worksheet><sheetData>" + row * 1_000_000 + "</sheetData></worksheet>"
    return xlsx(more={"xl/worksheets/sheet1.xml": sheet})


def strings() -> bytes:
    """Return a spreadsheet within every bound of size whose parts are hard to read."""
    words = random.Random(7)
    said = "".join(f"<si><t>{words.getrandbits(48):x}</t></si>" for _ in range(900_000))
    start = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return xlsx(more={"xl/sharedStrings.xml": f"{start}{said}</sst>"})


def many_streams() -> bytes:
    """Return a PDF in which every stream of objects is large unpacked."""
    one = zlib.compress(b" " * 7_900_000, 9).decode("latin-1")
    stream = f"7 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\n{one}\nendstream endobj\n"
    return pdf(stream * 6)


def named() -> dict[str, tuple[bytes, str]]:
    """Return what a name alone stands against."""
    names = [
        *(
            "page.html",
            "drawing.svg",
            "script.js",
            "macro.docm",
            "macro.xlsm",
            "old.doc",
            "old.xls",
        ),
        *(
            "run.exe",
            "archive.zip",
            "report.pdf.exe",
            "nothing",
            "pdf",
            ".pdf.",
            "x.pdf\u202efdp.exe",
        ),
        *("a.php", "a.htm", "a.xml", "a.hta", "a.lnk", "a.pdf/", "a.pdf\0.html"),
    ]
    return {name: (pdf(), NAME) for name in names}


def simple() -> dict[str, tuple[bytes, str]]:
    """Return texts and PDF."""
    return {
        "empty.pdf": (b"", "attachment.empty"),
        "page.pdf": (HTML, "kind.mismatch"),
        "late header.pdf": (b"GIF89a" + pdf(), "kind.mismatch"),
        "page in front.pdf": (HTML + pdf(), "kind.mismatch"),
        "zip behind.pdf": (pdf(tail=docx()), "kind.polyglot"),
        "page behind.pdf": (pdf(tail=HTML), "kind.polyglot"),
        "truncated.pdf": (pdf()[:80], "pdf.damaged"),
        "script.pdf": (pdf(head="/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "pdf.active"),
        "escaped.pdf": (pdf(head="/OpenAction<</S/J#61vaScript/J#53(x)>>"), "pdf.active"),
        "launch.pdf": (pdf(head="/OpenAction<</S/Launch/F(cmd.exe)>>"), "pdf.active"),
        "embedded.pdf": (pdf(head="/Names<</EmbeddedFiles 4 0 R>>"), "pdf.active"),
        "forms.pdf": (pdf(head="/AcroForm<</XFA[(a) 5 0 R]>>"), "pdf.active"),
        "sends.pdf": (pdf(head="/A<</S/SubmitForm/F(http://x)>>"), "pdf.active"),
        "hidden.pdf": (with_stream(b"1 0 <</S/JavaScript/JS(x)>>"), "pdf.active"),
        "hidden twice.pdf": (with_stream(b"1 0 <</S/J#61vaScript>>"), "pdf.active"),
        "wrapped.pdf": (
            with_stream(b"3C3C>", "/Type/ObjStm/Filter[/ASCIIHexDecode/Fl]"),
            "pdf.active",
        ),
        "bomb.pdf": (with_stream(b" " * 30_000_000), "pdf.too_large"),
        "bombs.pdf": (many_streams(), "pdf.too_large"),
        "broken.pdf": (with_stream(b"x").replace(b"\x78\xda", b"\x00\x00"), "pdf.damaged"),
        "locked.pdf": (pdf().replace(b"/Root", b"/Encrypt 9 0 R/Root"), "pdf.encrypted"),
        "page.txt": (HTML, "text.markup"),
        "page.csv": (b"a,b\n<script>alert(1)</script>,2\n", "text.markup"),
        "drawing.txt": (SVG, "text.markup"),
        "xml.txt": (OUTSIDE.encode(), "text.markup"),
        "spaced.txt": (b"hello < ScRiPt src=x>", "text.markup"),
        "wide.txt": ("text".encode("utf-16"), "text.encoding"),
        "wide unmarked.txt": ("text".encode("utf-16-le"), "text.control"),
        "latin.txt": (b"caf\xe9", "text.encoding"),
        "overlong.txt": (b"\xc0\xbcscript>", "text.encoding"),
        "zero.txt": (b"a\0b", "text.control"),
        "escape.txt": (b"\x1b]0;title\x07", "text.control"),
        "program.txt": (b"#!/bin/sh\nrm x\n", "kind.mismatch"),
        "archive.txt": (docx(), "kind.polyglot"),
        "formula.csv": (b"name,value\n=cmd|'/C calc'!A0,1\n", "csv.formula"),
        "quoted.csv": (b'name,"=HYPERLINK(""http://x"")"\n', "csv.formula"),
        "sum.csv": (b"a;@SUM(1+9)*cmd\n", "csv.formula"),
        "plus.csv": (b"a,+cmd|' /C calc'!A0\n", "csv.formula"),
        "minus.csv": (b"a\t-2+3+cmd|x\n", "csv.formula"),
    }


def pictures() -> dict[str, tuple[bytes, str]]:
    """Return pictures that are none, or more."""
    jpeg = picture("JPEG")
    return {
        "drawing.png": (SVG, "kind.mismatch"),
        "photo.png": (jpeg, "kind.mismatch"),
        "map.jpg": (picture(), "kind.mismatch"),
        "moving.jpg": (picture("GIF"), "kind.mismatch"),
        "bomb.png": (png_bomb(50_000, 50_000), "image.too_large"),
        "long bomb.png": (png_bomb(1_000_000, 25), "image.too_large"),
        "zip behind.png": (picture() + docx(), "kind.polyglot"),
        "zip behind.jpg": (jpeg + docx(), "kind.polyglot"),
        "page behind.png": (picture() + HTML, "kind.polyglot"),
        "truncated.png": (picture()[:90], "image.damaged"),
        "truncated.jpg": (jpeg[: len(jpeg) // 2], "image.damaged"),
        "moves.png": (with_chunk(b"acTL", b"\0\0\0\2\0\0\0\0"), "image.animated"),
        "texts.png": (with_chunk(b"zTXt", b"k\0\0" + packed(ZEROS * 8)), "image.damaged"),
        "no points.png": (b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""), "image.damaged"),
        "marker only.jpg": (b"\xff\xd8\xff\xe0" + HTML, "image.damaged"),
    }


def office() -> dict[str, tuple[bytes, str]]:
    """Return archives."""
    rels = "word/_rels/settings.xml.rels"
    return {
        "zip bomb.docx": (docx({"word/a.xml": ZEROS}), "archive.too_large"),
        "sum.docx": (
            docx({f"word/{n}.xml": random.Random(n).randbytes(400_000).hex() for n in range(40)}),
            "archive.too_large",
        ),
        "many.docx": (docx({f"word/{n}.xml": "<a/>" for n in range(300)}), "archive.too_large"),
        "overlap.docx": (overlapping(), "archive.polyglot"),
        "nested.docx": (docx({"word/a.docx": docx()}), "archive.nested"),
        "nested unnamed.docx": (docx({"word/a.xml": docx()}), "archive.nested"),
        "entities.docx": (docx({"word/a.xml": ENTITIES}), "archive.entities"),
        "outside.docx": (docx({"word/a.xml": OUTSIDE}), "archive.entities"),
        "wide.docx": (docx({"word/a.xml": ENTITIES.encode("utf-16")}), "archive.entities"),
        "wide unmarked.docx": (
            docx({"word/a.xml": ENTITIES.encode("utf-16-le")}),
            "archive.entities",
        ),
        "entities.xlsx": (xlsx(more={"xl/a.xml": ENTITIES}), "archive.entities"),
        "macro.docx": (docx({"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), "archive.active"),
        "macro.xlsx": (xlsx(more={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), "archive.active"),
        "renamed.docx": (
            docx(
                {
                    "[Content_Types].xml": TYPES.replace(
                        "application/xml", "application/vnd.ms-word.document.macroEnabled.main+xml"
                    )
                }
            ),
            "archive.active",
        ),
        "object.docx": (docx({"word/embeddings/oleObject1.bin": b"x"}), "archive.active"),
        "control.docx": (docx({"word/activeX/activeX1.xml": "<a/>"}), "archive.active"),
        "other book.xlsx": (
            xlsx(more={"xl/externalLinks/externalLink1.xml": "<a/>"}),
            "archive.active",
        ),
        "page within.docx": (docx({"word/afchunk.htm": HTML}), "archive.active"),
        "field.docx": (docx(body="<w:r>DDEAUTO c:\\\\windows\\\\cmd.exe</w:r>"), "archive.active"),
        "template.docx": (docx(link("http://x/t.dotm", "template", rels)), "archive.external"),
        "picture.docx": (docx(link("http://x/track.png", "image")), "archive.external"),
        "file.docx": (docx(link("file://host/share")), "archive.external"),
        "script.docx": (docx(link("javascript:alert(1)")), "archive.external"),
        "up.docx": (docx({"../../etc/cron.d/x.xml": "<a/>"}), "archive.paths"),
        "root.docx": (docx({"/etc/x.xml": "<a/>"}), "archive.paths"),
        "drive.docx": (docx({"c:/x.xml": "<a/>"}), "archive.paths"),
        "twice.docx": (docx({"WORD/document.xml": "<a/>"}), "archive.paths"),
        "link.docx": (linked("word/l.xml"), "archive.links"),
        "locked.docx": (encrypted(), "archive.encrypted"),
        "program.docx": (docx({"word/a.com": b"MZ"}), "archive.parts"),
        "in front.docx": (b"MZ" + docx(), "kind.mismatch"),
        "behind.docx": (docx() + HTML, "archive.polyglot"),
        "comment.docx": (docx()[:-2] + struct.pack("<H", 4) + b"<svg", "archive.polyglot"),
        "plain zip.docx": (archive({"a.xml": "<a/>"}), "kind.mismatch"),
        "book.docx": (xlsx(), "kind.mismatch"),
        "letter.xlsx": (docx(), "kind.mismatch"),
        "old.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "kind.mismatch"),
        "truncated.docx": (docx()[:-30], "archive.polyglot"),
        "torn.xlsx": (xlsx(more={"xl/workbook.xml": "<workbook"}), "archive.damaged"),
        "gigabyte.xlsx": (cells(), "archive.too_large"),
    }


@cache
def hostile() -> dict[str, tuple[bytes, str]]:
    """Return every hostile document by name, with the reason against it."""
    return named() | simple() | pictures() | office()
