"""What entities carry, and who or what stood against requests."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium import service as compendium
from app.directory.actor import Actor
from app.kit.db import table_of
from app.matching.tables import ProposalRow, ResponseRow
from app.reports.counting import BETWEEN, Counts
from app.reports.schemas import DeclineLine, EntityLine
from app.reports.scope import I, R, compared, newest, recent, within
from app.reports.wording import Speech, leading
from app.screening.tables import PrincipleFinding, Screening

P = table_of(ProposalRow)
W = table_of(ResponseRow)
S = table_of(Screening)
F = table_of(PrincipleFinding)
MOST_REASONS, MOST_DECLINES, MOST_NAMED = 200, 500, 50
MOST_PROPOSALS = MOST_ROUNDS = 10_000
"""Of how many, among the latest of the house, they are looked for."""


def load(session: Session, standing: Counts, carried: Counts, today: date) -> list[EntityLine]:
    """Return what each entity is asked, has accepted and carries out."""
    names = _names(session, today)
    codes = sorted({key.partition(BETWEEN)[0] for key in standing} | set(carried))
    return [_load(code, names.get(code, code), standing, carried) for code in codes]


def _names(session: Session, today: date) -> dict[str, str]:
    return {one.code: one.name for one in compendium.entities(session, today)}


def _load(code: str, name: str, standing: Counts, carried: Counts) -> EntityLine:
    nothing = (0, 0, 0)
    _, asked, _ = standing.get(f"{code}{BETWEEN}asked", nothing)
    _, accepted, leads = standing.get(f"{code}{BETWEEN}accepted", nothing)
    declined, _, _ = standing.get(f"{code}{BETWEEN}declined", nothing)
    (activities,) = carried.get(code, (0,))
    return EntityLine(
        entity=code,
        name=name,
        asked=asked,
        accepted=accepted,
        leads=leads,
        activities=activities,
        declined=declined,
        asked_filter=leading(entity=code, standing="asked", open=True),
        accepted_filter=leading(entity=code, standing="accepted", open=True),
        leads_filter=leading(entity=code, standing="accepted", part="lead", open=True),
        activities_filter=leading(entity=code, standing="accepted", stage="delivery"),
        declined_filter=leading(entity=code, standing="declined"),
    )


def declines(
    session: Session, speech: Speech, actor: Actor, standing: Counts, today: date
) -> list[DeclineLine]:
    """Return who declined, and on which principles requests were, the most frequent first.

    An entity sees its own declines alone; principles are counted where one reads within.
    """
    lines = [
        *_by_entity(standing, _names(session, today), _reasons(session, actor)),
        *_by_principle(session, speech, actor),
    ]
    return sorted(lines, key=lambda one: (one.by, -one.requests, one.code))


def _by_entity(
    standing: Counts, names: Mapping[str, str], reasons: Mapping[str, list[tuple[str, str]]]
) -> Iterator[DeclineLine]:
    for key, counts in standing.items():
        code, _, how = key.partition(BETWEEN)
        if how == "declined":
            said = reasons.get(code, [])
            yield DeclineLine(
                by="entity",
                code=code,
                label=names.get(code, code),
                requests=counts[0],
                reasons=[reason for reason, _ in said],
                references=[reference for _, reference in said],
                filter=leading(entity=code, standing="declined"),
            )


def _reasons(session: Session, actor: Actor) -> dict[str, list[tuple[str, str]]]:
    """Return the latest reasons with their references, by entity, newest first."""
    query = (
        sa.select(W.c.entity, W.c.reason, R.c.reference)
        .join_from(W, P, P.c.id == W.c.proposal_id)
        .join(R, R.c.id == P.c.request_id)
        .join(I, sa.and_(I.c.request_id == R.c.id, I.c.entity == W.c.entity))
        .where(W.c.accepted.is_(False), I.c.standing == "declined", *compared(actor))
        .where(*recent(actor, P.c.id, MOST_PROPOSALS))
        .order_by(newest(actor, P.c.id).desc(), W.c.entity)
        .limit(MOST_REASONS)
    )
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for entity, reason, reference in session.execute(query):
        found[entity].append((reason, reference))
    return found


def _by_principle(session: Session, speech: Speech, actor: Actor) -> Iterator[DeclineLine]:
    labels = speech.principles()
    found: dict[str, list[str]] = defaultdict(list)
    for principle, reference in session.execute(_unmet(actor)):
        found[principle].append(reference)
    for code, references in found.items():
        yield DeclineLine(
            by="principle",
            code=code,
            label=labels.get(code, code),
            requests=len(references),
            reasons=[],
            references=references[:MOST_NAMED],
            filter="",
        )


def _unmet(actor: Actor) -> sa.Select[Any]:
    """Return the query for principles not met in the last round of requests that it declined."""
    later = S.alias("later_rounds")
    last = sa.not_(
        sa.exists()
        .where(later.c.request_id == S.c.request_id, later.c.round > S.c.round)
        .correlate(S)
    )
    rounds = (
        sa.select(S.c.id, R.c.reference)
        .join_from(S, R, R.c.id == S.c.request_id)
        .where(S.c.outcome == "decline", S.c.confirmed_at.is_not(None), last)
        .where(*recent(actor, S.c.id, MOST_ROUNDS), *within(actor))
        .order_by(S.c.id.desc())
        .limit(MOST_DECLINES)
        .subquery("declined_rounds")
    )
    return (
        sa.select(F.c.principle, rounds.c.reference)
        .join_from(F, rounds, rounds.c.id == F.c.screening_id)
        .where(F.c.finding == "not_met")
        .order_by(rounds.c.id.desc())
    )
