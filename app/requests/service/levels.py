"""Levels: one person raises one, at once; lowering takes two and every country (F19)."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.directory.actor import Actor
from app.kit import clock
from app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from app.ledger import service as ledger
from app.requests import access, duties, timeline
from app.requests.rules import ANNEX, LEVELS, ORDINARY, lowered
from app.requests.schemas.confidence import LevelBody, LoweringBody, LoweringView
from app.requests.service import named, sealed
from app.requests.service.drafts import next_number
from app.requests.tables import AssistanceRequest, Attachment, Consent, Lowering

SUBJECT = "lowering"
STREAM = "levels"
RAISES = frozenset({"resident_coordinator", "government", "assessor", "desk_officer"}) | {
    *("screening_officer", "rights_reviewer")
}


def _may_raise(session: Session, actor: Actor, request: AssistanceRequest) -> None:
    if not access.standing_of(session, request).roles(actor) & RAISES:
        raise Forbidden("level.role", "This is for the country's own people, desk and screening.")


def raise_level(
    session: Session, actor: Actor, request: AssistanceRequest, body: LevelBody
) -> None:
    """Raise the level of a request. Raises Forbidden, Conflict when that would not raise it."""
    _may_raise(session, actor, request)
    if LEVELS.index(body.level) <= LEVELS.index(request.level):
        raise Conflict("level.not_raised", "To lower a level, propose a lowering.")
    told = {"before": request.level, "level": body.level}
    request.level = body.level
    _told(session, actor, request, ("level_raised", body.reason), told)


def make_annex(
    session: Session, actor: Actor, request: AssistanceRequest, document: Attachment, reason: str
) -> None:
    """Make a document an annex, which opens by named grant alone. Raises Forbidden, Conflict.

    Its name goes: a name travels further than what it stands on.
    """
    _may_raise(session, actor, request)
    if document.level == ANNEX:
        raise Conflict("level.not_raised", "That document is an annex already.")
    document.level = ANNEX
    document.name = f"annex-{document.id}{PurePath(document.name).suffix}"
    told = {"attachment": document.id, "level": ANNEX}
    _told(session, actor, request, ("level_raised", reason), told)


def _told(
    session: Session,
    actor: Actor,
    request: AssistanceRequest,
    what: tuple[str, str],
    told: Mapping[str, object],
) -> None:
    """Write what happened to a level, and why; the reason stands sealed, and in the event alone."""
    kind, reason = what
    why = timeline.sealed(session, request, {"reason": reason}) if reason else {}
    number = timeline.record(session, actor, request, kind, {**told, **why})
    more = {"reference": request.reference, "event": number}
    ledger.append(session, STREAM, kind, actor, {**told, **more})


def document_of(session: Session, request: AssistanceRequest, number: int) -> Attachment:
    """Return a document of the request. Raises NotFound."""
    own = (Attachment.id == number, Attachment.request_id == request.id)
    query = sa.select(Attachment).options(joinedload(Attachment.file)).where(*own)
    row = session.scalar(query)
    if row is None:
        raise NotFound("attachment.unknown", "There is no such document in this request.")
    return row


def propose(
    session: Session, actor: Actor, request: AssistanceRequest, body: LoweringBody
) -> Lowering:
    """Propose to lower a level; who proposes for a country consents for it at the same time.

    Raises Forbidden, Invalid when it would not lower anything, Conflict beside an open one.
    """
    named.speaks(session, actor, request)
    document = document_of(session, request, body.attachment) if body.attachment else None
    before, after = (document.level, ORDINARY) if document else (request.level, body.level)
    order = (*LEVELS, ANNEX)
    if order.index(after) >= order.index(before):
        raise Invalid("lowering.not_lower", f"It is {before} now.")
    known = listed(session, request)
    if any(one.attachment_id == body.attachment and not one.ended for one in known):
        raise Conflict("lowering.open", "One is open already: confirm or end that one.")
    row = Lowering(
        request_id=request.id,
        number=next_number(session, Lowering, request),
        attachment_id=body.attachment,
        before=before,
        after=after,
        proposed_by=actor.person_id,
        proposed_at=clock.now(),
    )
    sealed.put(session, row, {"reason": body.reason})
    session.add(row)
    session.flush()
    told = {"lowering": row.number, "before": before, "level": after}
    _told(session, actor, request, ("lowering_proposed", body.reason), told)
    _consent(session, actor, request, row)
    return row


def confirm(session: Session, actor: Actor, request: AssistanceRequest, number: int) -> Lowering:
    """Stand behind a lowering as another person; the last that is needed carries it out.

    Raises Forbidden for who proposed it, NotFound, Conflict when it has ended.
    """
    row = _open(session, actor, request, number)
    if duties.same(session, actor, request, [row.proposed_by]):
        raise Forbidden("lowering.same_person", "Who proposed it cannot confirm it.")
    _consent(session, actor, request, row)
    countries = access.standing_of(session, request).countries
    if not lowered(countries, _consented(session, request, row)):
        return row
    row.confirmed_by, row.confirmed_at, row.ended = actor.person_id, clock.now(), "done"
    if row.attachment_id is None:
        request.level = row.after
    else:
        document_of(session, request, row.attachment_id).level = row.after
    told = {"lowering": row.number, "before": row.before, "level": row.after}
    _told(session, actor, request, ("level_lowered", ""), told)
    return row


def end(session: Session, actor: Actor, request: AssistanceRequest, number: int) -> Lowering:
    """Let a proposed lowering fall. Raises Forbidden, NotFound, Conflict."""
    row = _open(session, actor, request, number)
    row.ended = "refused"
    _told(session, actor, request, ("lowering_refused", ""), {"lowering": row.number})
    return row


def _open(session: Session, actor: Actor, request: AssistanceRequest, number: int) -> Lowering:
    named.speaks(session, actor, request)
    own = (Lowering.request_id == request.id, Lowering.number == number)
    row = session.scalar(sa.select(Lowering).where(*own))
    if row is None:
        raise NotFound("lowering.unknown", f"There is no lowering {number}.")
    held = request.level if row.attachment_id is None else None
    if row.ended or (held is not None and held != row.before):
        raise Conflict("lowering.ended", "That lowering has ended, or the level has changed since.")
    return row


def _consent(session: Session, actor: Actor, request: AssistanceRequest, row: Lowering) -> None:
    """Record the consent of each country that the actor speaks for (F19)."""
    known = _consented(session, request, row)
    for country in sorted(named.spoken_for(session, actor, request) - known):
        session.add(
            Consent(
                request_id=request.id,
                country=country,
                subject=SUBJECT,
                proposal=row.number,
                given=True,
                reason="",
                by=actor.person_id,
                at=clock.now(),
            )
        )
        told = {"country": country, "subject": SUBJECT, "proposal": row.number, "given": True}
        timeline.record(session, actor, request, "consent_recorded", told)
    session.flush()


def _consented(session: Session, request: AssistanceRequest, row: Lowering) -> frozenset[str]:
    own = (Consent.request_id == request.id, Consent.subject == SUBJECT)
    query = sa.select(Consent.country).where(*own, Consent.proposal == row.number, Consent.given)
    return frozenset(session.scalars(query))


def listed(session: Session, request: AssistanceRequest) -> Sequence[Lowering]:
    """Return the lowerings that were proposed, oldest first."""
    query = sa.select(Lowering).where(Lowering.request_id == request.id)
    return session.scalars(query.order_by(Lowering.number)).all()


def view_of(session: Session, row: Lowering) -> LoweringView:
    """Return a lowering as it is shown, with its reason opened."""
    return sealed.view_of(session, row, LoweringView)
