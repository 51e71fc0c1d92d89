"""Publication: nothing of a request is published but while every country of it consents (F19)."""

import sqlalchemy as sa

from app.kit.db import table_of
from app.requests.rules import ORDINARY
from app.requests.tables import AssistanceRequest, Consent, RequestCountry

PUBLICATION = "publication"
R = table_of(AssistanceRequest).alias("published_requests")
C = table_of(RequestCountry).alias("publishing_countries")
S = table_of(Consent)


def published(owner: sa.SQLColumnExpression[int | None]) -> sa.ColumnElement[bool]:
    """Return the condition that what belongs to the request `owner` may be published now.

    The last word of each country on publication must be yes, and the level ordinary.
    """
    said = (S.c.request_id == C.c.request_id, S.c.country == C.c.country)
    last = (
        sa.select(S.c.given)
        .where(*said, S.c.subject == PUBLICATION)
        .order_by(S.c.id.desc())
        .limit(1)
        .correlate(C)
        .scalar_subquery()
    )
    silent = sa.exists().where(C.c.request_id == owner, last.is_not(sa.true()))
    ordinary = sa.exists().where(R.c.id == owner, R.c.level == ORDINARY)
    return sa.and_(ordinary, sa.not_(silent))
