"""Writes docs/openapi.json, docs/workflows.md and docs/asvs.md anew: `make docs`.

With `--check` nothing is written; it fails when a file is not what the code would write.
"""

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from app.config import Settings
from app.directory.actor import ROLES
from app.engine.vocabulary import GuardDef
from app.kit.errors import Invalid
from app.lifecycle.vocabulary import ACTS, VOCABULARY
from app.wiring.messages import MESSAGES
from scripts import asvs

DOCS = Path(__file__).resolve().parents[1] / "docs"
SPECIMEN = {"stage": "assessment", "any_of": ["pass"], "count": 1}
"""A value for each parameter of a guard, with which it proves the most that it can."""


def openapi() -> str:
    """Return the description of the REST API as the application gives it."""
    from app.main import create_app  # noqa: PLC0415 - the vocabulary can be told without the web

    with TemporaryDirectory() as folder:
        settings = Settings(database_url=f"sqlite:///{folder}/none.db")
        described = create_app(settings).openapi()
    return json.dumps(described, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def vocabulary() -> str:
    """Return the page of every word that a definition may use."""
    roles = ROLES | {"system": "The house itself: makes a move as soon as it may be made."}
    guards = ((f"`{name}`", *_told(guard)) for name, guard in VOCABULARY.guards.items())
    effects = (
        (f"`{name}`", effect.text, _codes(sorted(effect.revokes)))
        for name, effect in VOCABULARY.effects.items()
    )
    parts = [
        "# The vocabulary of workflows",
        "Generated from the code by `make docs`; not edited by hand. A definition under",
        "`workflows/definitions/` may use these words and no others.",
        "## Guards",
        "A guard yields every reason against a move; without any, the move may be made.",
        *_table(("guard", "parameters", "passes when", "proves", "looks at"), guards),
        "## Effects",
        *_table(("effect", "what our own tables gain", "takes away"), effects),
        "## Acts",
        "What a role may be allowed to do within a state.",
        *_table(("act", "meaning"), _pairs(ACTS)),
        "## Roles",
        *_table(("role", "what it does"), _pairs(roles)),
        "## Persons",
        "Whom `distinct_from` may name.",
        *_table(("person",), ((f"`{name}`",) for name in sorted(VOCABULARY.persons))),
        "## Reasons",
        "What clients find under `blockers`: the code, and its sentence in English.",
        *_table(("code", "sentence"), _pairs(dict(sorted(MESSAGES.items())))),
    ]
    return "\n".join(parts).replace("\n#", "\n\n#") + "\n"


def _told(guard: GuardDef) -> tuple[str, str, str, str]:
    params = [f"{name}: {kind.__name__}" for name, kind in guard.params.items()]
    marks = guard.proves({name: SPECIMEN[name] for name in guard.params})
    return _codes(params), guard.text, _codes(sorted(marks)), _codes(sorted(guard.reads))


def _codes(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _pairs(texts: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    return ((f"`{name}`", text) for name, text in texts.items())


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [head, ("---",) * len(head), *rows]
    return [
        "",
        *(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in lines),
    ]


PAGES: dict[str, Callable[[], str]] = {
    "openapi.json": openapi,
    "workflows.md": vocabulary,
    "asvs.md": asvs.page,
}


def out_of_date(folder: Path) -> list[str]:
    """Return the pages in `folder` that are not what the code would write."""
    return [
        name
        for name, told in PAGES.items()
        if not (folder / name).is_file() or (folder / name).read_text("utf-8") != told()
    ]


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` compare them; return the exit code."""
    try:
        if arguments == ["--check"]:
            late = out_of_date(DOCS)
            for name in late:
                print(f"docs/{name} is not what the code says: run `make docs`")
            return 1 if late else 0
        for name, told in PAGES.items():
            (DOCS / name).write_text(told(), "utf-8")
            print(f"docs/{name} written")
    except Invalid as refusal:
        print(refusal.detail)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
