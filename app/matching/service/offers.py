"""What an entity keeps of the offers made to it: also after it has declined or was released."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.kit.rows import as_house
from app.matching.schemas import OfferView, ResponseView
from app.matching.tables import ProposalRow, ResponseRow
from app.requests.access import AT_WORK
from app.requests.tables import AssistanceRequest, Involvement, RequestEvent

R, I, E = AssistanceRequest, Involvement, RequestEvent  # noqa: E741 - one letter a table
MOST = 200


def offers(session: Session, actor: Actor) -> list[OfferView]:
    """Return what the actor's entities were asked, latest first, with their own answers (F53).

    Where an entity is out, `state` is where the request went when it was let go, and nothing later.
    """
    entities = sorted(actor.entities("focal_point"))
    left = sa.and_(E.request_id == I.request_id, E.number == I.left_number)
    query = sa.select(I, R.reference, R.state, E.data).join(R, R.id == I.request_id)
    query = query.outerjoin(E, left).where(I.entity.in_(entities))
    query = query.order_by(I.since.desc(), I.request_id.desc()).limit(MOST)
    with as_house(session):  # its own involvements, though it be out of the requests
        rows = session.execute(query).all()
        own = _answers(session, entities, [involved.request_id for involved, *_ in rows])
    return [
        OfferView(
            reference=reference,
            entity=involved.entity,
            part=involved.part,
            standing=involved.standing,
            since=involved.since,
            state=state if involved.standing in AT_WORK else (moved or {}).get("to", ""),
            answers=own.get((involved.request_id, involved.entity), []),
        )
        for involved, reference, state, moved in rows
    ]


def _answers(
    session: Session, entities: list[str], ids: list[int]
) -> dict[tuple[int, str], list[ResponseView]]:
    query = sa.select(ProposalRow.request_id, ResponseRow).join(
        ProposalRow, ProposalRow.id == ResponseRow.proposal_id
    )
    query = query.where(ResponseRow.entity.in_(entities), ProposalRow.request_id.in_(ids))
    found: dict[tuple[int, str], list[ResponseView]] = {}
    for owner, row in session.execute(query.order_by(ResponseRow.at)):
        found.setdefault((owner, row.entity), []).append(ResponseView.model_validate(row))
    return found
