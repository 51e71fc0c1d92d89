"""The whole service as the application role of PostgreSQL: both nets are spread."""

from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa

from app.cli.demo import cast
from app.cli.demo.stage import Stage, by
from app.cli.demo.story import Story
from app.kit import revisions
from tests.conftest import copied
from tests.factories.clients import Clients
from tests.journeys import acts
from tests.journeys.conftest import Tell, offered, story, sweep

__all__ = ["offered", "story", "sweep"]

SERVICE = "rows_service"
COUNTRIES = ("KEN", "UGA", "FJI")


@pytest.fixture
def owner_url(postgres_template: sa.URL) -> Iterator[str]:
    """The URL of a fresh, loaded database with separated roles, as its owner."""
    with copied(postgres_template) as url:
        plain = sa.make_url(url).set(drivername="postgresql")
        line = plain.render_as_string(hide_password=False)
        with psycopg.connect(line, autocommit=True) as opened:
            opened.execute((revisions.MIGRATIONS / "roles.sql").read_text())
            opened.execute(
                f"DO $$ BEGIN CREATE ROLE {SERVICE} LOGIN IN ROLE entente_app;"
                " EXCEPTION WHEN duplicate_object THEN NULL; END $$"
            )
        yield url


@pytest.fixture
def database_url(owner_url: str) -> str:
    """The same as the role of the service."""
    url = sa.make_url(owner_url).set(username=SERVICE)
    return url.render_as_string(hide_password=False)


@pytest.fixture
def stage(clients: Clients) -> Stage:
    """The cast of the play, at the API of the service."""
    with clients.office.writing() as session:
        players = cast.gather(session, clients.house.key, cast.everybody(session, COUNTRIES))
    return Stage(by(clients.http), players)


@pytest.fixture
def at_matching_of_two(story: Tell) -> Story:
    """A request of Kenya for training and a response team, brought there past both nets."""
    told = story("KEN")
    acts.at_matching(told, acts.asking(acts.TRAINING, acts.CIRT))
    return told
