"""What was erased stays erased: the list that a restored database is held against."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kit import clock
from app.kit.db import table_of
from app.requests.tables import AssistanceRequest
from app.retention.service import erasing
from app.retention.tables import Erasure

R = table_of(AssistanceRequest)


def done(session: Session) -> list[dict[str, Any]]:
    """Return every erasure that was carried out: reference, moment and reason, oldest first."""
    query = (
        sa.select(R.c.reference, Erasure.erased_at, Erasure.reason)
        .join(R, R.c.id == Erasure.request_id)
        .where(Erasure.erased_at.is_not(None))
        .order_by(Erasure.id)
    )
    return [
        {"reference": reference, "erased_at": clock.stamp(at), "reason": reason}
        for reference, at, reason in session.execute(query)
        if at is not None
    ]


def again(session: Session, listed: dict[str, Any]) -> bool:
    """Carry out an erasure that a restored database does not know; False when it does.

    What was erased before the backup is erased again even where the older state, or a hold that was
    lifted before the erasure, would stand against it: both were settled when it was done.
    """
    at = datetime.fromisoformat(listed["erased_at"])
    query = sa.select(AssistanceRequest).where(R.c.reference == listed["reference"])
    request = session.scalars(query.with_for_update()).one_or_none()
    known = Erasure.erased_at >= at
    if request is None or session.scalar(
        sa.select(Erasure.id).where(Erasure.request_id == request.id, known).limit(1)
    ):
        return False
    row = Erasure(request_id=request.id, reason=listed["reason"], asked_at=at, erased_at=at)
    session.add(row)
    session.flush()
    erasing.carry_out(session, None, request, row)
    return True
