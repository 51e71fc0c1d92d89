"""The prepared house of the matrix, once for all its cells on each database."""

import shutil
from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa

from tests.policy.ground import Prepared, prepared


@pytest.fixture(scope="module")
def sqlite_ground(
    sqlite_template: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Prepared]:
    """The house on SQLite."""
    file = tmp_path_factory.mktemp("matrix") / "entente.db"
    shutil.copy(str(sqlite_template), file)
    with prepared(f"sqlite:///{file}") as ground:
        yield ground


@pytest.fixture(scope="module")
def postgres_ground(server: str, postgres_template: sa.URL) -> Iterator[Prepared]:
    """The house on PostgreSQL."""
    where = sa.make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    url = postgres_template.set(database="matrix")
    with psycopg.connect(where, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "matrix" TEMPLATE "{postgres_template.database}"')
    with prepared(url.render_as_string(hide_password=False)) as ground:
        yield ground
    with psycopg.connect(where, autocommit=True) as connection:
        connection.execute('DROP DATABASE "matrix" WITH (FORCE)')
