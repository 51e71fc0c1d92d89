"""People in forms: found by words of their names, then chosen; nobody types a number."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from starlette.datastructures import FormData

from app.directory.colleagues import colleague, colleagues
from app.web.forms import Fault, Field
from app.web.texts import marked
from app.web.visit import Visit

PERSONS = frozenset({"person_id", "person"})
"""Fields of bodies that name a person."""
LIKE, FOUND = "like", "found"
"""What a form bears beside the person: the words, and those for which it shows whom to choose."""
LONGEST = 100
CHOOSE = marked("Choose who is meant.")
NOBODY = marked("Nobody whom you work with is called that. Of others, give the whole address.")


def asked(desk: Visit, fields: Iterable[Field], given: Mapping[str, Any]) -> tuple[Field, ...]:
    """Return fields where those that name a person bear whom one may choose.

    `given` are values that stand in the form at first.
    """
    return tuple(_asked(desk, one, given) if one.name in PERSONS else one for one in fields)


def _asked(desk: Visit, field: Field, given: Mapping[str, Any]) -> Field:
    like = str(desk.form.get(f"{field.name}.{LIKE}", ""))[:LONGEST].strip()
    changed = like != str(desk.form.get(f"{field.name}.{FOUND}", like))
    chosen = "" if changed else str(desk.form.get(field.name) or given.get(field.name) or "")
    found = colleagues(desk.session, desk.actor, like)
    if chosen.isdecimal() and chosen not in {str(one.id) for one in found}:
        found = [*colleague(desk.session, desk.actor, int(chosen)), *found]
    return replace(field, kind="person", like=like, people=tuple(found))


def unsettled(fields: Iterable[Field], form: FormData) -> dict[str, Fault]:
    """Return what is open: words were typed, and nobody is chosen among those whom they fit."""
    found = {}
    for field in fields:
        shown = str(form.get(f"{field.name}.{FOUND}", ""))
        if field.kind == "person" and field.like:
            if not field.people:
                found[field.name] = Fault(NOBODY, {})
            elif field.like != shown or not form.get(field.name):
                found[field.name] = Fault(CHOOSE, {})
    return found
