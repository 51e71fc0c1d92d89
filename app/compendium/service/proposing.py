"""Proposing a change of the compendium: what is sent becomes whole entries that could stand."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium import entries
from app.compendium.entries import KINDS, Content, Kind
from app.compendium.rules import Words, faults
from app.compendium.schemas import ChangeBody, ChangesBody, EntryVersion
from app.compendium.service.following import check_named
from app.compendium.service.holding import held
from app.compendium.service.reading import version
from app.compendium.service.recording import Change
from app.compendium.tables import CompendiumEntry, CompendiumProposal
from app.directory.actor import Actor
from app.engine.areas import Areas
from app.kit import clock
from app.kit.errors import Blocked, Blocker, Conflict, Forbidden, Invalid
from app.kit.text import printable
from app.ledger import service as ledger

C, P = CompendiumEntry, CompendiumProposal
STREAM = "compendium"
LONGEST = 20_000
MOST_FAULTS = 50
"""So many faults of entries are told at once."""
DESK = "desk_officer"
LASTING = tuple(kind for kind in KINDS if kind != "focal_point")
"""What goes back to an earlier version unless kinds are named: persons are named anew."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One change that could be recorded: the version it rests on, and what that said."""

    change: Change
    base: int
    before: EntryVersion | None

    @property
    def owners(self) -> frozenset[str]:
        """The entities that it concerns, before or after."""
        return entries.owners_of(self.change.entry)


def words_of(areas: Areas) -> Words:
    """Return the codes that entries may name."""
    return Words(
        frozenset(areas.topic_by_code),
        frozenset(kind.code for kind in areas.assistance_kinds),
        frozenset(one.code for one in areas.sensitivities),
        frozenset(one.code for one in areas.sectors),
    )


def propose(session: Session, areas: Areas, actor: Actor, body: ChangesBody) -> CompendiumProposal:
    """Keep a proposal for a second person to review.

    Raises Invalid for content that is none or changes nothing, Forbidden for another entity's
    entries, Conflict where an entry has a newer version, Blocked where the whole could not stand.
    """
    now = clock.now()
    if body.effective_at is not None and body.effective_at <= now:
        raise Invalid("proposal.moment", "A change takes effect at a moment to come.")
    wishes = wishes_of(session, body.kind, _changes(session, body))
    if not wishes:
        raise Invalid("proposal.nothing", "Everything is said so already.")
    _own(actor, wishes)
    changes = [wish.change for wish in wishes]
    stand(session, areas, changes, body.effective_at or now)
    check_named(session, actor, changes, body.effective_at or now)
    person = actor.person_id
    if person is None:
        raise Forbidden("proposal.nobody", "A change is proposed by a person.")
    row = P(
        kind=body.kind,
        status="open",
        title=body.title,
        reason=body.reason,
        entities=sorted({owner for wish in wishes for owner in wish.owners}),
        changes=[stored(wish) for wish in wishes],
        effective_at=body.effective_at,
        proposed_by=person,
        proposed_for=actor.on_behalf,
        proposed_at=now,
    )
    session.add(row)
    session.flush()
    told = {"proposal": row.id, "kind": row.kind, "title": row.title, "entities": row.entities}
    ledger.append(session, STREAM, "proposal_made", actor, told)
    return row


def _changes(session: Session, body: ChangesBody) -> Sequence[ChangeBody]:
    """Return the changes that are sent, or that lead back. Raises Invalid."""
    back = body.restores
    strange = body.kinds if back is None else body.changes
    if (body.kind == "restore") != (back is not None) or strange:
        raise Invalid("proposal.restores", "Going back names the version, and no changes.")
    return body.changes if back is None else _going_back(session, back, body.kinds or LASTING)


def wishes_of(session: Session, kind: str, changes: Sequence[ChangeBody]) -> list[Wish]:
    """Return what is wished, entry by entry, without what stands so. Raises Invalid, Conflict."""
    places = [(one.kind, one.code) for one in changes]
    if len(set(places)) < len(places):
        raise Invalid("proposal.twice", "An entry is changed once in a proposal.")
    newest = newest_of(session, {one.code for one in changes})
    told: list[Wish | None] = []
    wrong: list[Blocker] = []
    for one in changes:
        try:
            told.append(_wish(kind, one, newest.get((one.kind, one.code))))
        except Invalid as fault:
            if len(changes) == 1 or not fault.blockers:
                raise
            wrong += _of_entry(one, fault.blockers)
    if wrong:
        raise Invalid("entry.invalid", f"{len(wrong)} faults in entries.", wrong[:MOST_FAULTS])
    return [wish for wish in told if wish is not None]


def _of_entry(one: ChangeBody, faults: Iterable[Blocker]) -> list[Blocker]:
    """Return the faults of one entry among several, each with its name."""
    of = {"kind": one.kind, "entry": one.code}
    return [Blocker("entry.wrong", fault.cite, {**of, **fault.params}) for fault in faults]


