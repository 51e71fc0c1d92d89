"""An entity learns of a matching what concerns itself, and nothing of who else could help."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from app.directory.schemas import GrantBody
from app.kit import clock
from app.matching.service.proposals import assign
from app.requests import concerns
from app.requests.tables import AssistanceRequest, Involvement
from tests.factories.clients import Client
from tests.matching.conftest import PATH, REFERENCE, Story
from tests.matching.test_journey import consent, offer, prepare, respond

ENTITIES = ("itu", "unodc", "unctad")
MINE, THEIRS = "No reason but ours is told here.", "Our budget for this year is spent."


def feed(client: Client) -> list[dict[str, Any]]:
    """Return everything that a client hears."""
    items: list[dict[str, Any]] = client.get("/events?limit=200").ok().body["items"]
    return items


def heard(client: Client) -> Iterator[str]:
    """Yield all that a client can read of the matching, wherever it stands."""
    parts = ("", "/matching", "/matching/proposals", "/options", "/timeline", "/assignments")
    yield from (str(client.get(PATH + part).body) for part in parts)
    numbers = range(1, 4)
    yield from (str(client.get(f"{PATH}/matching/proposals/{n}").body) for n in numbers)
    yield from (str(client.get(part).body) for part in ("/me/offers", "/me/notices"))
    yield str(feed(client))


def says(client: Client, *words: str) -> set[str]:
    """Return those of the words that a client can read anywhere."""
    text = "\n".join(heard(client))
    return {word for word in words if word in text}


@pytest.fixture
def asked(story: Story) -> Story:
    """Return a request that is offered to three entities; a fourth could lead none of it."""
    story.stand("D6a", "D9", "A2")
    for entity in (*ENTITIES, "interpol"):
        story.focal_point(entity)
    assert sorted(offer(story)) == sorted(ENTITIES)
    return story


def test_an_entity_that_is_asked_reads_its_own_part_and_no_other_candidate(asked: Story) -> None:
    itu = asked.focal_point("itu")
    matching = itu.get(f"{PATH}/matching").ok().body
    assert [one["entity"] for one in matching["candidates"]] == ["itu"]
    proposal = matching["proposal"]
    assert (proposal["lead"], proposal["entities"]) == ("itu", ["itu"])
    assert [(one["need"], one["entity"]) for one in proposal["assignments"]] == [(2, "itu")]
    for held_back in ("content", "inputs", "inputs_hash", "conflicts"):
        assert proposal[held_back] is None
    assert (matching["outlook"], matching["basis"]) == (None, None)
    assert asked.focal_point("unodc").get(f"{PATH}/matching").body["proposal"]["lead"] is None
    for entity in ENTITIES:
        others = {*ENTITIES, "interpol", "eligible"} - {entity}
        assert says(asked.focal_point(entity), *others) == set(), entity
    assert asked.focal_point("interpol").get(f"{PATH}/matching").status == 404
    assert says(asked.focal_point("interpol"), *ENTITIES, "Evidence") == set()


def test_nobody_asked_learns_what_the_others_answered_or_why(asked: Story) -> None:
    clients = {entity: asked.focal_point(entity) for entity in ENTITIES}
    program = asked.clients.person([GrantBody(role="client", entity="unodc")])
    respond(clients["itu"], "itu", accepted=True, reason=MINE).ok()
    assert says(clients["itu"], MINE, "entity_accepted") == {MINE, "entity_accepted"}
    for other in (clients["unodc"], program):
        assert says(other, MINE, "itu", "entity_accepted") == set()
    respond(clients["unctad"], "unctad", accepted=False, reason=THEIRS).ok()
    assert asked.desk.state(REFERENCE) == "matching"  # itu accepted, unodc was asked: both released
    assert says(clients["unctad"], THEIRS, *ENTITIES) == {THEIRS, "unctad"}
    for entity in ("itu", "unodc"):
        others = {*ENTITIES} - {entity}
        assert says(clients[entity], THEIRS, "entity_declined", *others) == set(), entity
    prepare(asked)  # what lapsed names who had accepted
    for client in (clients["unctad"], clients["unodc"], program):
        assert says(client, "match_acceptance_lapsed", "itu") == set()


def test_the_country_the_desk_and_the_auditor_read_the_whole(asked: Story) -> None:
    respond(asked.focal_point("unctad"), "unctad", accepted=False, reason=THEIRS).ok()
    country = asked.clients.as_("government", country="KEN")
    both = asked.clients.person(
        [GrantBody(role="focal_point", entity="itu"), GrantBody(role="assessor", country="KEN")]
    )
    for client in (asked.desk, asked.auditor, country, both):
        assert says(client, *ENTITIES, THEIRS, "why_not", "entity_declined") == {
            *(*ENTITIES, THEIRS, "why_not", "entity_declined")
        }


def test_who_has_accepted_works_with_the_others_and_reads_no_comparison(asked: Story) -> None:
    clients = {entity: asked.focal_point(entity) for entity in ENTITIES}
    for entity, client in clients.items():
        respond(client, entity, accepted=True, reason=THEIRS if entity == "itu" else "").ok()
    assert asked.desk.state(REFERENCE) == "consent"
    assert says(clients["unodc"], THEIRS, "unctad", "rank_cost", "why_not") == set()
    consent(asked.clients.as_("government", country="KEN"), "KEN", given=True).ok()
    with asked.clients.house.database.writing() as session:
        request_id = session.scalars(sa.select(AssistanceRequest.id)).one()
        assign(session, request_id, clock.now())
    shared = clients["unodc"].get(f"{PATH}/assignments").ok().body["items"]
    assert {one["entity"] for one in shared} == {*ENTITIES}
    matching = clients["unodc"].get(f"{PATH}/matching").ok().body
    assert [one["given"] for one in matching["consents"]] == [True]
    assert {one["entity"] for one in matching["proposal"]["responses"]} == {"unodc"}
    assert matching["proposal"]["content"] is None
    with asked.clients.house.database.writing() as session:
        session.execute(sa.update(Involvement).values(standing="asked"))
    shared = clients["unodc"].get(f"{PATH}/assignments").ok().body["items"]
    assert {one["entity"] for one in shared} == {"unodc"}


def test_an_entity_finds_out_by_no_search_who_else_was_asked(asked: Story) -> None:
    def found(client: Client, entity: str) -> tuple[int, int]:
        listed = client.get(f"/requests?entity={entity}").ok().body["items"]
        both = client.get(f"/requests?entity={entity}&country=KEN").ok().body["items"]
        assert len(both) == len(listed)
        return len(listed), client.get(f"/requests/count?entity={entity}").ok().body["count"]

    itu = asked.focal_point("itu")
    assert (found(itu, "itu"), found(itu, "unodc"), found(itu, "eca")) == ((1, 1), (0, 0), (0, 0))
    assert (found(asked.desk, "unodc"), found(asked.auditor, "itu")) == ((1, 1), (1, 1))


def test_an_entity_that_is_not_held_to_itself_would_be_caught(
    asked: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(concerns, "own_entities", lambda _actor: frozenset())
    itu = asked.focal_point("itu")
    assert says(itu, "unodc", "unctad") == {"unodc", "unctad"}
