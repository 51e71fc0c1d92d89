"""Confidence: raised by one, lowered by two and the country; opened by name, and never unseen."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.directory.schemas import GrantBody
from app.kit import clock
from app.kit.db import table_of
from app.requests.tables import NamedGrant, Opening, ProtectedPart, RequestKey
from tests.factories.clients import Answer, Client, Clients
from tests.requests.test_visibility import filed

SECRET = "Shelter of the witnesses, 14 Acacia Lane"
WHY = {"reason": "The plan for the shelter must be held against the risk."}
PART: dict[str, Any] = {
    "groups": ["witnesses", "women"],
    "country": "KEN",
    "region": "Western highlands",
    "text": f"Those who testify live in {SECRET}.",
    "location": SECRET,
    "why_precise": "Patrols are planned street by street.",
}


@pytest.fixture
def coordinator(clients: Clients) -> Client:
    return clients.as_("resident_coordinator", country="KEN")


@pytest.fixture
def reference(coordinator: Client) -> str:
    return filed(coordinator)


def grant(giver: Client, reference: str, to: Client, part: str = "protected") -> Answer:
    """Give a named grant until tomorrow."""
    until = (clock.today() + timedelta(days=1)).isoformat()
    body = {"person": to.person_id, "part": part, "until": until, **WHY}
    return giver.post(f"/requests/{reference}/named-grants", body)


def opening(client: Client, reference: str) -> Answer:
    """Open the first protected part."""
    return client.post(f"/requests/{reference}/protected/1/openings", WHY)


def seen(client: Client, reference: str) -> bool:
    """Whether a client sees the request."""
    return client.get(f"/requests/{reference}").status == 200


def decide(client: Client, reference: str, path: str, body: Any = None) -> Answer:
    """Make a change that takes the request's present revision."""
    return client.change("POST", f"/requests/{reference}/{path}", body)


def test_raising_takes_one_person_and_holds_at_once(
    clients: Clients, coordinator: Client, reference: str
) -> None:
    screener = clients.as_("screening_officer")
    program = clients.person([GrantBody(role="client")])
    path = f"/requests/{reference}/level"
    assert seen(screener, reference)
    assert seen(program, reference)
    body = {"level": "restricted", **WHY}
    assert screener.change("PUT", path, body).ok().body["level"] == "restricted"
    assert not seen(program, reference)
    coordinator.change("PUT", path, body | {"level": "confidential"}).ok()
    assert not seen(screener, reference)
    assert seen(clients.as_("desk_officer"), reference)
    again = coordinator.change("PUT", path, body)
    assert (again.status, again.body["code"]) == (409, "level.not_raised")


def test_lowering_takes_two_persons_and_the_country(
    clients: Clients, coordinator: Client, reference: str
) -> None:
    desk, other = clients.as_("desk_officer"), clients.as_("desk_officer", nth=2)
    government = clients.as_("government", country="KEN")
    raised = {"level": "confidential", **WHY}
    coordinator.change("PUT", f"/requests/{reference}/level", raised).ok()
    desk.post(f"/requests/{reference}/lowerings", {"level": "ordinary", **WHY}).ok()
    alone = decide(desk, reference, "lowerings/1/confirmation")
    assert (alone.status, alone.body["code"]) == (403, "lowering.same_person")
    assert decide(other, reference, "lowerings/1/confirmation").ok().body["confirmed_at"] is None
    assert desk.get(f"/requests/{reference}").body["level"] == "confidential"
    done = decide(government, reference, "lowerings/1/confirmation").ok().body
    assert (done["ended"], done["confirmed_by"]) == ("done", government.person_id)
    assert desk.get(f"/requests/{reference}").body["level"] == "ordinary"
    said = desk.get(f"/requests/{reference}/consents").ok().body["items"]
    assert [(one["country"], one["subject"], one["given"]) for one in said] == [
        ("KEN", "lowering", True)
    ]
    late = decide(government, reference, "lowerings/1/confirmation")
    assert (late.status, late.body["code"]) == (409, "lowering.ended")


def test_a_person_who_holds_two_roles_does_not_lower_alone(
    clients: Clients, coordinator: Client, reference: str
) -> None:
    both = clients.person(
        [GrantBody(role="desk_officer"), GrantBody(role="government", country="KEN")]
    )
    raised = {"level": "restricted", **WHY}
    coordinator.change("PUT", f"/requests/{reference}/level", raised).ok()
    both.post(f"/requests/{reference}/lowerings", {"level": "ordinary", **WHY}).ok()
    assert decide(both, reference, "lowerings/1/confirmation").status == 403
    assert decide(coordinator, reference, "lowerings/1/confirmation").ok().body["ended"] == "done"


def test_a_protected_part_is_coarse_until_it_is_opened_by_name(
    clients: Clients, coordinator: Client, reference: str
) -> None:
    made = coordinator.post(f"/requests/{reference}/protected", PART, idempotency_key="once").ok()
    assert SECRET not in str(made.body)
    again = coordinator.post(f"/requests/{reference}/protected", PART, idempotency_key="once")
    assert again.body == made.body
    assessor, auditor = clients.as_("assessor", country="KEN"), clients.as_("auditor")
    for client in (coordinator, assessor, auditor, clients.as_("desk_officer")):
        listed = client.get(f"/requests/{reference}/protected").ok().body["items"]
        assert (listed[0]["region"], listed[0]["precise"]) == ("Western highlands", True)
        assert SECRET not in str(listed)
        assert opening(client, reference).body["code"] == "part.named_grant"
    assert grant(assessor, reference, coordinator).status == 403
    assert grant(coordinator, reference, coordinator).body["code"] == "grant.oneself"
    assert grant(coordinator, reference, auditor).body["code"] == "grant.role"
    grant(coordinator, reference, assessor).ok()
    assert opening(assessor, reference).ok().body["location"] == SECRET
    opened = auditor.get(f"/requests/{reference}/openings").ok().body["items"]
    assert [(one["by"], one["number"], one["reason"]) for one in opened] == [
        (assessor.person_id, 1, WHY["reason"])
    ]
    assert assessor.get(f"/requests/{reference}/openings").status == 403


