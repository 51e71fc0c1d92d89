"""Searches that people keep: each one's own, one of a name, and not without end."""

import pytest

from app.directory.named import as_actor
from app.kit.errors import Conflict, NotFound
from app.requests.schemas.saved import SavedSearchBody
from app.requests.service import saved
from tests.factories.clients import Clients


def test_a_search_is_one_s_own_and_gives_way_to_one_of_its_name(clients: Clients) -> None:
    own, other = (clients.as_("desk_officer", nth=nth).person_id for nth in (1, 2))
    with clients.house.database.writing() as session:
        mine, theirs = as_actor(session, own), as_actor(session, other)
        for query in ("q=a", "q=b"):
            saved.keep(session, mine, SavedSearchBody(name="Mine", query=query))
        kept = saved.listed(session, mine)
        assert [(one.name, one.query) for one in kept] == [("Mine", "q=b")]
        assert saved.listed(session, theirs) == []
        with pytest.raises(NotFound):
            saved.drop(session, theirs, kept[0].id)
        for place in range(saved.MOST - 1):
            saved.keep(session, mine, SavedSearchBody(name=f"More {place}", query="q=c"))
        with pytest.raises(Conflict):
            saved.keep(session, mine, SavedSearchBody(name="One too many", query="q=d"))
        saved.drop(session, mine, kept[0].id)
        assert len(saved.listed(session, mine)) == saved.MOST - 1
