"""Answers to a proposal: of the entities it was offered to, and of the countries."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.engine.packs import Shelf
from app.kit import clock
from app.kit.errors import Blocker, Conflict, Forbidden, Invalid
from app.matching.optimiser import Proposal
from app.matching.schemas import MatchConsentBody, ResponseBody
from app.matching.service.proposals import content_of, latest
from app.matching.tables import ProposalRow, ResponseRow
from app.requests import access, duties, timeline
from app.requests.tables import AssistanceRequest, Consent


def respond(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, body: ResponseBody
) -> ResponseRow:
    """Record what an entity answers to the offered proposal, by one who answers for it (F53).

    Raises Forbidden for another entity's answer, Invalid for a decline without a reason, Conflict
    when the entity was not asked or has answered already, Blocked and Forbidden for someone who has
    filed, judged or prepared what is answered here.
    """
    access.permit(session, shelf, actor, request, "matching.respond")
    if body.entity not in actor.entities("focal_point"):
        raise Forbidden("match.other_entity", "You do not answer for that entity.")
    offered = latest(session, request.id, "offered")
    _sound(content_of(offered), body)
    if session.get(ResponseRow, (offered.id, body.entity)) is not None:
        raise Conflict("match.answered", "That entity has answered this proposal already.")
    _others(session, actor, request, offered)
    judged = duties.hands(session, request.id, *duties.FINDING_KINDS)
    if judged & actor.persons:
        raise duties.refuse([Blocker("duty.judged", "C7, F53", {"entity": body.entity})])
    now = clock.now()
    row = ResponseRow(
        proposal_id=offered.id,
        entity=body.entity,
        accepted=body.accepted,
        reason=body.reason,
        declined_needs=sorted(set(body.declined_needs)),
        by=actor.person_id,
        at=now,
    )
    session.add(row)
    kind = "entity_accepted" if body.accepted else "entity_declined"
    told = {"proposal": offered.number, "entity": body.entity, "reason": body.reason}
    left_out = {"declined_needs": row.declined_needs} if row.declined_needs else {}
    timeline.record(session, actor, request, kind, told | left_out, now)
    return row


def _sound(content: Proposal, body: ResponseBody) -> None:
    """Hold an answer to what was asked: some of the entity's own needs may be left out, not all.

    Raises Invalid, Conflict.
    """
    if (body.declined_needs or not body.accepted) and not body.reason:
        raise Invalid("match.reason_missing", "A decline takes a reason.")
    if body.entity not in content.entities:
        raise Conflict("match.not_asked", "The present proposal does not ask that entity.")
    if not body.declined_needs:
        return
    own = {a.need for a in content.assignments if a.entity == body.entity and a.part == "lead"}
    left_out = set(body.declined_needs)
    if not body.accepted or not left_out < own:
        raise Invalid(
            "match.needs", "Leave out some of the needs that the entity would answer for, not all."
        )


def consent(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    body: MatchConsentBody,
) -> Consent:
    """Record what one country says to the accepted proposal, by its own government (F19).

    Raises Forbidden for another country's word, Invalid for a refusal without a reason, Conflict
    when the country has spoken already, Blocked and Forbidden for someone who has filed or prepared
    what is consented to, or is tied to an entity that helps.
    """
    access.permit(session, shelf, actor, request, "match.consent")
    if body.country not in actor.countries("government"):
        raise Forbidden("consent.other_country", "You do not speak for that country.")
    if body.country not in access.standing_of(session, request).countries:
        raise Invalid("consent.country", f"{body.country} is not part of this request.")
    if not body.given and not body.reason:
        raise Invalid("consent.reason_missing", "A refusal takes a reason.")
    accepted = latest(session, request.id, "accepted")
    if _spoken(session, request, body.country, accepted.number):
        raise Conflict("consent.given_already", f"{body.country} has spoken on this proposal.")
    _others(session, actor, request, accepted)
    duties.not_bound(session, actor, request, frozenset())
    row = Consent(
        request_id=request.id,
        subject="match",
        proposal=accepted.number,
        by=actor.person_id,
        at=clock.now(),
        **body.model_dump(),
    )
    session.add(row)
    kind = "match_consented" if body.given else "match_refused"
    told = {"proposal": accepted.number, "country": body.country, "reason": body.reason}
    timeline.record(session, actor, request, kind, told, row.at)
    return row


def _others(
    session: Session, actor: Actor, request: AssistanceRequest, proposal: ProposalRow
) -> None:
    """Refuse who filed the request or prepared the proposal. Raises Blocked."""
    first = {"request.filed_by": request.created_by, "proposal.prepared_by": proposal.prepared_by}
    duties.second_person(session, actor, request, first)


def _spoken(session: Session, request: AssistanceRequest, country: str, proposal: int) -> bool:
    """Whether the country has said already what it thinks of the proposal."""
    said = sa.select(Consent.id).where(
        Consent.request_id == request.id,
        Consent.country == country,
        Consent.subject == "match",
        Consent.proposal == proposal,
    )
    return session.scalar(said.limit(1)) is not None
