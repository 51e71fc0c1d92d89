"""The whole service as the application role of PostgreSQL: both nets are spread."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
import pytest
import sqlalchemy as sa

from app.cli.demo import cast
from app.cli.demo.stage import Stage, by
from app.cli.demo.story import Story
from app.kit import revisions
from tests.conftest import copied, settings_for
from tests.factories.clients import Clients
from tests.journeys import acts
from tests.journeys.beginnings import rest
from tests.journeys.conftest import offered, story, sweep

__all__ = ["offered", "story", "sweep"]

SERVICE = "rows_service"
COUNTRIES = ("KEN", "UGA", "FJI")
BEGUN = "at_matching_of_two"


@dataclass(frozen=True)
class Sought:
    """A database in which entities are sought for a request, who plays, and the request."""

    url: sa.URL
    players: dict[str, cast.Player]
    reference: str


@contextmanager
def separated(template: sa.URL) -> Iterator[str]:
    """Give the URL of a fresh, loaded database with separated roles, as its owner."""
    with copied(template) as url:
        plain = sa.make_url(url).set(drivername="postgresql")
        line = plain.render_as_string(hide_password=False)
        with psycopg.connect(line, autocommit=True) as opened:
            opened.execute((revisions.MIGRATIONS / "roles.sql").read_text())
            opened.execute(
                f"DO $$ BEGIN CREATE ROLE {SERVICE} LOGIN IN ROLE entente_app;"
                " EXCEPTION WHEN duplicate_object THEN NULL; END $$"
            )
        yield url


def as_service(owner_url: str) -> str:
    """Return the same URL as the role of the service."""
    return sa.make_url(owner_url).set(username=SERVICE).render_as_string(hide_password=False)


def gathered(clients: Clients) -> Stage:
    """Return the cast of the play, at the API of the service."""
    with clients.office.writing() as session:
        players = cast.gather(session, clients.house.key, cast.everybody(session, COUNTRIES))
    return Stage(by(clients.http), players)


@pytest.fixture(scope="session")
def sought(postgres_template: sa.URL) -> Iterator[Sought]:
    """A request of Kenya for training and a response team, brought there past both nets, once."""
    with separated(postgres_template) as url:
        with Clients(settings_for(as_service(url))) as clients:
            stage = gathered(clients)
            told = Story(stage, ["KEN"], datetime.now(UTC).date())
            acts.at_matching(told, acts.asking(acts.TRAINING, acts.CIRT))
            rest(clients)
        yield Sought(sa.make_url(url), stage.players, told.reference)


@pytest.fixture
def owner_url(request: pytest.FixtureRequest, postgres_template: sa.URL) -> Iterator[str]:
    """The URL of a fresh database with separated roles, as its owner, where the test begins."""
    begun = BEGUN in request.fixturenames
    with (
        copied(request.getfixturevalue("sought").url) if begun else separated(postgres_template)
    ) as url:
        yield url


@pytest.fixture
def database_url(owner_url: str) -> str:
    """The same as the role of the service."""
    return as_service(owner_url)


@pytest.fixture
def stage(request: pytest.FixtureRequest, clients: Clients) -> Stage:
    """The cast of the play, at the API of the service."""
    if BEGUN in request.fixturenames:
        return Stage(by(clients.http), dict(request.getfixturevalue("sought").players))
    return gathered(clients)


@pytest.fixture
def at_matching_of_two(stage: Stage, sought: Sought) -> Story:
    """The story of the request for which entities are sought."""
    return Story(stage, ["KEN"], datetime.now(UTC).date(), sought.reference)
