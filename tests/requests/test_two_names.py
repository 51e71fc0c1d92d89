"""Duties beside the acts of a definition: kept by person in two names, and after a recusal."""

from datetime import timedelta
from typing import Any

import pytest

from app.kit import clock
from app.requests.rules import CONFIDENTIAL
from tests.factories.clients import Answer, Client, Clients
from tests.requests.test_visibility import filed

WHY = {"reason": "The plan for the shelter must be held against the risk."}


@pytest.fixture
def coordinator(clients: Clients) -> Client:
    return clients.as_("resident_coordinator", country="KEN")


@pytest.fixture
def reference(coordinator: Client) -> str:
    return filed(coordinator)


def lend(lender: Client, delegate: Client, role: str, **more: Any) -> str:
    """Lend a role to another person and return the delegation's number."""
    until = (clock.now() + timedelta(days=1)).isoformat()
    body = {"person_id": delegate.person_id, "role": role, "valid_to": until} | more
    return str(lender.post("/me/delegations", body).ok().body["id"])


def told(client: Client, path: str, body: Any = None, **headers: str) -> Answer:
    """Make a change that takes the request's present revision, under whatever headers."""
    tag = client.get("/".join(path.split("/")[:3]), **headers).ok().headers["etag"]
    return client.post(path, body, if_match=tag, **headers)


def grant_to(holder: Client) -> dict[str, Any]:
    """Return the body of a named grant until tomorrow."""
    until = (clock.today() + timedelta(days=1)).isoformat()
    return {"person": holder.person_id, "part": "request", "until": until, **WHY}


def changes(reference: str, holder: Client) -> list[tuple[str, str, Any]]:
    """Return changes of a filed request that are no act of its definition."""
    path = f"/requests/{reference}"
    return [
        ("PUT", f"{path}/level", {"level": CONFIDENTIAL, **WHY}),
        ("POST", f"{path}/lowerings", {"level": "ordinary", **WHY}),
        ("POST", f"{path}/lowerings/1/confirmation", None),
        ("POST", f"{path}/lowerings/1/refusal", None),
        ("POST", f"{path}/named-grants", grant_to(holder)),
        ("POST", f"{path}/named-grants/1/revocation", None),
        ("POST", f"{path}/protected", {"groups": ["women"], "country": "KEN", "text": "Who."}),
        ("POST", f"{path}/protected/1/openings", WHY),
        ("POST", f"{path}/holds", WHY),
        ("POST", f"{path}/holds/1/lift", WHY),
    ]


def answers(client: Client, reference: str, holder: Client, **headers: str) -> set[str]:
    """Make every such change and return with which codes they are refused."""
    found: set[str] = set()
    for method, path, body in changes(reference, holder):
        tag = client.get(f"/requests/{reference}", **headers).ok().headers["etag"]
        answer = client.call(method, path, body, if_match=tag, **headers)
        found.add(answer.body.get("code", f"{path} answered {answer.status}"))
    return found


def test_a_delegation_limited_to_acts_extends_to_no_change_that_is_none(
    clients: Clients, reference: str
) -> None:
    desk, other = clients.as_("desk_officer"), clients.as_("government", country="UGA")
    lent = lend(desk, other, "desk_officer", acts=["comment.add"])
    assert answers(other, reference, other, delegation=lent) == {"delegation.act"}
    text = {"text": "Seen."}
    other.post(f"/requests/{reference}/comments", text, delegation=lent).ok()


def test_whoever_is_recused_changes_nothing_outside_the_acts_either(
    clients: Clients, reference: str
) -> None:
    desk = clients.as_("desk_officer")
    why = {"reason": "My brother leads the ministry."}
    desk.post(f"/requests/{reference}/recusals", why).ok()
    assert answers(desk, reference, desk) == {"duty.recused"}
    other = clients.as_("desk_officer", nth=2)
    told(other, f"/requests/{reference}/holds", WHY).ok()


def test_a_lowering_takes_another_person_than_proposer_and_delegate_whoever_was_first(
    clients: Clients, coordinator: Client, reference: str
) -> None:
    path = f"/requests/{reference}/lowerings"
    government = clients.as_("government", country="KEN")
    delegate = clients.as_("desk_officer")
    lent = lend(government, delegate, "government", country="KEN")
    first = [(government, {}), (delegate, {"delegation": lent})]
    for number, (proposer, under) in enumerate(first, 1):
        raised = {"level": "restricted", **WHY}
        coordinator.change("PUT", f"/requests/{reference}/level", raised).ok()
        proposer.post(path, {"level": "ordinary", **WHY}, **under).ok()
        confirmation = f"{path}/{number}/confirmation"
        second = [told(government, confirmation), told(delegate, confirmation, delegation=lent)]
        assert {one.body["code"] for one in second} == {"lowering.same_person"}
        assert told(coordinator, confirmation).ok().body["ended"] == "done"


def test_a_hold_is_lifted_by_another_person_than_who_placed_it_in_two_names(
    clients: Clients, reference: str
) -> None:
    path = f"/requests/{reference}/holds"
    desk, delegate = clients.as_("desk_officer"), clients.as_("assessor", country="KEN")
    lent = lend(desk, delegate, "desk_officer")
    told(delegate, path, WHY, delegation=lent).ok()
    assert told(desk, f"{path}/1/lift", WHY).body["code"] == "hold.same_person"
    again = told(delegate, f"{path}/1/lift", WHY, delegation=lent)
    assert again.body["code"] == "hold.same_person"
    told(clients.as_("desk_officer", nth=2), f"{path}/1/lift", WHY).ok()


def test_nobody_gives_a_named_grant_to_whom_he_acts_for(clients: Clients, reference: str) -> None:
    path = f"/requests/{reference}/named-grants"
    government = clients.as_("government", country="KEN")
    delegate = clients.as_("desk_officer")
    lent = lend(government, delegate, "government", country="KEN")
    for holder in (government, delegate):
        answer = told(delegate, path, grant_to(holder), delegation=lent)
        assert (answer.status, answer.body["code"]) == (403, "grant.oneself")
