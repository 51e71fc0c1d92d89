"""What the guards may know of matching, for many requests at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.engine.packs import Pack
from app.matching.optimiser import APART
from app.matching.rules import MatchingFacts
from app.matching.service import basis
from app.matching.service.gathering import needs_of
from app.matching.service.stored import entities_of, stated, stated_need
from app.matching.tables import ProposalRow, ResponseRow
from app.requests.tables import Need


def matching_facts(
    session: Session,
    pack: Pack,  # noqa: ARG001 - the facts of every room are asked for in one way
    ids: Sequence[int],
) -> Mapping[int, MatchingFacts]:
    """Return the latest proposal that is not superseded, by request, in six queries.

    A request without such a proposal is not in the answer.
    """
    latest = _latest(session, ids)
    answers: dict[int, dict[str, bool]] = defaultdict(dict)
    asked = sa.select(ResponseRow).where(
        ResponseRow.proposal_id.in_([row.id for row in latest.values()])
    )
    for response in session.scalars(asked):
        answers[response.proposal_id][response.entity] = (
            response.accepted and not response.declined_needs
        )
    lapsed = _lapsed(session, latest)
    needs: dict[int, list[Need]] = defaultdict(list)
    for need in needs_of(session, list(latest)):
        needs[need.request_id].append(need)
    unsettled = basis.unsettled(session, latest)
    return {
        owner: replace(
            _facts(row, answers[row.id], needs[owner]),
            lapsed=lapsed[owner],
            unsettled=unsettled[owner],
        )
        for owner, row in latest.items()
    }


def _lapsed(session: Session, latest: Mapping[int, ProposalRow]) -> dict[int, frozenset[str]]:
    """Return, by request, who accepted an earlier proposal than the latest one."""
    found: dict[int, frozenset[str]] = dict.fromkeys(latest, frozenset())
    query = (
        sa.select(ProposalRow.request_id, ResponseRow.entity)
        .join(ResponseRow, ResponseRow.proposal_id == ProposalRow.id)
        .where(
            ProposalRow.request_id.in_(latest),
            ProposalRow.id.not_in([row.id for row in latest.values()]),
            ResponseRow.accepted,
        )
    )
    for owner, entity in session.execute(query):
        found[owner] |= {entity}
    return found


def _latest(session: Session, ids: Sequence[int]) -> dict[int, ProposalRow]:
    query = sa.select(ProposalRow).where(
        ProposalRow.request_id.in_(ids), ProposalRow.status != "superseded"
    )
    return {row.request_id: row for row in session.scalars(query.order_by(ProposalRow.number))}


def _facts(row: ProposalRow, answers: dict[str, bool], needs: Sequence[Need]) -> MatchingFacts:
    return MatchingFacts(
        number=row.number,
        status=row.status,
        entities=frozenset(entities_of(row.content)),
        answers=answers,
        uncovered=tuple(one["need"] for one in row.content["uncovered"]),
        responsible=_responsible(row.content["assignments"]),
        aside=frozenset(one["need"] for one in row.content["uncovered"] if one["code"] in APART),
        assigned=row.assigned_at is not None,
        current=stated(row.inputs) == [stated_need(need) for need in needs],
    )


def _responsible(assignments: Sequence[Mapping[str, Any]]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for one in assignments:
        if one["part"] == "lead":
            found[one["need"]] = (*found.get(one["need"], ()), one["entity"])
    return found
