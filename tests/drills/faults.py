"""Faults to be planted into a service, to see the kill drill find them."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Engine


@dataclass(frozen=True)
class CommitsBefore:
    """A fault: whatever is written into `table` goes into a second transaction."""

    table: str

    def __call__(self, engine: Engine) -> None:
        """Plant it."""

        def split(
            connection: sa.Connection, cursor: object, statement: str, *_more: object
        ) -> None:
            if statement.startswith(f"INSERT INTO {self.table}"):
                driver = connection.connection.driver_connection
                assert driver is not None
                driver.commit()
                if engine.dialect.name == "sqlite":
                    driver.execute("BEGIN IMMEDIATE")

        sa.event.listen(engine, "before_cursor_execute", split)


def one_more(engine: Engine) -> None:
    """Plant a further statement: no fault, but a new point."""

    def more(connection: sa.Connection, _c: object, statement: str, *_more: object) -> None:
        if statement.startswith("INSERT INTO request_events"):
            connection.exec_driver_sql("SELECT 1")

    sa.event.listen(engine, "before_cursor_execute", more)
