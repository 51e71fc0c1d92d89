"""Forms made from the bodies that the services take: their fields, what was typed, what is wrong.

A body's JSON Schema says what a field is; `labels` says what it is called. So a form can send
whatever the interface for programs can, and nothing else.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from markupsafe import Markup, escape
from pydantic import ValidationError
from starlette.datastructures import FormData

from app.directory.schemas import ColleagueView
from app.kit.errors import Blocker
from app.web.labels import NO, YES, answers_of, label_of
from app.web.texts import SPOKEN, filled
from app.wiring.fields import told

Kind = Literal["line", "prose", "lines", "day", "moment", "number", "flag", "one", "many", "person"]
Choices = Sequence[tuple[str, str]]
LINE, FEW, TITLED = 300, 6, 100
TO_THE_MINUTE = len("2026-01-31T12:00")
LEFT_OUT = object()
"""What an empty field sends that its body does not take empty: nothing."""
COUNTRY = "^[A-Z]{3}$"
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form; `label` and `hint` are in English, `choices` are value and label.

    `empty` is what an empty field sends: an empty text or null where the body takes that, and takes
    away what stood there; LEFT_OUT otherwise. `at` says which of several forms of a page it is in.
    Of a `truth` yes or no is chosen. Of a person `like` are the words that were looked for,
    `people` those to choose from. `lacks` is why what it is about cannot go on without it.
    """

    name: str
    kind: Kind
    label: str
    hint: str = ""
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    limit: int | None = None
    least: int | None = None
    most: int | None = None
    country: bool = False
    empty: Any = LEFT_OUT
    at: str = ""
    truth: bool = False
    like: str = ""
    people: tuple[ColleagueView, ...] = ()
    lacks: Blocker | None = None

    @property
    def id(self) -> str:
        """Its id in the page: one page may hold the same field more than once."""
        return f"{self.at}-{self.name}" if self.at else self.name

    @property
    def few(self) -> bool:
        """Whether all choices may stand side by side."""
        return len(self.choices) <= FEW


def fields_of(
    schema: Schema, choices: Mapping[str, Choices], left_out: Iterable[str] = ()
) -> tuple[Field, ...]:
    """Return the fields of a body by its JSON Schema; `choices` are those that no schema knows.

    What must be said, yes or no, has both side by side: to leave it out is neither.
    """
    required = schema.get("required", ())
    found = []
    for name, part in schema.get("properties", {}).items():
        if name not in left_out:
            known = _field(name, _resolved(part, schema), choices.get(name))
            body = str(schema.get("title", ""))
            if known.kind == "flag" and name in required:
                known = replace(known, kind="one", truth=True, choices=answers_of(name, body))
            label, hint = label_of(name, str(part.get("title", "")), body)
            known = replace(known, label=label, hint=hint, empty=_empty(part, schema))
            found.append(replace(known, required=name in required))
    return tuple(found)


def _resolved(part: Schema, whole: Schema) -> dict[str, Any]:
    """Return a part of a schema without references and without "or nothing"."""
    if "$ref" in part:
        part = whole["$defs"][part["$ref"].rpartition("/")[2]]
    told = [_resolved(one, whole) for one in part.get("anyOf", ()) if one.get("type") != "null"]
    some = [one for one in told if one.get("const", "?") != ""]
    if some:
        part = {**part, **some[0]}
    if "items" in part:
        part = {**part, "items": _resolved(part["items"], whole)}
    return dict(part)


def _empty(part: Schema, whole: Schema) -> Any:
    """Return what an empty field sends: an empty text if that is taken, or null, or nothing."""
    ways = [_resolved(one, whole) for one in part.get("anyOf", ())] or [_resolved(part, whole)]
    if any(_takes_empty(one) for one in ways):
        return ""
    return None if any(one.get("type") == "null" for one in ways) else LEFT_OUT


def _takes_empty(part: Schema) -> bool:
    """Whether an empty text is one of the values that a part takes."""
    if "const" in part or "enum" in part:
        return "" in (part.get("const"), *part.get("enum", ()))
    if part.get("type") != "string" or "format" in part or part.get("minLength"):
        return False
    return re.fullmatch(part.get("pattern", ""), "") is not None


