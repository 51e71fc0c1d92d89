"""Taking a request over to another version: deliberate, recorded, never past the gate.

The newer definition says which state stands for which (`migrates`). What its invariants promise of
the stage that the request would enter is held against the facts, guard by guard, before anything is
written.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import SYSTEM, Actor
from app.engine.packs import Pack, Shelf
from app.kit import clock
from app.kit.errors import Blocked, Blocker, Conflict
from app.lifecycle import reading
from app.policy import rights
from app.requests import access, timeline
from app.requests.tables import AssistanceRequest, Deadline

MARKS: dict[str, tuple[str, Mapping[str, Any]]] = {
    "assessment.completed": ("stage_complete", {"stage": "assessment"}),
    "screening.passed": ("screening_outcome", {"any_of": ["pass", "pass_with_conditions"]}),
    "match.accepted": ("all_accepted", {}),
    "country.consented": ("country_consented", {}),
}
"""The guard that tells whether a mark of an invariant holds in fact."""


def migrate(
    session: Session, shelf: Shelf, actor: Actor | None, request: AssistanceRequest, version: int
) -> str:
    """Take a locked request over to `version` of its definition and return its new state.

    `actor` is None on the command line of the installation. Raises Forbidden unless the actor keeps
    the desk, NotFound for an unknown version, Conflict when the version says nothing of this state,
    Blocked when an invariant of the new stage does not hold in fact (F32, F41).
    """
    rights.require_for(actor, "migrate")
    pack = shelf.get(request.workflow, version)
    new = _state_in(pack, request)
    stage = pack.definition.states[new].stage
    if reasons := _against(session, pack, request, stage):
        raise Blocked("migration.blocked", "The new version's promises do not hold.", reasons)
    told = {
        "from": {"version": request.workflow_version, "state": request.state},
        "to": {"version": version, "state": new, "sha256": pack.sha256},
    }
    _rename(session, pack, request)
    request.workflow_version, request.workflow_hash = version, pack.sha256
    request.state, request.stage = new, stage
    timeline.record(session, actor or SYSTEM, request, "migrated", told)
    return new


def _state_in(pack: Pack, request: AssistanceRequest) -> str:
    for migration in pack.definition.migrates:
        if migration.version == request.workflow_version and request.state in migration.states:
            return migration.states[request.state]
    raise Conflict(
        "migration.unmapped",
        f"{pack.label} does not say what '{request.state}' of version "
        f"{request.workflow_version} becomes.",
    )


def _rename(session: Session, pack: Pack, request: AssistanceRequest) -> None:
    """Give the state it came from and its running deadlines the names of the new version."""
    for migration in pack.definition.migrates:
        if migration.version == request.workflow_version:
            came_from = request.came_from or ""
            request.came_from = migration.states.get(came_from)
            for deadline in session.scalars(
                sa.select(Deadline).where(
                    Deadline.request_id == request.id, Deadline.ended_at.is_(None)
                )
            ):
                deadline.state = migration.states.get(deadline.state, deadline.state)


def _against(
    session: Session, pack: Pack, request: AssistanceRequest, stage: str
) -> tuple[Blocker, ...]:
    """Return every reason why what the new version promises of the stage does not hold."""
    promised = [rule for rule in pack.definition.invariants if rule.never_reach == stage]
    uses = [(rule, *MARKS.get(rule.without, ("", {}))) for rule in promised]
    standing = access.standing_of(session, request)
    guards = pack.engine.vocabulary.guards
    groups = {group for _, name, _ in uses if name for group in guards[name].reads}
    facts = reading.read(session, pack, [standing], groups, clock.now())[standing.id]
    reasons: list[Blocker] = []
    for rule, name, params in uses:
        if name:
            reasons.extend(guards[name].check(facts, **params))
        else:
            reasons.append(Blocker("migration.mark_unknown", rule.cite, {"mark": rule.without}))
    return tuple(reasons)
