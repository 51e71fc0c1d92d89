"""What the fields of forms are called, with a hint where one helps, and what can be chosen."""

from collections.abc import Callable
from typing import Any

from app.web.texts import marked

Named = tuple[str, str]

LABELS: dict[str, Named] = {
    "title": (marked("Title"), marked("One line that tells what the country asks for.")),
    "reason": (marked("Reason"), ""),
    "comment": (marked("Remark"), marked("Kept in the timeline.")),
}
"""By the name of the field: its label and its hint."""


def label_of(name: str, otherwise: str = "") -> Named:
    """Return the label and the hint of a field; one without an entry goes by its own name."""
    known = LABELS.get(name)
    if known is not None:
        return known
    return (otherwise if " " in otherwise else name.replace("_", " ").capitalize()), ""


CHOICES: dict[str, Callable[[Any], Any]] = {}
"""By the name of the field: what can be chosen, as value and English label."""
