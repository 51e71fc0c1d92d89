"""Reviewing a proposed change: a second person says yes or no, and a yes is recorded."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium import entries
from app.compendium.entries import KINDS
from app.compendium.rules import differing
from app.compendium.schemas import (
    ChangesView,
    Difference,
    EntryVersion,
    FieldChange,
    ReviewBody,
)
from app.compendium.service.following import check_named, follow, named_in
from app.compendium.service.proposing import STREAM, newest_of, stand
from app.compendium.service.recording import Change, Stamp, lock, record
from app.compendium.tables import CompendiumEntry, CompendiumProposal
from app.directory.actor import Actor
from app.engine.areas import Areas
from app.kit import clock
from app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from app.ledger import service as ledger

C, P = CompendiumEntry, CompendiumProposal


LOOKED_AT = 50
"""How many open proposals are looked through for those that somebody may review."""


def proposal(session: Session, number: int, *, lock: bool = False) -> CompendiumProposal:
    """Return one proposal. Raises NotFound."""
    row = session.get(P, number, with_for_update=lock or None)
    if row is None:
        raise NotFound("proposal.unknown", f"There is no proposal {number}.")
    return row


def proposals(
    session: Session, which: tuple[str | None, str | None], after: int, limit: int
) -> list[CompendiumProposal]:
    """Return proposals after a number, oldest first, of one status and of one kind if so asked."""
    status, kind = which
    query = sa.select(P).where(P.id > after)
    if status is not None:
        query = query.where(P.status == status)
    if kind is not None:
        query = query.where(P.kind == kind)
    return list(session.scalars(query.order_by(P.id).limit(limit)))


def reviewable(session: Session, actor: Actor, most: int) -> list[CompendiumProposal]:
    """Return open proposals that this person may review, oldest first, at most so many."""
    found = []
    for row in proposals(session, ("open", None), 0, LOOKED_AT):
        try:
            _may_review(row, actor)
        except Forbidden:
            continue
        found.append(row)
    return found[:most]


def changes_of(row: CompendiumProposal) -> list[Change]:
    """Return what a proposal would have recorded."""
    return [
        Change(kind, entries.read(kind, one["content"]), withdrawn=one["withdraw"])
        for one in row.changes
        for kind in KINDS
        if kind == one["kind"]
    ]


def review(
    session: Session, areas: Areas, actor: Actor, number: int, body: ReviewBody
) -> CompendiumProposal:
    """Approve or reject a proposal; an approved one becomes a numbered version.

    Raises NotFound, Conflict when it is not open, was overtaken or its moment has passed,
    Forbidden for who proposed it, is named in it, answers for an entity concerned, or would give a
    role without the right to, Invalid for a no without a reason, Blocked where the whole could no
    longer stand.
    """
    row = proposal(session, number, lock=True)
    _may_review(row, actor)
    if not body.approved and not body.reason:
        raise Invalid("proposal.reason_missing", "A no takes a reason.")
    now = clock.now()
    if body.approved:
        row.number, row.effective_at = _approved(session, areas, actor, row, (body, now))
    row.status = "approved" if body.approved else "rejected"
    row.reviewed_by, row.reviewed_for = actor.person_id, actor.on_behalf
    row.reviewed_at, row.review_reason = now, body.reason
    session.flush()
    told: dict[str, Any] = {"proposal": row.id, "reason": body.reason, "number": row.number}
    ledger.append(session, STREAM, f"proposal_{row.status}", actor, told)
    return row


def _may_review(row: CompendiumProposal, actor: Actor) -> None:
    if row.status != "open":
        raise Conflict("proposal.closed", f"It is {row.status} already.")
    if {row.proposed_by, row.proposed_for} & actor.persons:
        raise Forbidden("proposal.same_person", "Another person than the proposer reviews it.")
    if {one.person_id for one in named_in(changes_of(row))} & actor.persons:
        raise Forbidden("proposal.names_you", "Another person than the one it names reviews it.")
    now = clock.now()
    tied = {tie.value for tie in actor.ties if tie.kind == "entity" and tie.holds(now)}
    if tied & set(row.entities):
        raise Forbidden(
            "proposal.own_entity", "You answer or have answered for an entity that it concerns."
        )


def _approved(
    session: Session,
    areas: Areas,
    actor: Actor,
    row: CompendiumProposal,
    said: tuple[ReviewBody, datetime],
) -> tuple[int, datetime]:
    """Record an approved proposal: its version and the moment from which that speaks."""
    body, now = said
    lock(session)
    newest = newest_of(session, {one["code"] for one in row.changes})
    for one in row.changes:
        stands = newest.get((one["kind"], one["code"]))
        if one["base"] != (stands.version if stands else 0):
            raise Conflict(
                "compendium.overtaken",
                f"The {one['kind']} {one['code']} was changed meanwhile: propose it anew.",
            )
    effective = body.effective_at or row.effective_at or now
    if effective < now:
        raise Conflict(
            "proposal.moment_passed", "The stated moment has passed: state another, to come."
        )
    changes = changes_of(row)
    stand(session, areas, changes, effective)
    check_named(session, actor, changes, effective)
    made = record(session, changes, Stamp(now, effective, f"proposal {row.id}"))
    follow(session, actor, made, changes)
    return made.number, made.effective_at


def withdraw(session: Session, actor: Actor, number: int) -> CompendiumProposal:
    """Take an open proposal back. Raises NotFound, Conflict, Forbidden for another person's."""
    row = proposal(session, number, lock=True)
    if not {row.proposed_by, row.proposed_for} & actor.persons:
        raise Forbidden("proposal.not_yours", "Only who proposed it takes it back.")
    if row.status != "open":
        raise Conflict("proposal.closed", f"It is {row.status} already.")
    row.status = "withdrawn"
    session.flush()
    ledger.append(session, STREAM, "proposal_withdrawn", actor, {"proposal": row.id})
    return row


def view_of(session: Session, row: CompendiumProposal) -> ChangesView:
    """Return a proposal as it is shown, with what differs from the versions that it rests on."""
    codes = {one["code"] for one in row.changes}
    query = sa.select(C).where(C.code.in_(sorted(codes)))
    known = {
        (one.kind, one.code, one.version): EntryVersion.model_validate(one)
        for one in session.scalars(query)
    }
    shown = {name: getattr(row, name) for name in ChangesView.model_fields if name != "changes"}
    return ChangesView(
        **shown,
        changes=[
            difference(one, known.get((one["kind"], one["code"], one["base"])))
            for one in row.changes
        ],
    )


def difference(change: Mapping[str, Any], before: EntryVersion | None) -> Difference:
    """Return what a change would make of an entry, field by field."""
    stood = before is not None and not before.withdrawn
    act = "withdraw" if change["withdraw"] else "change" if stood else "add"
    old = before.told() if before is not None and stood else {}
    new = {} if change["withdraw"] else change["content"]
    return Difference(
        kind=change["kind"],
        code=change["code"],
        base=change["base"],
        act=act,
        fields=[
            FieldChange(field=name, before=was, after=now) for name, was, now in differing(old, new)
        ],
    )
