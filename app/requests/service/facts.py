"""Facts of many dossiers at once, for the rules: each function takes ids and answers by id."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kit.db import table_of
from app.kit.ready import Among, Ready
from app.requests.rules import ConsentFacts, NeedFacts, QuestionFacts, RecordFacts, TextFacts
from app.requests.tables import (
    AssessmentRecord,
    AssistanceRequest,
    Clarification,
    Condition,
    Consent,
    Element,
    Need,
    NeedFinding,
    RequestCountry,
)

R = table_of(AssistanceRequest)
TEXT = sa.select(
    R.c.id,
    R.c.title,
    R.c.summary,
    R.c.authority,
    sa.select(sa.func.aggregate_strings(table_of(RequestCountry).c.country, ","))
    .where(table_of(RequestCountry).c.request_id == R.c.id)
    .correlate(R)
    .scalar_subquery(),
    R.c.regional,
    R.c.cyber_labelled,
    R.c.internal,
    R.c.urgency,
)
TEXTS = Ready(TEXT.where(Among(R.c.id, "ids")))
"""The requests are given as `ids`. Statements are made once: a transition waits for them."""

C = table_of(Clarification)
OPEN_QUESTIONS = Ready(
    sa.select(C.c.request_id, C.c.number, C.c.due_on, C.c.answered_at.is_not(None))
    .where(Among(C.c.request_id, "ids"), C.c.closed_at.is_(None))
    .order_by(C.c.request_id, C.c.number)
)

E = table_of(Element)
VERDICTS = Ready(
    sa.select(E.c.request_id, E.c.element, E.c.verdict).where(Among(E.c.request_id, "ids"))
)

A = AssessmentRecord
RECORDS = (
    sa.select(A.request_id, A.assessment_id, A.kind, A.completed_at, A.valid_until)
    .where(A.request_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(A.request_id, A.completed_at)
)


def _codes(joined: str | None) -> frozenset[str]:
    return frozenset(joined.split(",")) if joined else frozenset()


def _rows(session: Session, statement: Ready, ids: Sequence[int]) -> Iterable[Any]:
    """Run a statement past the unit of work, after what waits in it has been written."""
    session.flush()
    return statement.rows(session, {"ids": ids})


def text_facts(session: Session, ids: Sequence[int]) -> dict[int, TextFacts]:
    """Return what each request says of itself."""
    return {
        owner: TextFacts(title, summary, authority, _codes(joined), *marks)
        for owner, title, summary, authority, joined, *marks in _rows(session, TEXTS, ids)
    }


def need_facts(session: Session, ids: Sequence[int]) -> dict[int, tuple[NeedFacts, ...]]:
    """Return the needs that still stand, in order, each with the number of findings behind it."""
    behind = (
        sa.select(sa.func.count())
        .where(NeedFinding.need_id == Need.id)
        .correlate(Need)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(
            Need.request_id,
            Need.id,
            Need.number,
            Need.area,
            Need.topic,
            Need.text,
            Need.kind,
            Need.origin,
            behind,
        )
        .where(Need.request_id.in_(ids), Need.dropped.is_(False))
        .order_by(Need.request_id, Need.number)
    )
    return _grouped(ids, ((row[0], NeedFacts(*row[1:])) for row in rows))


def clarification_facts(
    session: Session, ids: Sequence[int]
) -> dict[int, tuple[QuestionFacts, ...]]:
    """Return the questions that are still open."""
    rows = _rows(session, OPEN_QUESTIONS, ids)
    return _grouped(ids, ((row[0], QuestionFacts(*row[1:])) for row in rows))


def record_facts(session: Session, ids: Sequence[int]) -> dict[int, tuple[RecordFacts, ...]]:
    """Return the completed assessments that serve each request."""
    rows = session.execute(RECORDS, {"ids": ids})
    return _grouped(ids, ((row[0], RecordFacts(*row[1:])) for row in rows))


def consent_facts(session: Session, ids: Sequence[int]) -> dict[int, tuple[ConsentFacts, ...]]:
    """Return the last word of each country on each subject (and proposal)."""
    c = Consent
    rows = session.execute(
        sa.select(c.request_id, c.country, c.subject, c.proposal, c.given)
        .where(c.request_id.in_(ids))
        .order_by(c.id)
    )
    last: dict[int, dict[tuple[Any, ...], ConsentFacts]] = defaultdict(dict)
    for owner, country, subject, proposal, given in rows:
        word = ConsentFacts(country, subject, proposal, given)
        last[owner][(word.country, word.subject, word.proposal)] = word
    return {owner: tuple(last[owner].values()) for owner in ids}


def element_verdicts(session: Session, ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """Return the verdicts on cyber elements."""
    verdicts: dict[int, dict[str, str]] = {owner: {} for owner in ids}
    for owner, element, verdict in _rows(session, VERDICTS, ids):
        verdicts[owner][element] = verdict
    return verdicts


def open_conditions(session: Session, ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Return the numbers of the conditions that are not met yet."""
    c = Condition
    rows = session.execute(
        sa.select(c.request_id, c.number)
        .where(c.request_id.in_(ids), c.met_at.is_(None))
        .order_by(c.number)
    )
    return _grouped(ids, ((row[0], row[1]) for row in rows))


def _grouped(ids: Sequence[int], pairs: Any) -> dict[int, tuple[Any, ...]]:
    grouped: dict[int, list[Any]] = {owner: [] for owner in ids}
    for owner, value in pairs:
        grouped[owner].append(value)
    return {owner: tuple(values) for owner, values in grouped.items()}
