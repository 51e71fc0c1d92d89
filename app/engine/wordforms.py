"""Words as they are compared: without case, accents and vowel marks; where each begins and ends."""

import re
import unicodedata

ARTICLES = ("و", "ف", "ب", "ك", "ل", "ال", "وال", "فال", "بال", "كال", "لل", "ولل")
"""What Arabic writes in one word with the noun that follows."""
TOKEN = re.compile(r"[^\W_]+")


def fold(text: str) -> tuple[str, list[int]]:
    """Return text without case, accents and vowel marks, and where each of its signs stood."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for part in unicodedata.normalize("NFKD", sign.lower()):
            if not unicodedata.combining(part) and part != "ـ":
                signs.append(ALIKE.get(part, part))
                places.append(place)
    return "".join(signs), places


ALIKE = {"\u0649": "\u064a", "\u0629": "\u0647", "\u0451": "\u0435", "\u2019": "'"}
"""Letters that people write for each other."""
