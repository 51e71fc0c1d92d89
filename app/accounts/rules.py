"""What a password must be: long, and not to be guessed from patterns, words or its owner's name.

NIST SP 800-63B: a length, no rules of composition, a list of what is common. The list is not a copy
of anybody's: what is refused is derived. A password is taken apart into common words, runs on the
keyboard or through the alphabet, and words of its context; what stays unexplained must weigh as
much as eight letters, a digit or mark counting half. So all that people make long by doubling,
counting up or adding a year is refused without a list of each, and offline.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from app.kit.errors import Invalid

SHORTEST = 15
LONGEST = 128
UNEXPLAINED = 16
"""What must not be part of a pattern: a letter weighs two, a digit or mark one."""
RUN = 4
DISTINCT = 6
WORDS = Path(__file__).with_name("common_words.txt")
HOUSE = ("entente", "technical", "assistance", "cybersecurity", "unodc", "united", "nations")
ROWS = (
    *("abcdefghijklmnopqrstuvwxyz", "01234567890", "`1234567890-=", "qwertyuiop[]", "asdfghjkl;'"),
    *("zxcvbnm,./", "azertyuiop", "qsdfghjklm", "wxcvbn", "qwertzuiop", "yxcvbnm", "!@#$%^&*()"),
    *("1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp", "q1w2e3r4t5y6u7i8o9p0"),
    *("1q2w3e4r5t6y7u8i9o0p", "147258369", "741852963", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"),
)
DISGUISES = str.maketrans("@4310$57!", "aaeiossti")


def normalised(password: str) -> str:
    """Return a password as it is hashed: NFKC, so that every keyboard gives the same."""
    return unicodedata.normalize("NFKC", password)


def login_of(email: str) -> str:
    """Return an e-mail address as the name of an account."""
    return unicodedata.normalize("NFKC", email).strip().lower()


def check_password(password: str, context: Iterable[str]) -> str:
    """Return the password as it is hashed. Raises Invalid; `context` is its owner's own words."""
    normal = normalised(password)
    if not SHORTEST <= len(normal) <= LONGEST:
        raise Invalid("password.length", f"A password has {SHORTEST} to {LONGEST} characters.")
    if guessable(normal, context):
        raise Invalid(
            "password.common",
            "That is easily guessed: choose words that do not belong together and are not yours.",
        )
    return normal


def guessable(password: str, context: Iterable[str]) -> bool:
    """Whether a password is a pattern: few signs, a repetition, or common parts put together."""
    plain = password.casefold()
    if len(set(plain)) < DISTINCT:
        return True
    unit = smallest_unit(plain)
    if len(unit) < SHORTEST and unit != plain:
        return True
    own = {part for text in (*context, *HOUSE) for part in re.split(r"[\W_]+", text.casefold())}
    words = common_words() | {part for part in own if len(part) >= 3}
    return min(unexplained(plain, words), unexplained(plain.translate(DISGUISES), words)) < (
        UNEXPLAINED
    )


def smallest_unit(text: str) -> str:
    """Return the shortest piece of which a text is a repetition, the last one cut off or not."""
    for size in range(1, len(text) // 2 + 1):
        if (text[:size] * (len(text) // size + 1))[: len(text)] == text:
            return text[:size]
    return text


def unexplained(text: str, words: frozenset[str]) -> int:
    """Return the weight of what belongs to no common word and no run, taken apart at best."""
    longest = max(map(len, words))
    best = [0] * (len(text) + 1)
    for end in range(1, len(text) + 1):
        last = text[end - 1]
        costs = [best[end - 1] + (0 if last.isspace() else 1 + last.isalpha())]
        costs += [
            best[start]
            for start in range(max(0, end - longest), end - 2)
            if text[start:end] in words or _is_run(text[start:end])
        ]
        best[end] = min(costs)
    return best[-1]


def _is_run(piece: str) -> bool:
    """Whether a piece runs along a keyboard, the alphabet or one key, forth or back."""
    if len(piece) < RUN:
        return False
    return len(set(piece)) == 1 or any(piece in row or piece[::-1] in row for row in ROWS)


@cache
def common_words() -> frozenset[str]:
    """Return the words that people put into passwords first."""
    lines = WORDS.read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
