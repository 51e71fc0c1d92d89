"""Letters that no font of the server draws: how they are called, and which fonts bring them."""

import unicodedata
from collections.abc import Collection

from app.kit.speech import marked

SMALL, EASTERN, ALL = "fonts-dejavu-core", "fonts-droid-fallback", "fonts-noto"
"""Packages of Debian: Latin, Cyrillic and Arabic; Chinese; and whatever else is written."""
SCRIPTS = {
    "ARABIC": (marked("Arabic"), SMALL),
    "CJK": (marked("Chinese"), EASTERN),
    "CYRILLIC": (marked("Cyrillic"), SMALL),
    "LATIN": (marked("Latin"), SMALL),
}
"""What a script is called, by the first word of its letters' names in Unicode, and its fonts."""
ANOTHER = (marked("another script"), ALL)
SHOWN = 12


def sentence(missing: Collection[str]) -> str:
    """Return what to say of letters that cannot be drawn: some of them, their scripts, the cure."""
    known = {SCRIPTS.get(_script(one), ANOTHER) for one in missing}
    scripts = ", ".join(sorted(name for name, _ in known))
    packages = " ".join(sorted({package for _, package in known}))
    letters = " ".join(sorted(missing)[:SHOWN])
    return (
        f"The server has no font for these letters: {letters} ({scripts})."
        f" Have {packages} installed there, or print the page from the browser."
    )


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
