"""Office documents are archives: what is asked of one before any part of it is parsed."""

import re
import stat
import struct
from collections.abc import Iterator, Sequence
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from app.files.inspection.findings import FindingError

MOST_ENTRIES = 200
MOST_UNPACKED = 30_000_000
MOST_RATIO = 100
SMALL = 65_536
"""Parts below this size may be squeezed as well as they can: they cannot fill anything."""
LONGEST_DIRECTORY = 262_144
END = b"PK\x05\x06"
END_SIZE = 22
NESTED = (b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
NESTED_NAMES = re.compile(r"\.(zip|7z|rar|gz|bz2|xz|tar|cab|iso|jar|docx|xlsx|pptx)$")
ACTIVE = re.compile(
    r"(vbaproject|vbadata|\.bas$|activex|oleobject|embeddings/|externallinks/|macrosheets/"
    r"|dialogsheets/|customui|afchunk|webextension|\.exe$|\.dll$|\.js$|\.vbs$|\.html?$)"
)
KNOWN = re.compile(
    r"(\.(xml|rels|vml|png|jpe?g|gif|bmp|tiff?|emf|wmf|wdp|odttf|svg)|printersettings\d*\.bin)$"
)


def opened(document: BinaryIO, size: int) -> ZipFile:
    """Return an archive whose directory holds nothing against it. Raises FindingError."""
    _ends_where_it_should(document, size)
    try:
        archive = ZipFile(document)
    except (BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as fault:
        raise FindingError("archive.damaged") from fault
    entries = archive.infolist()
    if archive.comment or not entries or min(one.header_offset for one in entries):
        raise FindingError("archive.polyglot")
    _fits(entries, size)
    for code in _against_names(entries):
        raise FindingError(code)
    return archive


def _ends_where_it_should(document: BinaryIO, size: int) -> None:
    """See that the directory is short, and followed by its end and nothing more."""
    document.seek(max(0, size - END_SIZE))
    tail = document.read(END_SIZE)
    if len(tail) < END_SIZE or not tail.startswith(END):
        raise FindingError("archive.polyglot")
    here, start, entries, total, length, offset, comment = struct.unpack("<4x4H2IH", tail)
    if here or start or entries != total or comment:
        raise FindingError("archive.polyglot")
    if total > MOST_ENTRIES or length > LONGEST_DIRECTORY:
        raise FindingError("archive.too_large")
    if offset + length + END_SIZE != size:
        raise FindingError("archive.polyglot")


def _fits(entries: Sequence[ZipInfo], size: int) -> None:
    if len(entries) > MOST_ENTRIES or sum(one.file_size for one in entries) > MOST_UNPACKED:
        raise FindingError("archive.too_large")
    if sum(one.file_size for one in entries) > max(size, SMALL) * MOST_RATIO:
        raise FindingError("archive.too_large")
    for one in entries:
        if one.file_size > SMALL and one.file_size > one.compress_size * MOST_RATIO:
            raise FindingError("archive.too_large")
    reached = 0
    for one in sorted(entries, key=lambda entry: entry.header_offset):
        if one.header_offset < reached:
            raise FindingError("archive.polyglot")  # overlapping parts unpack to ever more
        reached = one.header_offset + one.compress_size


def _against_names(entries: Sequence[ZipInfo]) -> Iterator[str]:
    """Yield what the directory alone says against the archive."""
    seen: set[str] = set()
    for one in entries:
        name = one.filename.lower()
        if one.flag_bits & 0x1:
            yield "archive.encrypted"
        if stat.S_ISLNK(one.external_attr >> 16):
            yield "archive.links"
        if _leads_out(one.orig_filename) or name in seen:
            yield "archive.paths"
        seen.add(name)
        if ACTIVE.search(name):
            yield "archive.active"
        if NESTED_NAMES.search(name):
            yield "archive.nested"
        if not (one.is_dir() or KNOWN.search(name)):
            yield "archive.parts"


def _leads_out(name: str) -> bool:
    if name.startswith(("/", "\\")) or "\\" in name or ":" in name or "\0" in name:
        return True
    return ".." in name.split("/")


def content_of(archive: ZipFile, entry: ZipInfo) -> bytes:
    """Return a part; never more than its directory entry says. Raises FindingError."""
    try:
        content = archive.read(entry)
    except MemoryError:
        raise
    except Exception as fault:  # zlib and lzma have errors of their own
        raise FindingError("archive.damaged") from fault
    if content.startswith(NESTED):
        raise FindingError("archive.nested")
    return content