def test_no_opening_without_its_record(
    clients: Clients, coordinator: Client, reference: str
) -> None:
    coordinator.post(f"/requests/{reference}/protected", PART).ok()
    assessor = clients.as_("assessor", country="KEN")
    grant(coordinator, reference, assessor).ok()
    with clients.house.database.writing() as session:
        session.execute(sa.text("ALTER TABLE openings RENAME TO openings_away"))
    refused = opening(assessor, reference)
    assert refused.status >= 500
    assert SECRET not in str(refused.body)
    with clients.house.database.writing() as session:
        session.execute(sa.text("ALTER TABLE openings_away RENAME TO openings"))
    assert opening(assessor, reference).status == 200


def test_a_key_that_would_store_the_answer_is_refused_when_opening(
    clients: Clients, coordinator: Client, reference: str
) -> None:
    coordinator.post(f"/requests/{reference}/protected", PART).ok()
    assessor = clients.as_("assessor", country="KEN")
    grant(coordinator, reference, assessor).ok()
    path = f"/requests/{reference}/protected/1/openings"
    assert assessor.post(path, WHY, idempotency_key="once").body["code"] == "idempotency.secret"


def test_a_grant_of_the_desk_waits_for_the_country(
    clients: Clients, coordinator: Client, reference: str
) -> None:
    coordinator.post(f"/requests/{reference}/protected", PART).ok()
    desk, reviewer = clients.as_("desk_officer"), clients.as_("rights_reviewer")
    assert grant(desk, reference, reviewer).ok().body["agreed_at"] is None
    assert opening(reviewer, reference).status == 403
    assert decide(desk, reference, "named-grants/1/agreement").status == 403
    decide(clients.as_("government", country="KEN"), reference, "named-grants/1/agreement").ok()
    assert opening(reviewer, reference).status == 200


def test_a_grant_ends_by_revocation_by_date_and_with_the_person(
    clients: Clients, coordinator: Client, reference: str
) -> None:
    coordinator.post(f"/requests/{reference}/protected", PART).ok()
    first, successor = (clients.as_("rights_reviewer", nth=nth) for nth in (1, 2))
    grant(coordinator, reference, first).ok()
    assert opening(first, reference).status == 200
    assert opening(successor, reference).status == 403
    decide(coordinator, reference, "named-grants/1/revocation").ok()
    assert opening(first, reference).status == 403
    grant(coordinator, reference, first).ok()
    assert opening(first, reference).status == 200
    with clients.house.database.writing() as session:
        ended = clock.today() - timedelta(days=1)
        session.execute(sa.update(table_of(NamedGrant)).values(until=ended))
    assert opening(first, reference).status == 403


def test_a_named_grant_shows_one_request_to_one_person_and_no_other(
    clients: Clients, coordinator: Client, reference: str
) -> None:
    other = filed(coordinator)
    expert = clients.as_("focal_point", entity="unodc")
    colleague = clients.as_("focal_point", entity="unodc", nth=2)
    assert not seen(expert, reference)
    assert grant(coordinator, reference, expert, "annexes").body["code"] == "grant.unseen"
    grant(coordinator, reference, expert, "request").ok()
    assert [seen(client, reference) for client in (expert, colleague)] == [True, False]
    assert not seen(expert, other)
    listed = expert.get("/requests").ok().body["items"]
    assert [one["reference"] for one in listed] == [reference]
    for _ in range(2):
        assert expert.get(f"/requests/{reference}/status").status == 200
    decide(coordinator, reference, "named-grants/1/revocation").ok()
    assert not seen(expert, reference)
    assert expert.get(f"/requests/{reference}/status").status == 404
    assert expert.get("/requests/count").ok().body["count"] == 0


def test_a_precise_location_takes_a_reason(coordinator: Client, reference: str) -> None:
    path = f"/requests/{reference}/protected"
    for lacking in ({"location": ""}, {"why_precise": ""}):
        assert coordinator.post(path, PART | lacking).body["code"] == "protected.precise"
    coarse = PART | {"location": "", "why_precise": ""}
    assert coordinator.post(path, coarse).ok().body["precise"] is False
    assert coordinator.post(path, PART | {"country": "UGA"}).body["code"] == "protected.country"


def test_what_was_moved_between_rows_or_whose_key_is_gone_does_not_open(
    clients: Clients, coordinator: Client, reference: str
) -> None:
    parts = table_of(ProtectedPart)
    coordinator.post(f"/requests/{reference}/protected", PART).ok()
    coordinator.post(f"/requests/{reference}/protected", PART | {"text": "Another."}).ok()
    assessor = clients.as_("assessor", country="KEN")
    grant(coordinator, reference, assessor).ok()
    with clients.house.database.writing() as session:
        second = session.scalar(sa.select(parts.c.text).where(parts.c.number == 2))
        session.execute(sa.update(parts).where(parts.c.number == 1).values(text=second))
    assert opening(assessor, reference).body["code"] == "sealed.unreadable"
    with clients.house.database.writing() as session:
        session.execute(sa.delete(table_of(RequestKey)))
    assert opening(assessor, reference).body["code"] == "sealed.destroyed"
    with clients.house.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(table_of(Opening))) == 0
