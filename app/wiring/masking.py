"""How an answer is written, and what it keeps back: fields not for this reader go out as null.

What may be read stands in the policy table (`policy.fields`); here is the one place that asks it.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from pydantic import BaseModel

from app.kit.errors import Forbidden
from app.policy.fields import effective, kind_of, limited, rank, writable
from app.policy.rule import Field, Kind
from app.wiring.shapes import held_by, models_in, name_of, plain


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Who reads an answer: the roles held, how far the operation reads, and whether within.

    `own`: the entities for whose sake alone the request is seen; None when it is seen otherwise.
    All but `reads` are asked for only where something hangs on them.
    """

    roles: Callable[[], Collection[str]]
    reads: Kind
    within: Callable[[], bool]
    own: Callable[[], frozenset[str] | None]

    def may(self, known: Field) -> bool:
        """Whether a field of this class is for this reader."""
        if known.readers and known.readers.isdisjoint(self.roles()):
            return False
        if rank(known.kind) > rank(self.reads):
            return False
        if known.entities == "none" and self.own() is not None:
            return False
        return known.kind != "restricted" or bool(known.readers) or self.within()

    def shared(self, known: Field, value: Any) -> Any:
        """Return what of a field's value is for this reader: all, or what names an own entity."""
        own = self.own() if known.entities == "own" else None
        if own is None:
            return value
        if isinstance(value, list | tuple):
            return [one for one in value if not own.isdisjoint(_named_in(one))]
        return None if own.isdisjoint(_named_in(value)) else value


def masked(content: Any, onlooker: Onlooker) -> Any:
    """Return content with null for every field that is not for the reader.

    Goes into models within models, lists and dicts; what holds no such field stays as it is.
    Raises Forbidden for a model that is restricted as a whole.
    """
    if isinstance(content, BaseModel):
        return _masked_model(content, onlooker) if holds_back(type(content)) else content
    if isinstance(content, list | tuple):
        return [masked(one, onlooker) for one in content]
    if isinstance(content, dict):
        return {name: masked(one, onlooker) for name, one in content.items()}
    return content


def hold_fields(sent: Iterable[BaseModel], roles: Callable[[], Collection[str]]) -> None:
    """Hold what was sent against who may send it. Raises Forbidden, naming the field."""
    for body in sent:
        model = name_of(type(body))
        for name in sorted(limited(model) & body.model_fields_set):
            if not writable(roles(), model, name):
                raise Forbidden("field.not_writable", f"The field '{name}' is not yours to set.")


def keeps_back(content: Any) -> bool:
    """Whether some reader may have to be kept from a part of this content."""
    if isinstance(content, BaseModel):
        return holds_back(type(content))
    if isinstance(content, dict):
        return any(keeps_back(one) for one in content.values())
    return isinstance(content, list | tuple) and any(keeps_back(one) for one in content)


def _masked_model(content: BaseModel, onlooker: Onlooker) -> BaseModel:
    kind = type(content)
    if not onlooker.may(Field(kind_of(name_of(kind)))):
        raise Forbidden("part.restricted", "This part of the request is not open to you.")
    shown = {
        name: masked(onlooker.shared(known, getattr(content, name)), onlooker)
        if onlooker.may(known)
        else None
        for name, known in watched(kind)
    }
    return content.model_copy(update=shown)


def _named_in(value: Any) -> Collection[str]:
    """Return the entities that a value is, or is about."""
    if value is None or isinstance(value, str):
        return (value,) if value else ()
    one: str | None = getattr(value, "entity", None)
    return (one,) if one else tuple(getattr(value, "entities", ()))


@cache
def fields_of(kind: type[BaseModel]) -> dict[str, Field]:
    """Return what holds for each field of a model."""
    return {held.name: effective(held) for held in held_by(kind)}


@cache
def watched(kind: type[BaseModel]) -> tuple[tuple[str, Field], ...]:
    """Return the fields of a model that must be looked at one by one.

    A plain value of the model's own class is not: who may read the model may read it.
    """
    whole, given = Field(kind_of(name_of(kind))), kind.model_fields
    return tuple(
        (name, known)
        for name, known in fields_of(kind).items()
        if known != whole or not plain(given[name].annotation)
    )


@cache
def holds_back(kind: type[BaseModel]) -> bool:
    """Whether a model, or one within it, has a field that is not for everyone."""
    own = fields_of(kind).values()
    if any(known.entities != "all" for known in own):
        return True
    if any(known.readers or rank(known.kind) > rank("internal") for known in own):
        return True
    return any(holds_back(inner) for inner in models_in(kind) if inner is not kind)


def to_json(content: BaseModel | list[Any] | dict[str, Any]) -> bytes:
    """Return the JSON of a model, or of models within a list or a dict."""
    return orjson.dumps(content, default=_written)


def _written(value: Any) -> orjson.Fragment:
    """Return a model as the JSON that it writes of itself."""
    if not isinstance(value, BaseModel):
        raise TypeError(f"{type(value).__name__} is no part of an answer")
    return orjson.Fragment(value.model_dump_json())
