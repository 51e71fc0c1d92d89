"""What kinds of document are taken, and how a name that somebody typed becomes one that is safe."""

import re
import unicodedata
from dataclasses import dataclass

from app.kit.errors import Invalid

LONGEST_NAME = 120
OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: our own type for it, and the endings that its names may have."""

    name: str
    media_type: str
    endings: tuple[str, ...]


KINDS = {
    kind.name: kind
    for kind in (
        Kind("pdf", "application/pdf", ("pdf",)),
        Kind("text", "text/plain", ("txt",)),
        Kind("csv", "text/csv", ("csv",)),
        Kind("png", "image/png", ("png",)),
        Kind("jpeg", "image/jpeg", ("jpg", "jpeg")),
        Kind("docx", f"{OFFICE}wordprocessingml.document", ("docx",)),
        Kind("xlsx", f"{OFFICE}spreadsheetml.sheet", ("xlsx",)),
    )
}
"""The kinds that are taken. The type that a client declares is never asked."""

ENDINGS = {ending: kind for kind in KINDS.values() for ending in kind.endings}
REMOVED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, marks of direction and other signs without a shape, by Unicode category."""
NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
RESERVED = re.compile(r"^(con|prn|aux|nul|clock\$|com[0-9¹²³]|lpt[0-9¹²³])$", re.IGNORECASE)


def tidy(name: str) -> str:
    """Return a typed name as one plain name of at most 120 characters, without any path."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(sign for sign in plain if unicodedata.category(sign) not in REMOVED)
    plain = unicodedata.normalize("NFC", NOT_IN_NAMES.sub("_", plain)).strip(" .")
    stem, point, ending = plain.rpartition(".")
    if not point:
        stem, ending = plain, ""
    stem = stem.strip(" .") or "document"
    if RESERVED.match(stem.partition(".")[0].strip()):
        stem = f"_{stem}"
    tail = f".{ending[:10]}" if ending else ""
    return stem[: LONGEST_NAME - len(tail)].rstrip(" .") + tail


def kind_of(name: str) -> Kind:
    """Return the kind that a tidy name promises. Raises Invalid when none is taken so named."""
    kind = ENDINGS.get(name.rpartition(".")[2].lower()) if "." in name else None
    if kind is None:
        listed = ", ".join(sorted(ENDINGS))
        raise Invalid("attachment.type", f"Taken are documents that end in: {listed}.")
    return kind
