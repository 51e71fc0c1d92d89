"""Annexes: documents that open by named grant alone, every opening recorded, their names gone."""

from datetime import timedelta
from typing import Any

from app.kit import clock
from tests.factories.clients import Client
from tests.files import honest
from tests.files.desk import Intake

WHY = {"reason": "The report names those who testify."}
NAME = "witnesses of Acacia Lane"


def hand_in(desk: Intake) -> tuple[int, bytes]:
    """Hand in a document; return its number and what is given out for it."""
    name, content = next((name, one) for name, one in honest.honest().items() if "pdf" in name)
    made = desk.send(f"{NAME}.{name.rpartition('.')[2]}", content)
    assert made.status_code == 201, made.text
    number = made.json()["id"]
    return number, desk.fetch(number).content


def opening(desk: Intake, client: Client, number: int) -> Any:
    """Open an annex."""
    headers = {"Authorization": f"Bearer {client.token}"}
    return desk.clients.http.post(f"{desk.path}/{number}/openings", json=WHY, headers=headers)


def grant(desk: Intake, client: Client) -> None:
    """Let somebody open the annexes of the request until tomorrow."""
    until = str(clock.today() + timedelta(days=1))
    body = {"person": client.person_id, "part": "annexes", "until": until, **WHY}
    desk.coordinator.post(f"/requests/{desk.reference}/named-grants", body).ok()


def test_an_annex_opens_by_named_grant_alone_and_bears_no_name(desk: Intake) -> None:
    number, content = hand_in(desk)
    path = f"/requests/{desk.reference}/attachments/{number}/level"
    other = desk.clients.as_("resident_coordinator", country="KEN", nth=2)
    auditor = desk.clients.as_("auditor")
    assert desk.fetch(number, auditor).content == content
    shown = desk.coordinator.change("PUT", path, WHY).ok().body
    assert (shown["level"], NAME in str(shown)) == ("annex", False)
    assert NAME not in str(desk.listed())
    for client in (desk.coordinator, other, auditor):
        assert desk.fetch(number, client).status_code == 403
        assert opening(desk, client, number).status_code == 403
    grant(desk, other)
    assert opening(desk, other, number).content == content
    assert opening(desk, auditor, number).status_code == 403
    told = auditor.get(f"/requests/{desk.reference}/openings").ok().body["items"]
    assert [(one["part"], one["number"], one["by"]) for one in told] == [
        ("annexes", number, other.person_id)
    ]


def test_an_annex_is_a_plain_document_again_once_two_and_the_country_say_so(desk: Intake) -> None:
    number, content = hand_in(desk)
    room = f"/requests/{desk.reference}"
    desk.coordinator.change("PUT", f"{room}/attachments/{number}/level", WHY).ok()
    desk.coordinator.post(f"{room}/lowerings", {"attachment": number, **WHY}).ok()
    alone = desk.coordinator.change("POST", f"{room}/lowerings/1/confirmation")
    assert (alone.status, alone.body["code"]) == (403, "lowering.same_person")
    other = desk.clients.as_("resident_coordinator", country="KEN", nth=2)
    assert other.change("POST", f"{room}/lowerings/1/confirmation").ok().body["ended"] == "done"
    assert desk.fetch(number).content == content
