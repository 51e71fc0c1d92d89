"""Rounds of screening: opening one, running the rules, carrying conditions, and what guards ask."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.engine.packs import Pack
from app.engine.principles import FindingCode
from app.kit.errors import Conflict, NotFound
from app.requests import service as dossier
from app.requests import timeline
from app.requests.tables import AssistanceRequest
from app.screening.rules import (
    RULES,
    SERVING,
    Answer,
    AppealFacts,
    Derived,
    PrincipleWord,
    ScreeningFacts,
    derive,
)
from app.screening.service import sealed
from app.screening.service.evidence import gather
from app.screening.tables import (
    Appeal,
    CriterionFinding,
    PrincipleFinding,
    Screening,
    ScreeningHand,
)

ROUND: sa.BindParameter[int] = sa.bindparam("round")
VERDICTS = sa.select(CriterionFinding).where(CriterionFinding.screening_id == ROUND)
FINDINGS = sa.select(PrincipleFinding).where(PrincipleFinding.screening_id == ROUND)
NEWEST = (
    sa.select(Screening)
    .where(Screening.request_id == sa.bindparam("request"))
    .order_by(Screening.round.desc())
    .limit(1)
)
LATEST = sa.select(sa.func.max(Screening.id)).group_by(Screening.request_id)


def screening_facts(
    session: Session, pack: Pack, ids: Sequence[int]
) -> Mapping[int, ScreeningFacts]:
    """Return the latest round of each request that has one; three queries for any number of ids."""
    del pack  # the facts of this room do not depend on the pack
    involved: dict[int, set[int]] = defaultdict(set)
    for owner, person in session.execute(
        sa.select(Screening.request_id, ScreeningHand.person_id)
        .join(Screening, Screening.id == ScreeningHand.screening_id)
        .where(Screening.request_id.in_(ids))
    ):
        involved[owner].add(person)
    appeals = {
        owner: AppealFacts(outcome)
        for owner, outcome in session.execute(
            sa.select(Appeal.request_id, Appeal.outcome).where(Appeal.request_id.in_(ids))
        )
    }
    latest = LATEST.where(Screening.request_id.in_(ids))
    rows = session.scalars(sa.select(Screening).where(Screening.id.in_(latest)))
    return {
        row.request_id: ScreeningFacts(
            outcome=row.outcome,
            decided_by=row.decided_by,
            confirmed_by=row.confirmed_by,
            confirmed_at=row.confirmed_at,
            involved=frozenset(involved[row.request_id]),
            appeal=appeals.get(row.request_id),
        )
        for row in rows
    }


def latest_round(session: Session, request_id: int) -> Screening | None:
    """Return the latest round of a request, if there is one."""
    return session.scalar(NEWEST, {"request": request_id})


def current(session: Session, request: AssistanceRequest) -> Screening:
    """Return the round to work on. Raises Conflict when none was ever opened."""
    row = latest_round(session, request.id)
    if row is None:
        raise Conflict("screening.none", "No round of screening is open.")
    return row


def known(session: Session, request: AssistanceRequest) -> Screening:
    """Return the latest round for reading. Raises NotFound when there is none."""
    row = latest_round(session, request.id)
    if row is None:
        raise NotFound("screening.none", "The request has not been screened yet.")
    return row


def open_round(session: Session, pack: Pack, request_id: int, at: datetime) -> None:
    """Open the next round; what the rules can answer is answered, nothing else is carried over."""
    before = latest_round(session, request_id)
    row = Screening(
        request_id=request_id,
        round=before.round + 1 if before else 1,
        revision=before.revision + 1 if before else 1,
        principles=pack.definition.uses["principles"],
        opened_at=at,
    )
    session.add(row)
    session.flush()
    for criterion, answer in ruled(session, pack, request_id, at).items():
        one = CriterionFinding(screening_id=row.id, criterion=criterion)
        sealed.put_evidence(session, request_id, one, answer.evidence)
        session.add(by_rule(one, answer, at))
    session.flush()


def ruled(session: Session, pack: Pack, request_id: int, at: datetime) -> dict[str, Answer]:
    """Return what the rules say today, by criterion."""
    evidence = gather(session, pack, request_id, at)
    return {
        criterion.code: RULES[criterion.rule](evidence)
        for criterion in pack.principles.criteria
        if criterion.rule
    }


def by_rule(row: CriterionFinding, answer: Answer, at: datetime) -> CriterionFinding:
    """Write a rule's answer into a finding; its evidence is sealed apart."""
    row.verdict = row.ruled = answer.verdict
    row.reason, row.condition, row.due_on = answer.reason, answer.condition, None
    row.by, row.at = None, at
    return row


def verdicts_of(session: Session, round_id: int) -> dict[str, CriterionFinding]:
    """Return the verdicts of a round by criterion."""
    return {row.criterion: row for row in session.scalars(VERDICTS, {"round": round_id})}


def findings_of(session: Session, round_id: int) -> dict[str, PrincipleFinding]:
    """Return the findings of a round by principle."""
    return {row.principle: row for row in session.scalars(FINDINGS, {"round": round_id})}


def serving_kinds(session: Session, request_id: int, at: datetime) -> frozenset[str]:
    """Return the kinds of the assessments that serve the request and are valid on the day."""
    records = dossier.record_facts(session, [request_id])[request_id]
    return frozenset(r.kind for r in records if r.kind in SERVING and r.valid_until >= at.date())


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of criteria and of principles, by their codes."""

    criteria: Mapping[str, str] = field(default_factory=dict)
    principles: Mapping[str, PrincipleWord] = field(default_factory=dict)


def derived_from(
    session: Session, pack: Pack, row: Screening, at: datetime, unsaved: Words = Words()
) -> Derived:
    """Return what the published rule leads to on the findings of a round, as of now.

    What is `unsaved` stands there in the place of what is kept.
    """
    verdicts = {code: one.verdict for code, one in verdicts_of(session, row.id).items()}
    found = {
        code: PrincipleWord(cast("FindingCode", one.finding), one.infringing)
        for code, one in findings_of(session, row.id).items()
    }
    return derive(
        pack.principles,
        {**verdicts, **unsaved.criteria},
        {**found, **unsaved.principles},
        serving_kinds(session, row.request_id, at),
    )


def changed(session: Session, actor: Actor, request: AssistanceRequest, row: Screening) -> None:
    """Count a change of findings: the revision grows, and a decision made before it lapses."""
    row.revision += 1
    if row.decided_by is None:
        return
    told = {"round": row.round, "outcome": row.outcome, "confirmed": row.confirmed_by is not None}
    row.outcome, row.reason = "", ""
    row.decided_by = row.decided_at = row.confirmed_by = row.confirmed_at = None
    timeline.record(session, actor, request, "screening_approval_lapsed", told)


def take_part(session: Session, row: Screening, actor: Actor) -> None:
    """Remember that a person had a hand in a round, for whoever must be another person later."""
    for person in actor.persons:
        session.merge(ScreeningHand(screening_id=row.id, person_id=person))
