"""Times, cursors, texts and languages behave as every floor above relies on."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.kit.db import Database, UtcDateTime
from app.kit.errors import Malformed
from app.kit.pages import cut, decode, encode
from app.kit.text import Catalogue, Line, Prose, merge_patch, preferred

MOMENTS = sa.Table("moments", sa.MetaData(), sa.Column("at", UtcDateTime))


def test_a_moment_without_zone_is_refused() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - that is the point
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(naive, sa.create_engine("sqlite://").dialect)


def test_moments_come_back_aware_and_sort_as_time_does(database_url: str) -> None:
    late = datetime(2026, 1, 1, 1, 0, tzinfo=timezone(timedelta(hours=5)))
    early = late - timedelta(microseconds=1)
    database = Database(database_url)
    with database.engine.begin() as connection:
        MOMENTS.create(connection)
        connection.execute(sa.insert(MOMENTS), [{"at": late}, {"at": early}])
        found = list(connection.scalars(sa.select(MOMENTS.c.at).order_by(MOMENTS.c.at)))
    database.close()
    assert found == [early, late]
    assert all(moment.tzinfo is UTC for moment in found)


@given(st.lists(st.integers(-(2**62), 2**62), min_size=1, max_size=3))
def test_a_cursor_gives_back_its_key(key: list[int]) -> None:
    assert decode(encode(key), (int,) * len(key)) == key


@pytest.mark.parametrize("cursor", ["", "x", "W10", encode(["a"]), encode([2**63]), "\u00e9", "=="])
def test_a_cursor_that_is_not_ours_is_malformed(cursor: str) -> None:
    with pytest.raises(Malformed):
        decode(cursor, (int,))


def test_only_a_further_page_has_a_next() -> None:
    assert cut([1, 2], 2, lambda n: [n]).next is None
    assert decode(cut([1, 2, 3], 2, lambda n: [n]).next or "", (int,)) == [2]


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\u202eb", "a\x85b"])
def test_control_and_direction_characters_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Line).validate_python(text)


def test_line_ends_of_every_system_are_taken_as_one() -> None:
    assert TypeAdapter(Prose).validate_python("one\r\ntwo\n") == "one\ntwo"


def test_arabic_and_chinese_are_taken_as_typed() -> None:
    assert TypeAdapter(Line).validate_python(" المنسق المقيم ") == "المنسق المقيم"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr-CH, fr;q=0.9, en;q=0.8", "fr"),
        ("de, es;q=0.5, ar;q=0.7", "ar"),
        ("", "en"),
        ("xx;q=nonsense", "en"),
    ],
)
def test_the_best_of_six_languages_is_chosen(header: str, language: str) -> None:
    assert preferred(header) == language


def test_a_text_without_translation_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "fr.po").write_text('msgid "Draft"\nmsgstr "Brouillon"\n', "utf-8")
    texts = Catalogue(tmp_path)
    assert texts.text("Draft", "fr") == "Brouillon"
    assert texts.text("Draft", "ru") == "Draft"
    assert texts.missing({"Draft", "Other"})["fr"] == ["Other"]


def test_null_in_a_merge_patch_empties_a_field() -> None:
    assert merge_patch({"a": 1, "b": {"c": 2}}, {"a": None, "b": {"d": 3}}) == {
        "b": {"c": 2, "d": 3}
    }
