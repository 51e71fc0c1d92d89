"""The schema: bringing a database to the newest revision, and back."""

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Engine

from app.kit.revisions import MIGRATIONS


def config() -> Config:
    """Return Alembic's configuration; the connection is handed over, never read from a file."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    return settings


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the schema up to `revision`, in one transaction."""
    settings = config()
    with engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the schema back to `revision`, in one transaction."""
    settings = config()
    with engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, revision)
