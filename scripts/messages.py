"""Gathers what packs and pages say into gettext catalogues: `make messages`."""

import io
from collections.abc import Iterator
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from scripts import phrases

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = ROOT / "workflows"
LANGUAGES = ("ar", "es", "fr", "ru", "zh")
"""The official languages besides English, in which labels are shown."""

TRANSLATED = {
    "definitions": frozenset({"label", "public", "title"}),
    "areas": frozenset({"label", "text", "title"}),
    "principles": frozenset({"label", "text", "title"}),
    "mandates": frozenset({"full_name"}),
    "questionnaires": frozenset({"label", "text", "evidence_hint", "title"}),
}
"""The keys of each kind of pack whose text is shown to people in their language."""


def labels(node: object, keys: frozenset[str]) -> Iterator[str]:
    """Yield every text to be translated in a parsed pack, in the order of the file."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in keys and isinstance(value, str):
                yield value.strip()
            else:
                yield from labels(value, keys)
    elif isinstance(node, list):
        for value in node:
            yield from labels(value, keys)


def gather(workflows: Path) -> Catalog:
    """Return a template with each text of the packs once, and the files where it stands."""
    template = Catalog(project="Entente", fuzzy=False)
    for kind, keys in TRANSLATED.items():
        for path in sorted(workflows.glob(f"{kind}/*/v*.yaml")):
            pack = yaml.safe_load(path.read_text("utf-8"))
            told = [*labels(pack, keys), *(one["name"] for one in pack.get("entities", ()))]
            for label in told:
                template.add(label, locations=[(path.relative_to(workflows).as_posix(), 1)])
    return template


def without(template: Catalog, known: Catalog) -> Catalog:
    """Return a template without the texts that another holds: pages find those there."""
    left = Catalog(project="Entente", fuzzy=False)
    for message in template:
        if message.id and known.get(message.id) is None:
            left.add(message.id, locations=message.locations)
    return left


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
    return sum(translated(message) for message in told), len(told)


def translated(message: Message) -> bool:
    """Whether a message has its translation, in each of its forms."""
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(forms)


def main() -> None:
    """Renew every catalogue and print how far each language is."""
    of_packs = gather(WORKFLOWS)
    of_pages = without(phrases.gather(), of_packs)
    for language in LANGUAGES:
        for name, template, folder in (
            ("packs", of_packs, WORKFLOWS / "locales"),
            ("pages", of_pages, phrases.FOLDER),
        ):
            done, count = renew(template, folder, language)
            print(f"{language}: {done} of {count} texts of the {name} translated")


if __name__ == "__main__":
    main()