def newest_of(session: Session, codes: Iterable[str]) -> dict[tuple[str, str], EntryVersion]:
    """Return the newest version of every entry with one of these codes."""
    rows = session.scalars(sa.select(C).where(C.code.in_(sorted(codes))).order_by(C.version))
    return {(row.kind, row.code): EntryVersion.model_validate(row) for row in rows}


def _going_back(session: Session, number: int, kinds: Collection[Kind]) -> list[ChangeBody]:
    """Return the changes that bring back what was said when a version was recorded."""
    then = version(session, number)
    old: dict[tuple[str, str], EntryVersion] = {}
    new: dict[tuple[str, str], EntryVersion] = {}
    for row in session.scalars(sa.select(C).where(C.kind.in_(kinds)).order_by(C.version)):
        new[(row.kind, row.code)] = EntryVersion.model_validate(row)
        if row.number <= then.number:
            old[(row.kind, row.code)] = new[(row.kind, row.code)]
    changes = []
    for place, one in new.items():
        back = old.get(place)
        gone = back is None or back.withdrawn
        if not (gone and one.withdrawn) and (back is None or back.version != one.version):
            content = {} if back is None or gone else back.told()
            changes.append(
                ChangeBody(kind=_kind(one), code=one.code, withdraw=gone, content=content)
            )
    return changes


def _kind(one: EntryVersion) -> Kind:
    return next(kind for kind in KINDS if kind == one.kind)


def _wish(kind: str, body: ChangeBody, newest: EntryVersion | None) -> Wish | None:
    """Return one change as it could be recorded; None when it would change nothing."""
    known = newest.version if newest else 0
    if body.base is not None and body.base != known:
        raise Conflict(
            "compendium.overtaken",
            f"The {body.kind} {body.code} stands at version {known}, not {body.base}.",
        )
    if body.withdraw:
        return _withdrawal(kind, body, newest)
    before = newest.told() if newest else {}
    claimed = {"provenance": "claimed"} if kind == "claim" else {}
    _typed(body.content)
    told = {**before, **_named(body), **claimed, **body.content}
    entry = entries.read(body.kind, told)
    if entries.code_of(entry) != body.code:
        raise Invalid("entry.code", f"The content of {body.code} names another code.")
    wish = Wish(Change(body.kind, entry), known, newest)
    same = newest is not None and not newest.withdrawn and told_of(entry) == newest.told()
    return None if same else wish


def _withdrawal(kind: str, body: ChangeBody, newest: EntryVersion | None) -> Wish:
    if newest is None or newest.withdrawn:
        raise Conflict("compendium.withdrawn", f"There is no {body.kind} {body.code} to withdraw.")
    if body.content or kind == "claim":
        raise Invalid("entry.withdrawal", "A withdrawal has no content, and claims nothing.")
    entry = entries.read(body.kind, newest.told())
    return Wish(Change(body.kind, entry, withdrawn=True), newest.version, newest)


def _named(body: ChangeBody) -> dict[str, str]:
    return {"subject" if body.kind == "lead" else "code": body.code}


def _typed(value: Any) -> None:
    """See that texts are such as people type. Raises Invalid."""
    if isinstance(value, dict):
        for one in value.values():
            _typed(one)
    elif isinstance(value, list):
        for one in value:
            _typed(one)
    elif isinstance(value, str):
        try:
            printable(value)
        except ValueError as fault:
            raise Invalid("entry.text", str(fault)) from fault
        if len(value) > LONGEST:
            raise Invalid("entry.text", f"A text has at most {LONGEST} characters.")


def told_of(entry: Content) -> dict[str, Any]:
    """Return all that an entry says, as one who changes it sends it."""
    return entry.model_dump(mode="json")


def stored(wish: Wish) -> dict[str, Any]:
    """Return a change as a proposal keeps it, and as one could send it."""
    change = wish.change
    return {
        "kind": change.kind,
        "code": change.code,
        "base": wish.base,
        "withdraw": change.withdrawn,
        "content": told_of(change.entry),
    }


def _own(actor: Actor, wishes: Sequence[Wish]) -> None:
    """Refuse other entities' entries to who does not keep the compendium. Raises Forbidden."""
    if actor.holds(DESK) or actor.holds("administrator"):
        return
    own = actor.entities("focal_point")
    for wish in wishes:
        before = wish.before
        owners = [wish.owners]
        if before is not None:
            owners.append(entries.owners_of(entries.read(wish.change.kind, before.told())))
        if any(not concerned & own for concerned in owners):
            raise Forbidden("proposal.other_entity", f"{wish.change.code} is not your entity's.")


def stand(
    session: Session, areas: Areas, changes: Sequence[Change], effective_at: datetime
) -> None:
    """See that the compendium could stand with these changes. Raises Blocked."""
    whole = {
        (_kind(one), one.code): entries.read(_kind(one), one.told())
        for one in map(EntryVersion.model_validate, held(session, KINDS, effective_at, clock.now()))
    }
    for change in changes:
        whole.pop((change.kind, change.code), None)
        if not change.withdrawn:
            whole[(change.kind, change.code)] = change.entry
    against: list[Blocker] = list(faults(whole, words_of(areas)))
    if against:
        raise Blocked("compendium.unsound", "The compendium could not stand so.", against)
