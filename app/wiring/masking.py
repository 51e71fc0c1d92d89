"""How an answer is written, and what it keeps back: fields not for this reader go out as null."""

from collections.abc import Collection
from functools import cache
from typing import Any, get_args

import orjson
from pydantic import BaseModel

from app.policy.fields import listed, readable


def masked(content: Any, roles: Collection[str]) -> Any:
    """Return content with null for every field that holders of `roles` may not read.

    Goes into models within models, lists and dicts; what holds no such field stays as it is.
    """
    if isinstance(content, BaseModel):
        return _masked_model(content, roles) if holds_back(type(content)) else content
    if isinstance(content, list | tuple):
        return [masked(one, roles) for one in content]
    if isinstance(content, dict):
        return {name: masked(one, roles) for name, one in content.items()}
    return content


def keeps_back(content: Any) -> bool:
    """Whether some reader may have to be kept from a part of this content."""
    if isinstance(content, BaseModel):
        return holds_back(type(content))
    if isinstance(content, dict):
        return any(keeps_back(one) for one in content.values())
    return isinstance(content, list | tuple) and any(keeps_back(one) for one in content)


def _masked_model(content: BaseModel, roles: Collection[str]) -> BaseModel:
    kind = type(content)
    shown = {
        name: masked(getattr(content, name), roles) if _open(kind, name, roles) else None
        for name in kind.model_fields
    }
    return content.model_copy(update=shown)


def _open(kind: type[BaseModel], name: str, roles: Collection[str]) -> bool:
    """Whether a field may be read; what is said of a model holds for those made from it."""
    return all(readable(roles, base.__name__, name) for base in kind.__mro__)


@cache
def holds_back(kind: type[BaseModel]) -> bool:
    """Whether a model, or one within it, has a field that is not for everyone."""
    if any(listed(base.__name__) for base in kind.__mro__):
        return True
    return any(holds_back(inner) for inner in models_in(kind) if inner is not kind)


def models_in(kind: type[BaseModel]) -> set[type[BaseModel]]:
    """Return the models that stand in the fields of a model, one step down."""
    return {m for field in kind.model_fields.values() for m in _models(field.annotation)}


def _models(annotation: Any) -> set[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return {found for part in get_args(annotation) for found in _models(part)}


def to_json(content: BaseModel | list[Any] | dict[str, Any]) -> bytes:
    """Return the JSON of a model, or of models within a list or a dict."""
    return orjson.dumps(content, default=_written)


def _written(value: Any) -> orjson.Fragment:
    """Return a model as the JSON that it writes of itself."""
    if not isinstance(value, BaseModel):
        raise TypeError(f"{type(value).__name__} is no part of an answer")
    return orjson.Fragment(value.model_dump_json())
