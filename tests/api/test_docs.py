"""The readable pages about the API need no other host and no sign-in."""

import re

from tests.factories.clients import Clients


def test_the_docs_show_every_operation_and_load_nothing_from_elsewhere(clients: Clients) -> None:
    answer = clients.http.get("/docs")
    assert answer.status_code == 200
    paths = clients.app.openapi()["paths"]
    assert all(f"<code>{path}</code>" in answer.text for path in paths)
    assert re.findall(r'(?:src|href)="(?:https?:)?//', answer.text) == []
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert clients.http.get("/docs/style.css").headers["content-type"].startswith("text/css")


def test_a_problem_type_can_be_looked_up(clients: Clients) -> None:
    assert "in-country assessment" in clients.http.get("/problems/assessment.incomplete").text
    assert clients.http.get("/problems/nothing.of_the_kind").status_code == 404
