"""The effects: what our own tables gain by a transition, in its transaction; none calls out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.assessment import service as assessment
from app.delivery import service as delivery
from app.directory.actor import Actor
from app.engine.packs import Pack
from app.engine.vocabulary import EffectDef
from app.kit.db import table_of
from app.knowledge import service as knowledge
from app.matching import service as matching
from app.requests.tables import AssistanceRequest
from app.screening import service as screening


@dataclass(frozen=True, slots=True)
class Scene:
    """What an effect works on: the transaction, the pack, who acts on which request.

    And the form.
    """

    session: Session
    pack: Pack
    actor: Actor
    request_id: int
    form: Mapping[str, Any]
    at: datetime


def file_request(scene: Scene) -> None:
    """The request counts as filed, and others than its coordinators may know of it."""
    scene.session.execute(
        sa.update(table_of(AssistanceRequest))
        .where(table_of(AssistanceRequest).c.id == scene.request_id)
        .values(filed_at=scene.at)
    )


def start_screening(scene: Scene) -> None:
    """A new round of screening opens; what data can answer is answered by rule."""
    screening.open_round(scene.session, scene.pack, scene.request_id, scene.at)


def carry_conditions(scene: Scene) -> None:
    """The conditions of the screening become duties of the request."""
    screening.carry_conditions(scene.session, scene.pack, scene.request_id)


def reopen_assessment(scene: Scene) -> None:
    """The assessment no longer counts as complete and can be worked on again."""
    assessment.reopen(scene.session, scene.request_id)


def file_appeal(scene: Scene) -> None:
    """The country's one appeal is recorded."""
    grounds = str(scene.form["grounds"])
    screening.file_appeal(scene.session, scene.request_id, scene.actor, grounds, scene.at)


def dismiss_appeal(scene: Scene) -> None:
    """The appeal is heard and dismissed."""
    screening.hear_appeal(scene.session, scene.request_id, scene.actor, "dismissed", scene.form)


def grant_appeal(scene: Scene) -> None:
    """The appeal is heard and granted."""
    screening.hear_appeal(scene.session, scene.request_id, scene.actor, "granted", scene.form)


def start_matching(scene: Scene) -> None:
    """Earlier proposals are superseded; whoever declined stays out of the next one."""
    matching.supersede(scene.session, scene.request_id)


def offer_proposal(scene: Scene) -> None:
    """The proposal is put to its entities, whose focal points now see the request."""
    matching.offer(scene.session, scene.request_id, scene.at)


def accept_proposal(scene: Scene) -> None:
    """The proposal counts as accepted by every entity."""
    matching.accept(scene.session, scene.request_id)


def decline_proposal(scene: Scene) -> None:
    """The proposal counts as declined."""
    matching.decline(scene.session, scene.request_id)


def end_offers(scene: Scene) -> None:
    """No entity is waited for any more."""
    matching.supersede(scene.session, scene.request_id)


def offer_replacement(scene: Scene) -> None:
    """The open needs of a programme are put to entities; who is at work goes on."""
    matching.offer_replacement(scene.session, scene.request_id, scene.at)


def decline_replacement(scene: Scene) -> None:
    """The offer of the open needs counts as declined; who is at work goes on."""
    matching.decline_replacement(scene.session, scene.request_id)


def end_replacement(scene: Scene) -> None:
    """Nobody is asked any more to take over open needs."""
    matching.end_replacement(scene.session, scene.request_id)


def open_programme(scene: Scene) -> None:
    """Open needs are assigned to their entities in one joint programme, one component an entity."""
    matched = matching.assign(scene.session, scene.request_id, scene.at)
    lead = delivery.lead_of(scene.session, scene.request_id) or matched
    delivery.open_programme(scene.session, scene.request_id, lead, scene.at)


def stop_activities(scene: Scene) -> None:
    """What is finished stays finished; the rest is stopped, which is not failed."""
    delivery.stop_activities(scene.session, scene.request_id, scene.form, scene.at)


def keep_lesson(scene: Scene) -> None:
    """The lesson of the closing goes into the common repository."""
    lesson = delivery.lesson_of(scene.session, scene.request_id)
    if lesson:
        knowledge.keep_lesson(scene.session, scene.request_id, scene.actor, lesson, scene.at)


def _effect(apply: Callable[[Scene], None], *revokes: str) -> EffectDef:
    return EffectDef(apply, (apply.__doc__ or "").splitlines()[0], frozenset(revokes))


EFFECTS: dict[str, EffectDef] = {
    "file_request": _effect(file_request),
    "start_screening": _effect(
        start_screening, "screening.passed", "match.accepted", "country.consented"
    ),
    "carry_conditions": _effect(carry_conditions),
    "reopen_assessment": _effect(
        reopen_assessment,
        *("assessment.completed", "screening.passed", "match.accepted", "country.consented"),
    ),
    "file_appeal": _effect(file_appeal),
    "dismiss_appeal": _effect(dismiss_appeal),
    "grant_appeal": _effect(grant_appeal),
    "start_matching": _effect(start_matching, "match.accepted", "country.consented"),
    "offer_proposal": _effect(offer_proposal, "match.accepted", "country.consented"),
    "accept_proposal": _effect(accept_proposal),
    "decline_proposal": _effect(decline_proposal, "match.accepted", "country.consented"),
    "end_offers": _effect(end_offers, "match.accepted", "country.consented"),
    "offer_replacement": _effect(offer_replacement),
    "decline_replacement": _effect(decline_replacement),
    "end_replacement": _effect(end_replacement),
    "open_programme": _effect(open_programme),
    "stop_activities": _effect(stop_activities),
    "keep_lesson": _effect(keep_lesson),
}
