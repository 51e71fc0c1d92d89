"""The readable pages about the API need no other host and no sign-in."""

import re

from app.config import Settings
from app.main import create_app
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


def test_a_kept_description_tells_of_no_other_services_routes() -> None:
    settings = Settings(database_url="sqlite://")
    whole, less = create_app(settings), create_app(settings)
    known, path = whole.openapi(), "/api/v1/requests/{ref}/status"
    kept = [route for route in less.routes if getattr(route, "name", "") != "read_status"]
    less.router.routes[:] = kept
    assert path in known["paths"]
    assert path not in less.openapi()["paths"]
    assert create_app(settings).openapi() == known
