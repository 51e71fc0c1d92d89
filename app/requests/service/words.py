"""Searching requests by word: through the index that the database keeps beside them (0003)."""

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kit.db import table_of
from app.requests.tables import AssistanceRequest

MOST_WORDS = 8
SHORTEST = 4
"""Letters of the shortest word that stands for others which begin so: fewer begin too many."""
R = table_of(AssistanceRequest)
W = sa.table(
    "request_words",
    sa.column("rowid", sa.Integer),
    sa.column("request_id", sa.Integer),
    sa.column("words"),
)
REFERENCE = re.compile(r"TA-[0-9]{4}-[0-9]{5,9}", re.IGNORECASE)
PARTS = re.compile(r"[^\W_]+")
UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
"""Scripts that put no space between words: an index of words cannot find a word in them."""

KEEP = {
    "sqlite": sa.text(
        "INSERT OR REPLACE INTO request_words (rowid, title, summary)"
        " VALUES (:id, :title, :summary)"
    ),
    "postgresql": sa.text(
        "INSERT INTO request_words"
        " VALUES (:id, to_tsvector('simple', left(:title || ' ' || :summary, 100000)))"
        " ON CONFLICT (request_id) DO UPDATE SET words = EXCLUDED.words"
    ),
}
COMMON = 10
"""Words that so many of the newest five hundred requests hold are soon met on the way back."""

PROBE = {
    "sqlite": sa.text(
        "SELECT count(*) FROM (SELECT 1 FROM request_words WHERE request_words MATCH :words"
        " AND rowid > (SELECT max(id) - 500 FROM requests) LIMIT :most) AS met"
    ),
    "postgresql": sa.text(
        "SELECT count(*) FROM (SELECT 1 FROM"
        " (SELECT words FROM request_words ORDER BY request_id DESC LIMIT 500) AS newest"
        " WHERE words @@ to_tsquery('simple', :words) LIMIT :most) AS met"
    ),
}


def keep(session: Session, request: AssistanceRequest) -> None:
    """Bring the index up to what a request, already flushed, says now."""
    said = {"id": request.id, "title": request.title, "summary": request.summary}
    session.execute(KEEP[session.get_bind().dialect.name], said)


FORGET = {
    "sqlite": (
        sa.text("DELETE FROM request_words WHERE rowid = :id"),
        # The words of what is deleted stay in the index until its pieces are merged.
        sa.text("INSERT INTO request_words (request_words) VALUES ('optimize')"),
    ),
    "postgresql": (sa.text("DELETE FROM request_words WHERE request_id = :id"),),
}


def forget(session: Session, request_id: int) -> None:
    """Take a request out of the index, with every word of its earlier wordings."""
    for statement in FORGET[session.get_bind().dialect.name]:
        named = {"id": request_id} if ":id" in statement.text else {}
        session.execute(statement, named)


def _mentions(name: str) -> sa.ColumnElement[bool]:
    pattern = sa.bindparam(name, type_=sa.String)
    return sa.or_(*(field.ilike(pattern, escape="\\") for field in (R.c.title, R.c.summary)))


CONDITIONS: dict[str, sa.ColumnElement[bool]] = {
    "reference": R.c.reference == sa.bindparam("reference"),
    **{f"text_{n}": _mentions(f"text_{n}") for n in range(MOST_WORDS)},
}
"""What is asked of the request's own row, by the name of the value that it takes."""


def asked(q: str | None, *, sqlite: bool, begun: bool = False) -> dict[str, Any]:
    """Return the values that a search text asks for: `words` of the index, and of `CONDITIONS`.

    Every word must occur, or with `begun` one that begins so where it is long enough; a reference
    is that request, and so two of them are none.
    """
    found: list[str] = []
    references: set[str] = set()
    values: dict[str, Any] = {}
    for place, word in enumerate((q or "").split()[:MOST_WORDS]):
        parts = PARTS.findall(word)
        if REFERENCE.fullmatch(word):
            references.add(word.upper())
            values["reference"] = word.upper() if len(references) == 1 else "none"
        elif not parts or UNSPACED.search(word):
            values[f"text_{place}"] = _pattern(word)
        else:
            found += parts
    if found:
        # Letters and digits only, so that neither database reads an operator into them.
        ends = ("*", ":*") if begun else ("", "")
        own = [(word, ends if len(word) >= SHORTEST else ("", "")) for word in found]
        values["words"] = (
            " AND ".join(f'"{word}"{end}' for word, (end, _) in own)
            if sqlite
            else " & ".join(f"{word}{end}" for word, (_, end) in own)
        )
    return values


def _pattern(word: str) -> str:
    return "%" + word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"


def holding(*, sqlite: bool) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[int]]:
    """Return the condition on the index that all `words` occur, and its key, the request's id."""
    if sqlite:
        wanted = sa.bindparam("words", type_=sa.String)
        return sa.literal_column(W.name).op("MATCH", is_comparison=True)(wanted), W.c.rowid
    simple: sa.ColumnElement[str] = sa.literal_column("'simple'")
    # In the statement itself: the plan must fit how rare they are.
    said = sa.bindparam("words", type_=sa.String, literal_execute=True)
    return W.c.words.op("@@", is_comparison=True)(sa.func.to_tsquery(simple, said)), W.c.request_id


def rare(session: Session, words: str, *, sqlite: bool) -> bool:
    """Whether every request that holds `words` should be gathered before one looks further.

    A planner knows too little of rare words to see that walking back in time would not end.
    """
    probe = PROBE["sqlite" if sqlite else "postgresql"]
    met = session.connection().execute(probe, {"words": words, "most": COMMON}).scalar()
    return (met or 0) < COMMON


def gathered() -> sa.FromClause:
    """Return the ids of all requests that hold `words`, read from the index once, newest first.

    In order already, they are looked up one after the other until the page is full.
    """
    holds, owner = holding(sqlite=False)
    found = sa.select(owner).where(holds).cte("gathered")
    found = found.prefix_with("MATERIALIZED", dialect="postgresql")
    return sa.select(found.c.request_id).order_by(found.c.request_id.desc()).subquery("newest")
