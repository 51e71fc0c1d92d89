"""Classes: every table has one, and no text of a request's part escapes an erasure."""

from importlib import import_module

import sqlalchemy as sa

from app.kit.db import Base
from app.retention.classes import LOGGED, MENTIONING, PARTS, STAYS, TERMS, Part
from tests.house.source import ROOT

for room in sorted(ROOT.glob("app/*/tables*")):
    import_module(f"app.{room.parent.name}.tables")

WORDLESS = (
    *(sa.Integer, sa.Boolean, sa.Date, sa.Float, sa.Numeric),
    *(sa.DateTime, sa.types.TypeDecorator),
)
INDEX = "request_words"
"""Made by a migration: no model stands for it."""


def unclassed(tables: set[str], parts: tuple[Part, ...]) -> set[str]:
    """Return the tables that have no class, or more than one."""
    named = [part.rows.__tablename__ for part in parts]
    named += [*LOGGED, *MENTIONING, *STAYS]
    return {name for name in tables if named.count(name) != 1} | (set(named) - tables)


def escaping(part: Part) -> set[str]:
    """Return the columns of a part that can hold words, and are neither blanked nor may stay."""
    if part.blanks is None:
        return set()
    columns = Base.metadata.tables[part.rows.__tablename__].columns
    wordy = {c.name for c in columns if not isinstance(c.type, WORDLESS)}
    return wordy - set(part.blanks) - set(part.keeps)


def test_every_table_has_one_class() -> None:
    """A new table: name it in app/retention/classes.py, and say what an erasure does to it."""
    assert unclassed({*Base.metadata.tables, INDEX}, PARTS) == set()


def test_every_column_with_words_is_blanked_or_may_stay() -> None:
    found = {part.rows.__tablename__: escaping(part) for part in PARTS}
    assert {name: columns for name, columns in found.items() if columns} == {}


def test_what_may_stay_exists_and_is_not_blanked() -> None:
    for part in PARTS:
        columns = set(Base.metadata.tables[part.rows.__tablename__].columns.keys())
        named = [*(part.blanks or {}), *part.keeps, part.by]
        assert set(named) <= columns, part.rows.__tablename__
        assert not set(part.blanks or {}) & set(part.keeps), part.rows.__tablename__


def test_every_term_counts_from_a_moment() -> None:
    for term in TERMS:
        assert term.since in Base.metadata.tables[term.rows.__tablename__].columns


def test_what_is_forgotten_is_seen() -> None:
    tables = {*Base.metadata.tables, INDEX}
    assert unclassed(tables | {"diaries"}, PARTS) == {"diaries"}
    assert unclassed(tables, PARTS[1:]) == {PARTS[0].rows.__tablename__}
    told = next(part for part in PARTS if part.rows.__tablename__ == "clarifications")
    assert escaping(Part(told.rows, blanks={"question": ""})) == {"answer"}
