"""The decision of a round: one person decides on the findings, another confirms (C7, N0)."""

from typing import cast

from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.engine.packs import Pack, Shelf
from app.engine.principles import OutcomeCode
from app.kit import clock
from app.kit.errors import Blocked, Blocker, Conflict
from app.requests import access, duties, timeline
from app.requests.tables import AssistanceRequest
from app.screening.rules import is_more_lenient
from app.screening.schemas import ConfirmationBody, DecisionBody
from app.screening.service.rounds import current, derived_from, take_part
from app.screening.tables import Screening


def decide(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, body: DecisionBody
) -> Screening:
    """Decide the outcome: what the rule derives, or something stricter.

    Raises Blocked while something is open (naming all of it) or for a more lenient outcome,
    Conflict when it is decided already or no round is open.
    """
    access.permit(session, shelf, actor, request, "screening.decide")
    pack = shelf.get(request.workflow, request.workflow_version)
    row = current(session, request)
    if row.decided_by is not None:
        raise Conflict("screening.decided", "The outcome is decided; change a finding to undo it.")
    _not_more_lenient(session, pack, row, body.outcome)
    row.outcome, row.reason = body.outcome, body.reason
    row.decided_by, row.decided_at = actor.person_id, clock.now()
    row.revision += 1
    take_part(session, row, actor)
    told = {"round": row.round, "outcome": body.outcome, "reason": body.reason}
    timeline.record(session, actor, request, "screening_decided", told)
    return row


def _not_more_lenient(session: Session, pack: Pack, row: Screening, outcome: OutcomeCode) -> None:
    derived = derived_from(session, pack, row, clock.now())
    if derived.outcome is None:
        raise Blocked("screening.undetermined", "Not everything is answered yet.", derived.reasons)
    if is_more_lenient(outcome, derived.outcome):
        raise Blocked(
            "screening.more_lenient",
            f"The findings lead to '{derived.outcome}'; only that or a stricter outcome is open.",
            (
                Blocker("screening.more_lenient", "N0", {"derived": derived.outcome}),
                *derived.reasons,
            ),
        )


def confirm(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, body: ConfirmationBody
) -> Screening:
    """Confirm the decision as a second person.

    Raises Conflict when there is nothing to confirm, Blocked when it is the person who decided or
    when the findings lead to something stricter by now.
    """
    access.permit(session, shelf, actor, request, "screening.confirm")
    pack = shelf.get(request.workflow, request.workflow_version)
    row = current(session, request)
    if row.decided_by is None:
        raise Conflict("screening.undecided", "There is no decision to confirm.")
    if row.confirmed_by is not None:
        raise Conflict("screening.confirmed", "The decision is confirmed already.")
    duties.second_person(session, actor, request, {"screening.decided_by": row.decided_by})
    _not_more_lenient(session, pack, row, cast("OutcomeCode", row.outcome))
    row.confirmed_by, row.confirmed_at = actor.person_id, clock.now()
    row.revision += 1
    take_part(session, row, actor)
    told = {"round": row.round, "outcome": row.outcome}
    told |= {"note": body.note} if body.note else {}
    timeline.record(session, actor, request, "screening_confirmed", told)
    return row
