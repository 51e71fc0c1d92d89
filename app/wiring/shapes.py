"""What the operations give and take, field by field, as their endpoints are written."""

import types
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel
from starlette.routing import BaseRoute, Route

from app.policy.fields import Held, Shapes, field_of

Model = type[BaseModel]


@cache
def name_of(model: Model) -> str:
    """Return the name by which the table knows a model: "room.Name"; lists are all one."""
    room = model.__module__.split(".")[1]
    return f"{room}.{model.__name__.partition('[')[0]}"


@cache
def models_in(model: Model) -> frozenset[Model]:
    """Return the models that stand in the fields of a model, one step down."""
    return frozenset(m for field in model.model_fields.values() for m in within(field.annotation))


def within(annotation: Any) -> set[Model]:
    """Return the models that an annotation names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return {found for part in get_args(annotation) for found in within(part)}


PLAIN = frozenset({str, int, float, bool, date, datetime, types.NoneType})


def plain(annotation: Any) -> bool:
    """Whether an annotation names nothing but texts, numbers, days and the like, or many of them.

    What is not known for certain is not plain: it may hold a model.
    """
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return True
    if origin is Annotated:
        return plain(parts[0])
    if parts:
        return all(part is Ellipsis or plain(part) for part in parts)
    return isinstance(annotation, type) and annotation in PLAIN


def every(models: Iterable[Model]) -> set[Model]:
    """Return models with all that stand within them."""
    found, left = set[Model](), list(models)
    while left:
        model = left.pop()
        if model not in found:
            found.add(model)
            left.extend(models_in(model))
    return found


@cache
def held_by(model: Model) -> tuple[Held, ...]:
    """Return the fields of a model."""
    return tuple(
        Held(
            name_of(model),
            name,
            tuple(map(name_of, within(field.annotation))),
            types.NoneType in get_args(field.annotation),
        )
        for name, field in model.model_fields.items()
    )


def same(some: list[BaseRoute], others: list[BaseRoute]) -> bool:
    """Whether two lists hold the very same routes."""
    return list(map(id, some)) == list(map(id, others))


def shapes(routes: Iterable[BaseRoute]) -> Shapes:
    """Return the fields of the answers and the body of every operation."""
    return {
        name: (_fields(answers), _fields(bodies)) for name, answers, bodies in signatures(routes)
    }


def signatures(routes: Iterable[BaseRoute]) -> Iterator[tuple[str, set[Model], set[Model]]]:
    """Yield every operation with the models of its answers and of its body."""
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from signatures(included.routes)
        elif isinstance(route, Route):
            name = getattr(route.endpoint, "__name__", "")
            given = within(getattr(route, "response_model", None))
            taken = getattr(getattr(route, "dependant", None), "body_params", ())
            sent = {model for one in taken for model in within(one.field_info.annotation)}
            yield name, every(given), every(sent)


def _fields(models: Iterable[Model]) -> list[Held]:
    return [held for model in models for held in held_by(model)]


def marked(document: dict[str, Any], routes: Iterable[BaseRoute]) -> None:
    """Write the class of every field into the schemas of the API's description (`x-class`)."""
    models = {
        (model.__name__, frozenset(model.model_fields)): model
        for _, answers, bodies in signatures(routes)
        for model in answers | bodies
    }
    for schema in document["components"]["schemas"].values():
        properties = schema.get("properties", {})
        model = models.get((schema.get("title", ""), frozenset(properties)))
        for name, told in properties.items() if model else ():
            known = field_of(name_of(model), name)
            told["x-class"] = known.kind
            if known.readers:
                told["x-readers"] = sorted(known.readers)
            if known.entities != "all":
                told["x-entities"] = known.entities
