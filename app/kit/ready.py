"""Statements made ready once, for the few that run at every transition and for every list.

SQLAlchemy prepares a statement anew at each call, which takes longer than to run it. Here it is
compiled once for each kind of database; what goes in and comes out is converted by the same types.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

Convert = Callable[[Any], Any]
Row = Sequence[Any]


class _Many(sa.types.TypeDecorator[Sequence[Any]]):
    """Several values as one parameter: an array on PostgreSQL, a JSON text on SQLite."""

    impl = sa.String
    cache_ok = True

    def __init__(self, one: sa.types.TypeEngine[Any]) -> None:
        """Keep the type of one value."""
        super().__init__()
        self.one = one

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        """Use an array where there are arrays."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(self.one))
        return dialect.type_descriptor(sa.String())

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        """Write the values down."""
        return list(value or ()) if dialect.name == "postgresql" else json.dumps(list(value or ()))


class Among(sa.ColumnElement[bool]):
    """Holds when a column has one of the values of a parameter, however many they are.

    Unlike IN, whose text differs with their number: so the statement stays one and the same.
    """

    inherit_cache = False
    type = sa.Boolean()

    def __init__(self, column: sa.ColumnElement[Any], name: str) -> None:
        """Compare `column` with the values that are given as `name`."""
        self.column = column
        self.wanted = sa.bindparam(name, (), type_=_Many(column.type))

    def self_group(self, against: Any = None) -> "Among":  # noqa: ARG002 - SQLAlchemy gives it
        """Stand in a WHERE as it is: it is no number that must be compared with 1."""
        return self


@compiles(Among, "sqlite")
def _among_sqlite(one: Among, compiler: SQLCompiler, **more: Any) -> str:
    column, wanted = compiler.process(one.column, **more), compiler.process(one.wanted, **more)
    return f"{column} IN (SELECT value FROM json_each({wanted}))"  # noqa: S608 - both are compiled


@compiles(Among, "postgresql")
def _among_postgres(one: Among, compiler: SQLCompiler, **more: Any) -> str:
    column, wanted = compiler.process(one.column, **more), compiler.process(one.wanted, **more)
    return f"{column} = ANY({wanted})"


@dataclass(frozen=True, slots=True)
class Made:
    """A statement as one kind of driver takes it, and how values are converted."""

    text: str
    names: tuple[str, ...]
    positional: bool
    fixed: Mapping[str, Any]
    into: Mapping[str, Convert]
    back: tuple[Convert | None, ...] | None

    def params(self, values: Mapping[str, Any]) -> tuple[Any, ...] | dict[str, Any]:
        """Return values as the driver takes them. Raises KeyError when one is missing."""
        fixed, into = self.fixed, self.into
        own = [
            (into[name](values[name]) if name in into else values[name])
            if name in values
            else fixed[name]
            for name in self.names
        ]
        return tuple(own) if self.positional else dict(zip(self.names, own, strict=True))


def sent(line: sa.Connection, text: str, given: Any) -> Any:
    """Send a statement by the bare driver and return its cursor; a list is a set a row.

    What SQLAlchemy does around each statement takes longer than the statement. It is asked all the
    same where somebody listens to what is sent. Raises what it would raise.
    """
    listening = line.engine.dispatch
    if listening.before_cursor_execute or listening.after_cursor_execute:
        return line.exec_driver_sql(text, given)
    with _told(line, text):
        return _put(line, text, given)


def _put(line: sa.Connection, text: str, given: Any) -> Any:
    cursor: Any = line.connection.cursor()
    (cursor.executemany if isinstance(given, list) else cursor.execute)(text, given)
    return cursor


@contextmanager
def _told(line: sa.Connection, text: str) -> Iterator[None]:
    """Let the driver's errors be those that SQLAlchemy makes of them."""
    driver: Any = line.dialect.loaded_dbapi
    try:
        yield
    except driver.Error as fault:
        lost = line.dialect.is_disconnect(fault, line.connection, None)
        told = DBAPIError.instance(
            text,
            None,
            fault,
            driver.Error,
            hide_parameters=True,
            connection_invalidated=lost,
            dialect=line.dialect,
        )
        if lost:
            line.invalidate(fault)
        raise told from fault


