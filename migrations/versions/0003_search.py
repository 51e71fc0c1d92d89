"""Searching what requests say: an index of their words, which the drafts' service keeps.

Lists must stay flat with a million requests, and looking for a text within every row does not. Words
are kept as they are, lowered: the requests come in six languages. No trigger keeps the index, because
SQLite holds a virtual table in a trigger unsafe while `trusted_schema` is off, as it is here.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0003"
down_revision: str | Sequence[str] | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEX = (
    "CREATE VIRTUAL TABLE request_words USING fts5(title, summary,"
    " tokenize='unicode61 remove_diacritics 0', detail='none')"
)
SQLITE = [
    INDEX,
    "INSERT INTO request_words (rowid, title, summary) SELECT id, title, summary FROM requests",
]

TABLE = (
    "CREATE TABLE request_words (request_id bigint PRIMARY KEY"
    " REFERENCES requests (id) ON DELETE CASCADE, words tsvector NOT NULL)"
)
FILL = (
    "INSERT INTO request_words"
    " SELECT id, to_tsvector('simple', left(title || ' ' || summary, 100000)) FROM requests"
)
POSTGRESQL = [
    TABLE,
    FILL,
    "CREATE INDEX ix_request_words_words ON request_words USING gin (words)",
]


def upgrade() -> None:
    """Go to this revision."""
    sqlite = op.get_context().dialect.name == "sqlite"
    for statement in SQLITE if sqlite else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Go back to the revision before."""
    op.execute("DROP TABLE IF EXISTS request_words")
