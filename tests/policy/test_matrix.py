"""The matrix: every operation, every principal, every relation; and nothing foreign in any answer.

Generated from the API's own description. On SQLite every cell is called; on PostgreSQL a part that
a fixed seed picks, since a call there differs only in how the one condition is carried out.
"""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.routing import iter_route_contexts

from app.policy.table import RULES
from app.requests import access
from tests.policy import matrix
from tests.policy.ground import PRINCIPALS, SUBJECTS, Prepared, Principal, Subject
from tests.policy.matrix import Expected, Operation, Rights
from tests.sampling import THOROUGH

Cell = tuple[Operation, Subject | None]
ABSENT = "/api/v1/requests/TA-2026-99999"
SEED = 20261122
HALF, SAMPLE = (1, 8) if THOROUGH else (2, 32)
"""One cell in so many is called on SQLite and on PostgreSQL, picked by the seed."""
BY_TABLE = {
    *("token.scope", "policy.role", "request.unknown", "part.restricted", "act.role"),
    "transition.role",
}


def cells(ground: Prepared) -> Iterator[Cell]:
    """Yield every operation with every request it can be about."""
    for operation in matrix.operations(ground.clients.app.openapi()):
        subjects = ground.subjects.values() if operation.about_request else [None]
        for subject in subjects:
            yield operation, subject


def call(ground: Prepared, who: Principal, cell: Cell) -> Any:
    """Make a call."""
    operation, subject = cell
    headers = {"authorization": f"Bearer {who.token}"} if who.token else {}
    if operation.method != "GET":
        headers["if-match"] = "*"
    sent: dict[str, Any] = {"json": operation.body} if operation.body is not None else {}
    if operation.files:
        sent = {"files": {"file": ("note.txt", b"a note", "text/plain")}}
    if operation.name == "stream_events":
        sent = {"params": {"seconds": "0"}}
    path = matrix.place(operation, subject, ground)
    return ground.clients.http.request(operation.method, path, headers=headers, **sent)


def code_of(answer: Any) -> str:
    """Return the code of a refusal, or nothing."""
    problem = "problem+json" in answer.headers.get("content-type", "")
    return str(answer.json()["code"]) if problem else ""


def fits(answer: Any, wanted: Expected) -> bool:
    """Whether an answer is of the kind that the table says."""
    status, code = answer.status_code, code_of(answer)
    if wanted.status is not None:
        return status == wanted.status and wanted.code in {"", code}
    if wanted.anyone:
        return status < 500 and code not in BY_TABLE
    if wanted.barred:
        return 400 <= status < 500 and status != 401 and code != "request.unknown"
    return status < 500 and status != 401 and code not in BY_TABLE


def foreign(ground: Prepared, who: Principal, answer: Any) -> list[str]:
    """Return the markers in an answer of requests that are not there for this principal."""
    said = answer.text + json.dumps(dict(answer.headers))
    return [
        subject.marker
        for subject in ground.subjects.values()
        if subject.marker in said and not (who.valid and matrix.sees(who, subject))
    ]


def faults(ground: Prepared, who: Principal, chosen: list[Cell]) -> list[str]:
    """Return every cell that came out otherwise than the table says."""
    definition = ground.clients.house.shelf.latest("needs_assessment").definition
    absent = _absent(ground)
    found = []
    for cell in chosen:
        operation, subject = cell
        wanted = matrix.expected(operation, who, subject, Rights(definition))
        if operation.files and wanted == Expected():
            continue  # takes a second transaction, which needs what a rehearsal does not keep
        answer = call(ground, who, cell)
        named = f"{who.name}: {operation.name} on {subject.name if subject else 'nothing'}"
        if not fits(answer, wanted):
            found.append(f"{named}: {answer.status_code} {code_of(answer)}, not {wanted}")
        elif wanted.status == 404 and _same(answer) != absent:
            found.append(f"{named}: unlike what is absent: {answer.text}")
        if strange := foreign(ground, who, answer):
            found.append(f"{named}: shows {strange}")
    return found


def _absent(ground: Prepared) -> dict[str, Any]:
    """Return what is said of a request that is not there, to the one who sees all of them."""
    headers = {"authorization": f"Bearer {ground.principals['auditor'].token}"}
    return _same(ground.clients.http.get(ABSENT, headers=headers))


def _same(answer: Any) -> dict[str, Any]:
    """Return what must be equal of two refusals: all but the number of the call."""
    return {name: value for name, value in answer.json().items() if name != "request_id"}


def test_the_matrix_has_thousands_of_cells_and_leaves_no_operation_out(
    sqlite_ground: Prepared,
) -> None:
    found = list(cells(sqlite_ground))
    told = {operation.name for operation, _ in found}
    routes = list(iter_route_contexts(sqlite_ground.clients.app.routes))
    shown = {context.endpoint for context in routes if context.include_in_schema}
    hidden = {c.endpoint.__name__ for c in routes if c.endpoint and c.endpoint not in shown}
    assert set(RULES) - told == hidden, "pages, and the description itself"
    assert len(told) > 120
    assert set(sqlite_ground.subjects) == set(SUBJECTS)
    assert set(sqlite_ground.principals) == set(PRINCIPALS)
    assert len(found) * len(PRINCIPALS) >= 12_000


@pytest.mark.parametrize("name", PRINCIPALS)
def test_every_cell_is_as_the_table_says(sqlite_ground: Prepared, name: str) -> None:
    who = sqlite_ground.principals[name]
    every = list(cells(sqlite_ground))
    chosen = random.Random(f"{SEED} {name}").sample(every, len(every) // HALF)
    found = faults(sqlite_ground, who, chosen)
    assert found == [], "\n".join(found)


def test_a_sample_of_the_cells_is_as_the_table_says_on_postgresql(
    postgres_ground: Prepared,
) -> None:
    picked = random.Random(SEED)
    every = list(cells(postgres_ground))
    for who in postgres_ground.principals.values():
        chosen = picked.sample(every, len(every) // SAMPLE)
        assert faults(postgres_ground, who, chosen) == []


def test_the_matrix_notices_when_one_scope_is_gone(
    sqlite_ground: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = [
        cell
        for cell in cells(sqlite_ground)
        if cell[0].name in {"read_request", "list_requests", "list_events", "count_requests"}
    ]
    who = sqlite_ground.principals["assessor"]
    assert faults(sqlite_ground, who, reads) == []
    monkeypatch.setattr(access, "visible", lambda _actor: sa.true())
    found = faults(sqlite_ground, who, reads)
    assert any("read_request on foreign country's" in fault for fault in found)


def test_the_matrix_leaves_no_trace(sqlite_ground: Prepared) -> None:
    desk = sqlite_ground.principals["auditor"]
    http = sqlite_ground.clients.http
    for subject in sqlite_ground.subjects.values():
        path = f"/api/v1/requests/{subject.reference}"
        answer = http.get(path, headers={"authorization": f"Bearer {desk.token}"})
        assert answer.json()["state"] == subject.state