class Ready:
    """A statement that is compiled at its first use; `columns` names what an INSERT is given."""

    def __init__(self, statement: Any, columns: Sequence[str] | None = None) -> None:
        """Keep the statement."""
        self._statement = statement
        self._columns = list(columns) if columns else None
        self._made: dict[str, Made] = {}

    def rows(self, session: Session, values: Mapping[str, Any]) -> list[Row]:
        """Run it once and return its rows."""
        line = session.connection()
        made = self.made(line.dialect)
        found: list[Row] = sent(line, made.text, made.params(values)).fetchall()
        if made.back is None:
            return found
        pairs = tuple(enumerate(made.back))
        return [tuple(turn(row[n]) if turn else row[n] for n, turn in pairs) for row in found]

    def write(self, session: Session, many: Sequence[Mapping[str, Any]]) -> int:
        """Run it for every set of values and return how many rows were changed."""
        line = session.connection()
        changed: int = sent(line, *self.bound(line, many)).rowcount
        return changed

    def bound(self, line: sa.Connection, many: Sequence[Mapping[str, Any]]) -> tuple[str, Any]:
        """Return its text, and one or several sets of values as the driver takes them."""
        made = self.made(line.dialect)
        given = [made.params(values) for values in many]
        return made.text, given if len(given) > 1 else given[0]

    def made(self, dialect: Dialect) -> Made:
        """Return what is sent to this kind of database."""
        made = self._made.get(dialect.name)
        if made is None:
            made = self._made[dialect.name] = self._make(dialect)
        return made

    def _make(self, dialect: Dialect) -> Made:
        compiled: Any = self._statement.compile(dialect=dialect, column_keys=self._columns)
        asked = {
            name
            for name, one in compiled.binds.items()
            if one.required or isinstance(one.type, _Many)
        }
        # The IN of a scope is written out here: its values never change.
        written = compiled.construct_expanded_state(dict.fromkeys(asked))
        positional = bool(dialect.positional)
        names = tuple(written.positiontup if positional else written.parameters)
        into = dict(written.processors)
        for name, one in compiled.binds.items():
            turn = one.type.dialect_impl(dialect).bind_processor(dialect)
            into |= {name: turn} if turn else {}
        fixed = {
            name: into[name](value) if name in into else value
            for name, value in written.parameters.items()
            if name not in asked
        }
        back = tuple(
            column.type.dialect_impl(dialect).result_processor(dialect, None)
            for column in getattr(self._statement, "selected_columns", ())
        )
        return Made(written.statement, names, positional, fixed, into, back if any(back) else None)


Write = tuple[Ready, Sequence[Mapping[str, Any]]]
"""A statement and the sets of values for which it is run, one at least."""


def write_all(session: Session, writes: Sequence[Write]) -> list[int]:
    """Run several statements in order and return how many rows each has changed.

    PostgreSQL is sent all of them before any answer is waited for. Raises what one alone raises.
    """
    line = session.connection()
    listening = line.engine.dispatch
    if listening.before_cursor_execute or listening.after_cursor_execute:
        return [ready.write(session, many) for ready, many in writes]
    bound = [ready.bound(line, many) for ready, many in writes]
    with _told(line, "; ".join(text for text, _ in bound)):
        with _pipeline(line):
            cursors = [_put(line, *one) for one in bound]
        return [cursor.rowcount for cursor in cursors]


def _pipeline(line: sa.Connection) -> AbstractContextManager[Any]:
    driver: Any = line.connection.driver_connection
    together: AbstractContextManager[Any] = (
        driver.pipeline() if line.dialect.name == "postgresql" else nullcontext()
    )
    return together
