"""What is stated with a move, held against the form of its transition."""

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from app.engine.definition import TransitionDef
from app.kit.errors import Blocker, Invalid
from app.kit.text import printable


def check(transition: TransitionDef, form: Mapping[str, Any]) -> None:
    """Hold what was stated against the transition's form.

    Raises Invalid with every fault at once.
    """
    if not transition.form and not form:
        return
    validator = Draft202012Validator(transition.schema_document, format_checker=FormatChecker())
    faults = [
        Blocker("form.invalid", "", {"field": "/".join(map(str, e.path)), "fault": e.message})
        for e in sorted(validator.iter_errors(dict(form)), key=lambda e: list(map(str, e.path)))
    ]
    faults += [
        Blocker("form.invalid", "", {"field": name, "fault": fault})
        for name, value in sorted(form.items())
        if (fault := _unreadable(value))
    ]
    if faults:
        raise Invalid("transition.form", "The form is not filled in as it must be.", faults)


def _unreadable(value: Any) -> str:
    """Return why nobody could read what was stated; empty when it is no text, or a plain one."""
    if not isinstance(value, str):
        return ""
    try:
        return "" if printable(value).strip() else "a blank text says nothing"
    except ValueError as fault:
        return str(fault)
