"""Pictures: decoded within bounds and written anew, so that only points are left of what came."""

import struct
from typing import BinaryIO

from PIL import Image, ImageFile, ImageOps

from app.files.inspection.findings import FindingError

MOST_POINTS = 24_000_000
SIGNATURES = {"png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff"}
ORIENTATION = 0x0112
QUALITY = 92
KEPT_MODES = {"png": {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"}, "jpeg": {"L", "RGB"}}


def renew(document: BinaryIO, kind: str, out: BinaryIO) -> None:
    """Write a picture anew to `out` without anything but its points. Raises FindingError."""
    document.seek(0)
    if not document.read(8).startswith(SIGNATURES[kind]):
        raise FindingError("kind.mismatch")
    if kind == "png":
        _walk(document)
    document.seek(0)
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    Image.MAX_IMAGE_PIXELS = MOST_POINTS
    try:
        with Image.open(document, formats=[kind.upper()]) as found:
            _write(found, kind, out)
    except (FindingError, MemoryError):
        raise
    except Image.DecompressionBombError as fault:
        raise FindingError("image.too_large") from fault
    except Exception as fault:  # each codec has its own ways of failing on a broken picture
        raise FindingError("image.damaged") from fault


def _write(found: Image.Image, kind: str, out: BinaryIO) -> None:
    _bounded(found.width, found.height)
    found.load()
    turned = found.getexif().get(ORIENTATION, 1) if kind == "jpeg" else 1
    picture = found if turned == 1 else ImageOps.exif_transpose(found)
    if picture.mode not in KEPT_MODES[kind]:
        picture = picture.convert("RGB")
    kept = picture.info.get("transparency") if kind == "png" else None
    picture.info = {} if kept is None else {"transparency": kept}
    if kind == "png":
        picture.save(out, "PNG")
    else:
        picture.save(out, "JPEG", quality=QUALITY, exif=b"")
    out.flush()


def _bounded(width: int, height: int) -> None:
    """See that a picture can be decoded within the memory there is (a point takes 4 bytes)."""
    if width * height > MOST_POINTS:
        raise FindingError("image.too_large")


def _walk(document: BinaryIO) -> None:
    """Go through the chunks of a PNG: it ends with its end, and does not move."""
    document.seek(8)
    while True:
        head = document.read(8)
        if len(head) < 8:
            raise FindingError("image.damaged")
        length, name = struct.unpack(">I4s", head)
        if name == b"acTL":
            raise FindingError("image.animated")
        if name == b"IHDR":
            width, height = struct.unpack(">II", document.read(8))
            _bounded(width, height)
            length -= 8
        document.seek(length + 4, 1)
        if name == b"IEND":
            break
    if document.read(1):
        raise FindingError("kind.polyglot")
