"""Entries as rows of plain cells, and back: the form that CSV and spreadsheets share; pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.compendium.entries import FORMS, KINDS, Kind
from app.kit.errors import Invalid

FIRST = ("kind", "code")
FIELDS: Mapping[Kind, tuple[str, ...]] = {
    kind: tuple(name for name in FORMS[kind].model_fields if name not in ("code", "subject"))
    for kind in KINDS
}
"""What each kind says beside its code."""
ENTITY_KIND = "entity_kind"
"""The column of an entity's own kind: `kind` is that of the entry."""
LISTS = frozenset({"topics", "kinds", "sectors", "regions", "sensitivities", "cite", "parties"})
NUMBERS = frozenset({"requests", "person_id"})
FORMULA = ("=", "+", "-", "@", "'")
BETWEEN = "; "


def header() -> list[str]:
    """Return the names of the columns."""
    named = [ENTITY_KIND if place == 0 else name for place, name in enumerate(_kinds())]
    return [*FIRST, *named]


def _kinds() -> list[str]:
    rest = dict.fromkeys(name for kind in KINDS for name in FIELDS[kind])
    return ["kind", *(name for name in rest if name != "kind")]


def flat(kind: Kind, code: str, told: Mapping[str, Any]) -> list[str]:
    """Return an entry as cells; a text that a spreadsheet would compute is marked as a text."""
    cells = [_cell(told.get(name)) if name in FIELDS[kind] else "" for name in _kinds()]
    return [kind, code, *cells]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return BETWEEN.join(f"{name}={one}" for name, one in sorted(value.items()))
    if isinstance(value, list | tuple):
        return BETWEEN.join(map(str, value))
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def entries_of(rows: Iterable[Sequence[str]]) -> list[tuple[Kind, str, dict[str, Any]]]:
    """Return what rows say, by kind and code; the first row names the columns.

    Raises Invalid, naming the line, for columns and kinds that nobody knows.
    """
    lines = iter(rows)
    named = [cell.strip() for cell in next(lines, [])]
    known = header()
    strange = sorted(set(filter(None, named)) - set(known))
    if strange or not set(FIRST) <= set(named):
        raise Invalid("import.columns", f"Columns are {', '.join(known)}; not {strange}.")
    found = []
    for number, row in enumerate(lines, 2):
        told = {name: cell.strip() for name, cell in zip(named, row, strict=False) if name}
        if any(told.values()):
            found.append(_entry(number, told))
    return found


def _entry(number: int, told: Mapping[str, str]) -> tuple[Kind, str, dict[str, Any]]:
    kind = next((one for one in KINDS if one == told["kind"]), None)
    if kind is None:
        raise Invalid("import.kind", f"Line {number}: there is no kind {told['kind']!r}.")
    content: dict[str, Any] = {}
    for column, cell in told.items():
        name = "kind" if column == ENTITY_KIND else column
        if column in FIRST or name not in FIELDS[kind]:
            continue
        content[name] = _value(name, cell)
    return kind, told["code"], content


def _value(name: str, cell: str) -> Any:
    text = cell.removeprefix("'")
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if name in LISTS:
        return parts
    if name == "split":
        return dict(part.partition("=")[::2] for part in parts)
    if name == "assignable":
        return {"yes": True, "no": False}.get(text.lower(), text)
    if name in NUMBERS:
        return int(text) if text.isdigit() else text
    return text or ("" if name in TEXTS else None)


TEXTS = frozenset({"source", "basis", "note", "period"})
"""Fields that may be empty texts; any other empty cell says nothing."""
