"""What a round leaves behind: conditions that go into delivery, and the one appeal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.engine.packs import Pack
from app.engine.principles import Criterion, Principle
from app.kit import clock
from app.kit.errors import Conflict, NotFound
from app.requests.tables import AssistanceRequest, Condition
from app.screening.rules import cited
from app.screening.service.rounds import findings_of, latest_round, verdicts_of
from app.screening.tables import Appeal, CriterionFinding, PrincipleFinding, Screening


def carry_conditions(session: Session, pack: Pack, request_id: int) -> None:
    """Make the conditions of the latest round duties of the dossier.

    What an earlier round had set and nobody has met yet goes, unless it is set again.
    """
    row = latest_round(session, request_id)
    if row is None:
        return
    wanted = {(one.criterion, one.text): one for one in _conditions(session, pack, row)}
    before = session.scalars(sa.select(Condition).where(Condition.request_id == request_id)).all()
    for old in before:
        key = (old.criterion, old.text)
        if key in wanted:
            again = wanted.pop(key)
            if old.met_at is None:
                old.due_on = again.due_on
        elif old.met_at is None:
            session.delete(old)
    first = max((old.number for old in before), default=0) + 1
    for number, one in enumerate(wanted.values(), first):
        one.number = number
        session.add(one)
    session.flush()


def _conditions(session: Session, pack: Pack, row: Screening) -> list[Condition]:
    verdicts, findings = verdicts_of(session, row.id), findings_of(session, row.id)
    found: list[Condition] = []
    for principle in pack.principles.principles:
        rows: list[tuple[Criterion | Principle, CriterionFinding | PrincipleFinding | None]] = []
        rows += [(criterion, verdicts.get(criterion.code)) for criterion in principle.criteria]
        rows += [(principle, findings.get(principle.code))]
        found += [
            Condition(
                request_id=row.request_id,
                criterion=entry.code,
                text=finding.condition,
                cite=cited(entry),
                due_on=finding.due_on,
            )
            for entry, finding in rows
            if finding is not None and finding.condition
        ]
    return found


def file_appeal(
    session: Session, request_id: int, actor: Actor, grounds: str, at: datetime
) -> None:
    """Record the one appeal against the latest round. Raises Conflict without a round."""
    row = latest_round(session, request_id)
    if row is None or actor.person_id is None:
        raise Conflict("screening.none", "There is no screening to appeal against.")
    session.add(
        Appeal(
            request_id=request_id,
            screening_id=row.id,
            grounds=grounds,
            by=actor.person_id,
            at=at,
        )
    )
    session.flush()


def hear_appeal(
    session: Session, request_id: int, actor: Actor, outcome: str, form: Mapping[str, Any]
) -> None:
    """Record how the appeal ended (`granted` or `dismissed`) and why. Raises NotFound."""
    row = session.get(Appeal, request_id)
    if row is None:
        raise NotFound("appeal.none", "No appeal was made.")
    row.outcome, row.reason = outcome, str(form["reason"])
    row.heard_by, row.heard_at = actor.person_id, clock.now()
    session.flush()


def appeal_of(session: Session, request: AssistanceRequest) -> Appeal:
    """Return the appeal of a request. Raises NotFound when none was made."""
    row = session.get(Appeal, request.id)
    if row is None:
        raise NotFound("appeal.none", "No appeal was made.")
    return row
