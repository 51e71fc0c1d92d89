"""Schemathesis over the whole description: no 5xx, no other shape, no undeclared status (S4)."""

import schemathesis
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder

from app.main import create_app
from tests.contract.conftest import Whole

CASES = 3
"""Random cases an operation, besides those of the boundaries of its schema."""
TRIED = {"expected-statuses": ["2xx", 304, 400, 401, 403, 404, 406, 409, 412, 413, 415, 422, 428]}
REFUSED = {"expected-statuses": [400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428]}


def config(token: str) -> SchemathesisConfig:
    """Return how the tool is run: a real token, few random cases, no state, a fixed seed."""
    return SchemathesisConfig.from_dict(
        {
            "seed": 20,
            "headers": {"Authorization": f"Bearer {token}"},
            "generation": {
                "max-examples": CASES,
                "database": "none",
                "allow-x00": True,
            },
            "phases": {"stateful": {"enabled": False}, "fuzzing": {"enabled": True}},
            "operations": [
                # The paths also fit /requests/{ref}, which knows more methods: there it is a 422.
                {
                    "include-path": f"/api/v1/requests/{name}",
                    "checks": {"unsupported_method": {"enabled": False}},
                }
                for name in ("count", "export")
            ],
            "checks": {
                "positive_data_acceptance": TRIED,
                "negative_data_rejection": REFUSED,
                "missing_required_header": REFUSED,
            },
        }
    )


def run(app: FastAPI, token: str) -> tuple[int, list[str]]:
    """Run the tool in this process; return how many cases it tried and what it found."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, config=config(token))
    cases, found = 0, []
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            found.append(str(event))
        if isinstance(event, events.ScenarioFinished):
            cases += len(event.recorder.cases)
            found += _failures(event.recorder)
    return cases, found


def _failures(recorder: ScenarioRecorder) -> list[str]:
    """Return what was found in one scenario: the call, the check, and how to repeat it."""
    found: list[str] = []
    for identity, checks in recorder.checks.items():
        sent = recorder.cases[identity].value
        for check in checks:
            if check.failure_info is not None:
                told = f"{check.failure_info.failure.message}\n{check.failure_info.code_sample}"
                found.append(f"{sent.method} {sent.path}: {check.name}: {told}")
    return found


def test_nothing_answers_otherwise_than_the_description_says(whole: Whole) -> None:
    cases, found = run(create_app(whole.clients.house.settings), whole.person.token)
    print(f"{cases} cases")  # noqa: T201 - the figure of the run, shown with -rP
    assert found == []
    assert cases > 1000


class Thing(BaseModel):
    """What the planted application says that it answers."""

    name: str
    size: int


def test_the_tool_finds_another_shape_an_undeclared_status_and_an_error() -> None:
    app = FastAPI()

    @app.get("/shape", response_model=Thing)
    def shape() -> JSONResponse:
        return JSONResponse({"name": "without a size"})

    @app.get("/status", response_model=Thing)
    def status() -> JSONResponse:
        return JSONResponse({}, 418)

    @app.get("/error", response_model=Thing)
    def error() -> JSONResponse:
        return JSONResponse({}, 500)

    _, found = run(app, "any")
    for path, check in (
        ("/shape", "response_schema_conformance"),
        ("/status", "status_code_conformance"),
        ("/error", "not_a_server_error"),
    ):
        assert any(f" {path}: {check}" in fault for fault in found), found
