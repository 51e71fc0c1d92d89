"""The field matrix: every field of every answer, for every role, is shown as the table says."""

import types
from collections.abc import Callable, Iterator
from typing import Any, get_args

import pytest
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel

from app import main
from app.config import Settings
from app.directory.actor import ROLES
from app.directory.schemas import PersonView, TokenView
from app.policy import fields
from app.policy.fields import FIELDS, Field, readable, writable
from app.wiring import masking
from app.wiring.masking import holds_back, masked, models_in

SENTINEL = "what only some may read"


def answers() -> dict[str, type[BaseModel]]:
    """Return every model that some operation answers with, and those within them, by name."""
    app = main.create_app(Settings(database_url="sqlite://"))
    left = [
        model
        for context in iter_route_contexts(app.routes)
        if isinstance(model := getattr(context, "response_model", None), type)
    ]
    found: dict[str, type[BaseModel]] = {}
    while left:
        model = left.pop()
        if issubclass(model, BaseModel) and model.__name__ not in found:
            found[model.__name__] = model
            left.extend(models_in(model))
    return found


ANSWERS = answers()


@pytest.fixture
def forget() -> Iterator[None]:
    """Let the masking look at the table anew, before and after."""
    holds_back.cache_clear()
    yield
    holds_back.cache_clear()


def shown(model: type[BaseModel], role: str) -> set[str]:
    """Return the fields of a model that a holder of one role is shown."""
    build: Callable[..., BaseModel] = model.model_construct
    seen = masked(build(**dict.fromkeys(model.model_fields, SENTINEL)), {role})
    return {name for name in model.model_fields if getattr(seen, name) == SENTINEL}


def expected(model: type[BaseModel], role: str) -> set[str]:
    """Return the fields that the table lets a holder of one role read."""
    names = [base.__name__ for base in model.__mro__]
    return {
        field for field in model.model_fields if all(readable({role}, one, field) for one in names)
    }


@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_field_is_shown_to_a_role_as_the_table_says(role: str) -> None:
    cells = {(name, field) for name, model in ANSWERS.items() for field in model.model_fields}
    assert len(cells) > 400
    for model in ANSWERS.values():
        assert shown(model, role) == expected(model, role), model.__name__


def test_what_is_listed_is_there_and_its_readers_and_writers_are_known() -> None:
    for (name, field), known in FIELDS.items():
        model = ANSWERS.get(name)
        assert known.readers | known.writers <= set(ROLES), (name, field)
        if known.readers:
            assert model is not None, name
            allowed = get_args(model.model_fields[field].annotation)
            assert types.NoneType in allowed, f"{name}.{field} is masked with null"


def test_what_is_not_listed_is_for_whoever_sees_the_object() -> None:
    assert readable(set(), "RequestView", "title")
    assert writable(set(), "CommentBody", "text")


def test_an_address_is_for_administrators_wherever_it_stands() -> None:
    told = {"id": 1, "language": "en", "program": False, "suspended": False, "grants": []}
    person = PersonView.model_validate(told | {"name": "Ada", "email": "ada@example.org"})
    content: dict[str, Any] = {"items": [person], "next": None}
    assert masked(content, {"auditor"})["items"][0].email is None
    assert masked(content, {"administrator"})["items"][0].email == "ada@example.org"
    assert masked([person], set())[0].name == "Ada"


def test_a_field_forgotten_by_the_masking_is_caught(
    monkeypatch: pytest.MonkeyPatch, forget: None
) -> None:
    monkeypatch.setitem(
        fields.FIELDS, ("TokenView", "last_used_at"), Field("restricted", frozenset({"auditor"}))
    )
    assert "last_used_at" not in shown(TokenView, "client") == expected(TokenView, "client")
    assert "last_used_at" not in shown(ANSWERS["TokenMade"], "client"), "made from TokenView"
    monkeypatch.setattr(masking, "_open", lambda *_: True)
    assert shown(TokenView, "client") != expected(TokenView, "client")
