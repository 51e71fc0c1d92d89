"""What is stated with a move is a text that people can read, or the move is refused."""

import json

import pytest

from tests.factories.clients import Answer, Clients
from tests.requests.test_visibility import filed


def withdraw(clients: Clients, reason: str) -> Answer:
    """Try to withdraw a fresh request for a reason, sent as plain ASCII JSON."""
    coordinator = clients.as_("resident_coordinator", country="KEN")
    path = f"/api/v1/requests/{filed(coordinator)}/transitions"
    body = json.dumps({"trigger": "withdraw", "form": {"reason": reason}})
    headers = {"authorization": f"Bearer {coordinator.token}", "if-match": "*"}
    headers["content-type"] = "application/json"
    answer = clients.http.post(path, content=body, headers=headers)
    return Answer(answer.status_code, answer.json(), answer.headers)


@pytest.mark.parametrize("reason", ["a\x00b", "a\ud800b", "a\u202eb", " \n "])
def test_a_form_takes_no_text_that_nobody_could_read(clients: Clients, reason: str) -> None:
    refused = withdraw(clients, reason)
    assert (refused.status, refused.body["code"]) == (422, "transition.form")
    assert refused.codes == ["form.invalid"]
    assert "reason" in refused.body["blockers"][0]["message"]


def test_a_form_takes_paragraphs_in_any_script(clients: Clients) -> None:
    assert withdraw(clients, "Plus besoin.\n\u0644\u0645 \u064a\u0639\u062f").status == 200