def _field(name: str, part: Schema, given: Choices | None) -> Field:
    plain = Field(name, "line", "")
    kind = part.get("type")
    if kind == "array":
        return _many(plain, part["items"], given)
    if given is not None or "enum" in part:
        own = [(str(one), str(one)) for one in part.get("enum", ())]
        chosen = tuple(given if given is not None else own)
        return replace(plain, kind="one", choices=chosen, country=part.get("pattern") == COUNTRY)
    if kind == "boolean":
        return replace(plain, kind="flag")
    if kind in ("integer", "number"):
        return replace(plain, kind="number", least=part.get("minimum"), most=part.get("maximum"))
    return _text(plain, part)


def _many(plain: Field, items: Schema, given: Choices | None) -> Field:
    if items.get("pattern") == COUNTRY:
        return replace(plain, kind="many", country=True, choices=tuple(given or ()))
    if given is not None or "enum" in items:
        own = [(str(one), str(one)) for one in items.get("enum", ())]
        return replace(plain, kind="many", choices=tuple(given if given is not None else own))
    return replace(plain, kind="lines")


def _text(plain: Field, part: Schema) -> Field:
    if part.get("format") == "date":
        return replace(plain, kind="day")
    if part.get("format") == "date-time":
        return replace(plain, kind="moment")
    if part.get("pattern") == COUNTRY:
        return replace(plain, kind="one", country=True)
    limit = part.get("maxLength")
    long = limit is not None and limit > LINE
    return replace(plain, kind="prose" if long else "line", limit=limit)


def as_typed(number: int, text: str) -> Markup:
    """Return a numbered text of people as what a choice is called: it stays as it was typed.

    Its direction is isolated by signs, since an option of a list takes no elements.
    """
    shown = text if len(text) <= TITLED else f"{text[:TITLED].rstrip()}…"
    return escape(f"{number}. \u2068{shown}\u2069")


def read(fields: Iterable[Field], form: FormData) -> dict[str, Any]:
    """Return what was typed as the body takes it; what was left empty is left out, if it may be."""
    found: dict[str, Any] = {}
    for field in fields:
        value = _value(field, [str(one) for one in form.getlist(field.name)])
        if value is not LEFT_OUT:
            found[field.name] = value
    return found


def _value(field: Field, given: list[str]) -> Any:
    text = given[0] if given else ""
    if field.kind == "flag":
        return given[-1:] == [YES]
    if field.truth:
        return {YES: True, NO: False}.get(text, LEFT_OUT)
    if field.kind in ("many", "lines"):
        lines = given if field.kind == "many" else text.splitlines()
        return [line.strip() for line in lines if line.strip()]
    if not text:
        return field.empty
    if field.kind in ("number", "person") and text.lstrip("-").isdecimal():
        return int(text)
    return f"{text}:00Z" if field.kind == "moment" and len(text) == TO_THE_MINUTE else text


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field: an English sentence and its parameters."""

    text: str
    params: Mapping[str, Any]


def faults_of(fault: ValidationError) -> dict[str, Fault]:
    """Return what is wrong, by field; what belongs to no field goes by the empty name."""
    found: dict[str, Fault] = {}
    for one in fault.errors(include_url=False):
        name = str(one["loc"][0]) if one["loc"] else ""
        found.setdefault(name, Fault(*told(one)))
    return found


def wrong(fault: Fault) -> str:
    """Return what is wrong with a field, in the language that is spoken."""
    return filled(SPOKEN.get().sentence(fault.text), fault.params)


def typed_again(fields: Iterable[Field], form: FormData) -> dict[str, Any]:
    """Return what was typed, as it was typed, to be shown again."""
    return {
        f.name: [str(one) for one in form.getlist(f.name)]
        if f.kind == "many"
        else str(form.get(f.name, ""))
        for f in fields
    }


def shown_values(fields: Iterable[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values that are kept as a form shows them."""
    return {f.name: _shown(f, values.get(f.name)) for f in fields}


def _shown(field: Field, value: Any) -> Any:
    if field.kind == "many":
        return [str(one) for one in value or ()]
    if field.kind == "lines":
        return "\n".join(str(one) for one in value or ())
    if isinstance(value, bool):
        return YES if value else NO if field.kind == "one" else ""
    if value is None:
        return ""
    if field.kind == "moment" and hasattr(value, "strftime"):
        return value.strftime("%Y-%m-%dT%H:%M")
    return str(value)
