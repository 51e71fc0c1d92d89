"""What is near a reader: the requests of his or her countries, entities and names, gathered first.

`access.visible` decides what is seen. Whoever sees little would have it asked of every request of
the house; among what is gathered here is all that such a sight shows, and little more.
"""

from typing import Any

import sqlalchemy as sa

from app.kit.db import table_of
from app.policy.sight import Sight
from app.requests.tables import AssistanceRequest, Involvement, NamedGrant, RequestCountry

R = table_of(AssistanceRequest)
C = table_of(RequestCountry)
I = table_of(Involvement)  # noqa: E741 - one letter a table, as elsewhere
G = table_of(NamedGrant)
Ids = sa.CompoundSelect[Any] | sa.Select[Any]


def wide(sight: Sight) -> bool:
    """Whether somebody sees requests of all countries: there is nothing to gather beforehand."""
    house = sight.everything or sight.desk or sight.screening or sight.program
    return house and sight.glass is None


def gathered(sight: Sight) -> Ids:
    """Return the ids among which is all that a narrow sight shows, each once."""
    ways: list[sa.Select[Any]] = []
    if countries := sight.drafts | sight.countries | sight.programs:
        ways.append(_owned(C.c.request_id, C.c.country.in_(sorted(countries)), len(countries)))
    if entities := sight.entities | sight.clients:
        ways.append(_owned(I.c.request_id, I.c.entity.in_(sorted(entities)), len(entities)))
    if sight.named:
        ways.append(_owned(G.c.request_id, G.c.id.in_(sorted(sight.named)), len(sight.named)))
    if len(ways) == 1:
        return ways[0]
    return sa.union(*ways) if ways else sa.select(R.c.id.label("request_id")).where(sa.false())


def _owned(key: sa.Column[int], own: sa.ColumnElement[bool], several: int) -> sa.Select[Any]:
    query = sa.select(key).where(own)
    return query.distinct() if several > 1 else query
