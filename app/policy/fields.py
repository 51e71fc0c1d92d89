"""Which fields of an answer are for whom: the exceptions to "whoever sees the object sees it".

A field has one of four classes: `public` (may be published), `internal` (whoever sees the object),
`restricted` (the named roles), `protected` (the named roles, encrypted at rest, opened by name and
with a reason). Only exceptions to `internal` are listed. The desk masks what may not be read, in
one place, when an answer is written: the field is there and its value is null.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Kind = Literal["public", "internal", "restricted", "protected"]


@dataclass(frozen=True, slots=True)
class Field:
    """The class of one field, the roles that may read it and those that may write it.

    No roles named: whoever may read the object, or carry out the operation.
    """

    kind: Kind
    readers: frozenset[str] = frozenset()
    writers: frozenset[str] = frozenset()


INTERNAL = Field("internal")

FIELDS: dict[tuple[str, str], Field] = {
    ("PersonView", "email"): Field("restricted", readers=frozenset({"administrator"})),
}
"""The exceptions, by the name of the model (a view or a body) and of its field.

A restricted or protected field of a view must allow null: what is masked is null.
"""


def field_of(model: str, field: str) -> Field:
    """Return the class of a field."""
    return FIELDS.get((model, field), INTERNAL)


def readable(roles: Collection[str], model: str, field: str) -> bool:
    """Whether someone who holds `roles` towards the object may read this field of `model`.

    `roles` are the roles held towards the request that the answer is about (its country, its
    entities, or everywhere), or those held at all where there is no request. `model` is the name of
    the pydantic class of the answer (`AnswerView`). True for every field that is not listed.
    """
    known = field_of(model, field)
    return not known.readers or not known.readers.isdisjoint(roles)


def writable(roles: Collection[str], model: str, field: str) -> bool:
    """Whether someone who holds `roles` towards the object may send this field of a body."""
    known = field_of(model, field)
    return not known.writers or not known.writers.isdisjoint(roles)


def listed(model: str) -> frozenset[str]:
    """Return the fields of a model that not everyone may read."""
    return frozenset(
        field for name, field in FIELDS if name == model and FIELDS[name, field].readers
    )
