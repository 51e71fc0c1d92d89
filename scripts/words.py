"""Counts which concepts go with which topics in the English examples of the newest words packs.

The counts stand at the end of each pack, below a line that says so; nobody writes them by hand.
"""

from collections import Counter
from pathlib import Path

from app.engine.packs import read_model
from app.engine.wordforms import fold
from app.engine.words import Lexicon

FOLDER = Path(__file__).resolve().parents[1] / "workflows" / "words"
BELOW = "# Counted by `python -m scripts.words`; not written by hand.\ncarried:\n"


def counts(words: Lexicon) -> dict[str, Counter[str]]:
    """Return in how many English examples of each topic each concept is met."""
    heard = words.phrases["en"]
    return {
        code: Counter(
            name
            for text in by_language.get("en", ())
            for name in sorted({concept for concept, _, _ in heard.find(fold(text)[0])})
        )
        for code, by_language in words.examples.items()
    }


def section(words: Lexicon) -> str:
    """Return the end of a pack: a line for each topic."""
    lines = (
        f"  {code}: {{{', '.join(f'{name}: {count}' for name, count in sorted(found.items()))}}}\n"
        for code, found in sorted(counts(words).items())
    )
    return BELOW + "".join(lines)


def main() -> None:
    """Write the counts of the newest version of every words pack."""
    for folder in sorted(FOLDER.iterdir()):
        file = max(folder.glob("v*.yaml"), key=lambda path: int(path.stem[1:]))
        written = file.read_text("utf-8").partition(BELOW)[0]
        file.write_text(written.rstrip() + "\n\n" + section(read_model(file, Lexicon)), "utf-8")


if __name__ == "__main__":
    main()
