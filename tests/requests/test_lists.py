"""Lists of requests: their order, their cursors, and their lines, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from app.kit.clock import now
from app.kit.db import table_of
from app.requests.schemas import RequestLine
from app.requests.tables import AssistanceRequest
from tests.factories.clients import Client, Clients

R = table_of(AssistanceRequest)
SORTS = ["-filed", "filed", "-updated", "updated", "due"]
MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)
UPDATED = [3, 1, 1, 2, 1]
"""Seconds after MOMENT; three requests were touched at the same time."""
DUE = [5, None, 4, 5, 4]


@pytest.fixture
def coordinator(clients: Clients) -> Client:
    return clients.as_("resident_coordinator", country="KEN")


@pytest.fixture
def references(clients: Clients, coordinator: Client) -> list[str]:
    """Five requests of Kenya, the second without a deadline."""
    made = [filed(coordinator, "KEN") for _ in UPDATED]
    with clients.house.database.writing() as session:
        for reference, updated, due in zip(made, UPDATED, DUE, strict=True):
            moments = {
                "updated_at": MOMENT + timedelta(seconds=updated),
                "due_at": None if due is None else MOMENT + timedelta(seconds=due),
            }
            session.execute(sa.update(R).where(R.c.reference == reference).values(moments))
    return made


def filed(client: Client, *countries: str) -> str:
    body = {"title": "Evidence in court", "summary": "Help", "countries": countries}
    return str(client.post("/requests", body).ok().body["reference"])


def pages(client: Client, query: str) -> Iterator[list[dict[str, Any]]]:
    """Read a list to its end, following `next`."""
    path = f"/requests?{query}"
    for _ in range(20):
        body = client.get(path).ok().body
        yield body["items"]
        if body["next"] is None:
            return
        path = f"/requests?{query}&cursor={body['next']}"
    raise AssertionError("the list does not end")


def read(client: Client, query: str) -> list[str]:
    return [line["reference"] for page in pages(client, query) for line in page]


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
@pytest.mark.parametrize(
    ("sort", "places"),
    [
        ("-filed", [4, 3, 2, 1, 0]),
        ("filed", [0, 1, 2, 3, 4]),
        ("-updated", [0, 3, 4, 2, 1]),
        ("updated", [1, 2, 4, 3, 0]),
        ("due", [2, 4, 0, 3]),
    ],
)
def test_a_list_is_read_in_its_order_once_and_whole_also_where_moments_are_equal(
    coordinator: Client, references: list[str], sort: str, places: list[int], limit: int
) -> None:
    wanted = [references[place] for place in places]
    assert read(coordinator, f"sort={sort}&limit={limit}") == wanted
    assert read(coordinator, f"sort={sort}&limit={limit}&q=court") == wanted
    assert read(coordinator, f"sort={sort}&limit={limit}&country=KEN&state=draft") == wanted


def test_newest_first_is_the_order_unless_another_is_asked_for(
    coordinator: Client, references: list[str]
) -> None:
    assert read(coordinator, "") == references[::-1]


@pytest.mark.parametrize("sort", SORTS)
def test_a_cursor_is_refused_under_every_other_order(
    coordinator: Client, references: list[str], sort: str
) -> None:
    cursor = coordinator.get(f"/requests?limit=1&sort={sort}").ok().body["next"]
    answers = {
        other: coordinator.get(f"/requests?limit=1&sort={other}&cursor={cursor}").status
        for other in SORTS
    }
    assert answers == {other: 200 if other == sort else 400 for other in SORTS}


@pytest.mark.parametrize(
    "cursor",
    [
        "WzFd",  # [1]
        "WyItdXBkYXRlZCIsInllc3RlcmRheSIsMV0",  # ["-updated","yesterday",1]
        "WyItdXBkYXRlZCIsIjIwMjYtMDMtMDFUMTI6MDA6MDAiLDFd",  # without a zone
    ],
)
def test_a_cursor_that_no_list_gave_out_is_refused(coordinator: Client, cursor: str) -> None:
    refused = coordinator.get(f"/requests?sort=-updated&cursor={cursor}")
    assert refused.status == 400
    assert refused.body["code"] == "cursor.invalid"


def test_an_order_that_is_not_offered_is_refused(coordinator: Client) -> None:
    assert coordinator.get("/requests?sort=title").status == 422


def test_a_line_is_written_as_its_model_writes_it(
    clients: Clients, coordinator: Client, references: list[str]
) -> None:
    regional = filed(coordinator, "UGA", "KEN")
    at = now().replace(microsecond=120_000)
    with clients.house.database.writing() as session:
        moments = {"since": at, "due_at": at + timedelta(days=1)}
        session.execute(sa.update(R).where(R.c.reference == regional).values(moments))
    answer = coordinator.http.get(
        "/api/v1/requests", headers={"authorization": f"Bearer {coordinator.token}"}
    )
    lines = orjson.loads(answer.content)["items"]
    assert [line["reference"] for line in lines] == [regional, *references[::-1]]
    for line in lines:
        model = RequestLine.model_validate(line)
        assert orjson.dumps(line) == model.model_dump_json().encode()
        whole = coordinator.get(f"/requests/{line['reference']}").ok().body
        assert line == {name: whole[name] for name in RequestLine.model_fields}
    assert lines[0]["countries"] == ["KEN", "UGA"]


def test_one_shape_of_list_serves_everyone_their_own(clients: Clients, coordinator: Client) -> None:
    abroad = clients.as_("resident_coordinator", country="FRA")
    kenyan, french = filed(coordinator, "KEN"), filed(abroad, "FRA")
    for _ in range(2):
        assert read(coordinator, "mine=true&state=draft") == [kenyan]
        assert read(abroad, "mine=true&state=draft") == [french]
        assert read(coordinator, "country=FRA") == []
        assert read(clients.as_("auditor"), "country=FRA") == [french]
        assert read(clients.as_("auditor"), "country=KEN&state=draft&state=triage") == [kenyan]
        assert read(clients.as_("auditor"), "country=KEN&state=triage") == []
        assert read(clients.as_("desk_officer"), "") == []


def test_a_list_that_has_not_changed_is_not_sent_again(
    coordinator: Client, references: list[str]
) -> None:
    first = coordinator.get("/requests?limit=2").ok()
    tag = first.headers["etag"]
    assert f"cursor={first.body['next']}" in first.headers["link"]
    assert coordinator.get("/requests?limit=2", if_none_match=tag).status == 304
    coordinator.change("PATCH", f"/requests/{references[-1]}", {"title": "Other"}).ok()
    assert coordinator.get("/requests?limit=2", if_none_match=tag).status == 200
