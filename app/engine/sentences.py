"""The sentences of a text: the language that they are in, and which of them command the reader."""

import re

from app.engine.wordforms import fold
from app.engine.words import LANGUAGES, Language, Lexicon

SENTENCE = re.compile(r"(?<=[.!?;\u061f])\s+|[\u3002\uff01\uff1f\uff1b]|\n+|\s-{2,}\s")
"""Where a sentence ends, in Arabic and Chinese too."""
SCRIPTS: dict[Language, re.Pattern[str]] = {
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "zh": re.compile(r"[\u4e00-\u9fff]"),
}


def language_of(lexicon: Lexicon, text: str, declared: Language) -> Language:
    """Return the language that a text is in: by its script, then by its small words."""
    counted = {language: len(script.findall(text)) for language, script in SCRIPTS.items()}
    letters = sum(sign.isalpha() for sign in text)
    for language, count in counted.items():
        if count * 2 > letters:
            return language
    words = re.findall(r"\w+", text.lower())
    small = {
        name: sum(word in known.split() for word in words) for name, known in lexicon.small.items()
    }
    best = max(small.values())
    if small.get(declared, -1) == best or not best:
        return declared
    return next(name for name in LANGUAGES if small.get(name) == best)


def told(lexicon: Lexicon, text: str) -> tuple[list[tuple[int, int]], tuple[str, ...]]:
    """Return where the sentences stand that tell something, and those that command."""
    kept: list[tuple[int, int]] = []
    aside: list[str] = []
    start = 0
    for end, following in [*((m.start(), m.end()) for m in SENTENCE.finditer(text)), (None, None)]:
        sentence = text[start:end]
        folded = fold(sentence)[0]
        if any(any(order.find(folded)) for order in lexicon.orders.values()):
            aside.append(sentence.strip())
        else:
            kept.append((start, len(text) if end is None else end))
        start = following or 0
    return kept, tuple(aside)
