"""Rows that tests put into a database as they are, where the way there is not what is tested."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.engine.packs import Pack
from app.requests.tables import AssistanceRequest


def put_request(
    session: Session, pack: Pack, reference: str, person: int, at: datetime, **more: Any
) -> AssistanceRequest:
    """Put a filed request there at its first revision; `more` names its state, texts and the like.

    Without a stage of its own it stands in the stage that its state is called after.
    """
    told = {"title": "A request", "summary": "What is asked for.", "stage": more["state"], **more}
    row = AssistanceRequest(
        reference=reference,
        workflow=pack.name,
        workflow_version=pack.version,
        workflow_hash=pack.sha256,
        revision=1,
        created_by=person,
        created_at=at,
        filed_at=at,
        since=at,
        updated_at=at,
        **told,
    )
    session.add(row)
    session.flush()
    return row
