"""Forms made of bodies: every kind of field, what was typed, what is wrong, and what comes back."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import FormData

from app.kit.speech import speech
from app.kit.text import Alpha3, Instant, Name
from app.web import forms
from app.web.texts import speaking
from app.wiring import fields
from tests.web.speeches import NO_PACKS


class Everything(BaseModel):
    """A body with a field of each kind."""

    line: Annotated[str, Field(max_length=300)]
    prose: Annotated[str, Field(max_length=20_000)] = ""
    name: Name | None = None
    lines: tuple[str, ...] = Field((), max_length=2)
    on: date | None = None
    at: Instant | None = None
    number: int = Field(1, ge=1, le=5)
    flag: bool = False
    one: Literal["a", "b"] = "a"
    many: tuple[Literal["a", "b", "c"], ...] = ()
    country: Alpha3 | None = None
    countries: tuple[Alpha3, ...] = ()


FIELDS = forms.fields_of(Everything.model_json_schema(), {})
KINDS = {
    "line": "line",
    "prose": "prose",
    "name": "line",
    "lines": "lines",
    "on": "day",
    "at": "moment",
    "number": "number",
    "flag": "flag",
    "one": "one",
    "many": "many",
    "country": "one",
    "countries": "many",
}
TYPED: list[tuple[str, Any]] = [
    ("line", "One"),
    ("prose", ""),
    ("name", ""),
    ("lines", "first\r\n\r\n second "),
    ("on", "2026-11-22"),
    ("at", "2026-11-22T09:30"),
    ("number", "3"),
    ("flag", "yes"),
    ("one", "b"),
    ("many", "a"),
    ("many", "c"),
    ("country", ""),
    ("countries", "KEN"),
    ("csrf", "not a field"),
]


def sent(*pairs: tuple[str, Any]) -> FormData:
    return FormData(list(pairs))


def test_each_field_is_of_the_kind_that_its_body_takes() -> None:
    assert {one.name: one.kind for one in FIELDS} == KINDS
    assert [one.name for one in FIELDS if one.required] == ["line"]
    assert {one.name for one in FIELDS if one.country} == {"country", "countries"}
    number = next(one for one in FIELDS if one.name == "number")
    assert (number.least, number.most) == (1, 5)


class Decided(BaseModel):
    """A body in which yes or no must be said."""

    model_config = ConfigDict(strict=True)

    approved: bool
    other: bool


def test_what_must_be_said_is_chosen_and_to_leave_it_out_is_no_refusal() -> None:
    one, other = asked = forms.fields_of(Decided.model_json_schema(), {})
    assert (one.kind, one.required) == ("one", True)
    assert one.choices == (("yes", "Approve it"), ("no", "Reject it"))
    assert forms.read(asked, sent()) == {}
    assert other.choices == (("yes", "Yes"), ("no", "No"))
    read = forms.read(asked, sent(("approved", "no"), ("other", "yes")))
    assert Decided.model_validate(read) == Decided(approved=False, other=True)
    assert forms.shown_values(asked, {"approved": True}) == {"approved": "yes", "other": ""}


def test_what_is_typed_is_what_the_body_takes() -> None:
    body = Everything.model_validate(forms.read(FIELDS, sent(*TYPED)))
    assert body.lines == ("first", "second")
    assert body.at == datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    assert (body.on, body.number, body.flag, body.one) == (date(2026, 11, 22), 3, True, "b")
    assert (body.many, body.country, body.countries) == (("a", "c"), None, ("KEN",))
    assert body.name is None, "a field left empty was not filled in"


def test_what_is_wrong_stands_beside_its_field_in_words() -> None:
    wrong = [("line", "x" * 301), ("lines", "1\n2\n3"), ("on", "soon"), ("number", "many")]
    with pytest.raises(ValidationError) as fault:
        Everything.model_validate(forms.read(FIELDS, sent(*wrong, ("one", "z"))))
    found = forms.faults_of(fault.value)
    assert set(found) == {"line", "lines", "on", "number", "one"}
    assert all(one.text in {*fields.SENTENCES.values()} for one in found.values())
    assert found["line"].params["max_length"] == 300


def test_what_was_typed_comes_back_as_it_was_typed() -> None:
    wrong = sent(("line", " <b> "), ("number", "many"), ("many", "a"), ("on", "soon"))
    back = forms.typed_again(FIELDS, wrong)
    assert back["line"] == " <b> "
    assert (back["number"], back["many"], back["on"]) == ("many", ["a"], "soon")


def test_a_choice_that_people_wrote_keeps_its_direction_and_tells_where_it_is_cut() -> None:
    assert forms.as_typed(2, "Ends <here>.") == "2. \u2068Ends &lt;here&gt;.\u2069"
    assert forms.as_typed(1, "word " * 40).removesuffix("\u2069").endswith("word…")


def test_what_is_kept_is_shown_so_that_sending_it_again_changes_nothing() -> None:
    body = Everything.model_validate(forms.read(FIELDS, sent(*TYPED)))
    shown = forms.shown_values(FIELDS, body.model_dump())
    pairs = [
        (name, one)
        for name, value in shown.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    assert Everything.model_validate(forms.read(FIELDS, sent(*pairs))) == body


def test_every_sentence_about_a_field_can_be_said_with_its_values() -> None:
    values = {"max_length": 3, "ge": 1, "le": 5}
    with speaking(speech("en", NO_PACKS, {})):
        for sentence in fields.SENTENCES.values():
            assert "{" not in sentence.format(**values)
