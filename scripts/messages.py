"""Gathers the labels of the definitions into gettext catalogues: `make messages`."""

import io
from collections.abc import Iterator
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = ROOT / "workflows"
LANGUAGES = ("ar", "es", "fr", "ru", "zh")
"""The official languages besides English, in which labels are shown."""

TRANSLATED = {"label", "public", "title"}
"""The keys of a pack whose text is shown to people in their language."""


def labels(node: object) -> Iterator[str]:
    """Yield every text to be translated in a parsed pack, in the order of the file."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in TRANSLATED and isinstance(value, str):
                yield value.strip()
            else:
                yield from labels(value)
    elif isinstance(node, list):
        for value in node:
            yield from labels(value)


def gather(workflows: Path) -> Catalog:
    """Return a template with each label once, and the definitions where it stands."""
    template = Catalog(project="Entente", fuzzy=False)
    for path in sorted(workflows.glob("definitions/*/v*.yaml")):
        pack = yaml.safe_load(path.read_text("utf-8"))
        for label in labels(pack):
            template.add(label, locations=[(path.relative_to(workflows).as_posix(), 1)])
    return template


def renew(template: Catalog, folder: Path, language: str) -> tuple[int, int]:
    """Bring one language's catalogue up to the template, and count (done, all).

    Translations are kept; a label that no pack has any more is dropped; nothing is guessed.
    The files hold no dates, so that a run without changes changes nothing.
    """
    source = folder / f"{language}.po"
    folder.mkdir(parents=True, exist_ok=True)
    catalog = Catalog(locale=language, project="Entente", fuzzy=False)
    if source.exists():
        with source.open("rb") as kept:
            catalog = read_po(kept, locale=language)
    catalog.update(template, no_fuzzy_matching=True, update_header_comment=False)
    catalog.obsolete.clear()
    text = io.BytesIO()
    write_po(text, catalog, width=100, omit_header=True, include_lineno=False)
    header = (
        f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n'
        f'"Plural-Forms: {catalog.plural_forms}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    )
    source.write_bytes(header.encode() + text.getvalue())
    told = [message for message in catalog if message.id]
    return sum(bool(message.string) for message in told), len(told)


def main() -> None:
    """Renew every catalogue and print how far each language is."""
    template = gather(WORKFLOWS)
    for language in LANGUAGES:
        done, count = renew(template, WORKFLOWS / "locales", language)
        print(f"{language}: {done} of {count} labels translated")


if __name__ == "__main__":
    main()
