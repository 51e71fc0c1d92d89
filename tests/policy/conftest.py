"""The prepared house of the matrix: built once a run, and brought over to PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.conftest import PLACE, admin
from tests.drills.ground import carry
from tests.policy.ground import Prepared, built, prepared, shared


@pytest.fixture(scope="session")
def sqlite_ground(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Prepared]:
    """The house on SQLite."""
    template, ground = shared(PLACE, sqlite_template, built)
    file = tmp_path_factory.mktemp("matrix") / "entente.db"
    shutil.copy(template, file)
    with prepared(f"sqlite:///{file}", ground) as running:
        yield running


@pytest.fixture(scope="session")
def postgres_ground(
    server: str, postgres_template: sa.URL, sqlite_template: Path
) -> Iterator[Prepared]:
    """The house on PostgreSQL: the rows of the other are brought over."""
    template, ground = shared(PLACE, sqlite_template, built)
    url = postgres_template.set(database="matrix")
    admin(server, f'CREATE DATABASE "matrix" TEMPLATE "{postgres_template.database}"')
    carry(template, url)
    with prepared(url.render_as_string(hide_password=False), ground) as running:
        yield running
    admin(server, 'DROP DATABASE "matrix" WITH (FORCE)')
