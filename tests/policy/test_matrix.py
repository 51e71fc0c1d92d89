"""The matrix: every operation, every principal, every relation; and nothing foreign in any answer.

Generated from the API's own description; each cell has one status and one code, which
`outcomes.expected` derives. On SQLite every cell is called; what is called on PostgreSQL stands in
`test_postgresql`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from app.policy.table import RULES
from app.requests import access
from tests.policy.asgi import Call, Heard, hear, heard
from tests.policy.ground import PUBLISHED, SUBJECTS, Prepared
from tests.policy.matrix import Cell, call_of, cells
from tests.policy.outcomes import Rights, expected, sees
from tests.policy.people import OVER, PROGRAMS, Principal
from tests.policy.shown import Reading
from tests.sampling import THOROUGH

ABSENT = "/api/v1/requests/TA-2026-99999"
MARKER = re.compile(r"marker[0-9]+of[a-z]+")
SESSION = "desk_officer's session"
SHUT_OUT = (*OVER, "pending session")
"""Sessions that open nothing: each operation is tried in one relation alone."""
BY_TOKEN = (*PROGRAMS, SESSION)


def faults(ground: Prepared, who: Principal, chosen: Sequence[Cell]) -> list[str]:
    """Return every cell that came out otherwise than the table says, or shows what is foreign."""
    rights = Rights(ground.clients.house.shelf.latest("needs_assessment").definition)
    absent, reading = _absent(ground), Reading(ground.clients.app.openapi())
    calls = [call_of(ground, who, cell) for cell in chosen]
    found = []
    for cell, answer in zip(chosen, hear(ground.clients.http, calls), strict=True):
        operation, subject = cell
        wanted = expected(operation, who, subject, rights)
        named = f"{who.name}: {operation.name} on {subject.name if subject else 'nothing'}"
        if (answer.status, answer.code) != (wanted.status, wanted.code):
            found.append(f"{named}: {answer.status} {answer.code}, not {wanted}")
        elif wanted.code == "request.unknown" and _same(answer) != absent:
            found.append(f"{named}: unlike what is absent: {answer.body!r}")
        elif answer.status < 300 and operation.answer:
            shown = reading.leaks(operation, who, subject, answer.content)
            found += [f"{named}: lets read {field}" for field in sorted(shown)]
        if strange := foreign(ground, who, answer, operation.name):
            found.append(f"{named}: shows {strange}")
    return found


def foreign(ground: Prepared, who: Principal, answer: Heard, name: str = "") -> set[str]:
    """Return the markers in an answer of requests that are not there for this principal.

    What countries consent to publish is there for everyone, where that is told (`name`).
    """
    met = set(MARKER.findall(answer.body.decode(errors="replace") + str(answer.headers)))
    if name in OPENLY:
        return met - published(ground)
    own = ground.subjects.values() if met and who.valid else ()
    return met - {subject.marker for subject in own if sees(who, subject)}


OPENLY = ("list_published", "page_public")
"""What tells everyone of requests."""


def published(ground: Prepared) -> set[str]:
    """Return the markers of the requests that their countries consent to publish."""
    return {one.marker for one in ground.subjects.values() if PUBLISHED in one.things}


def _absent(ground: Prepared) -> dict[str, Any]:
    """Return what is said of a request that is not there, to the one who sees all of them."""
    auditor = ground.principals["auditor"]
    return _same(heard(ground.clients.http, Call("GET", ABSENT, auditor.credential())))


def _same(answer: Heard) -> dict[str, Any]:
    """Return what must be equal of two refusals: all but the number of the call."""
    return {name: value for name, value in answer.content.items() if name != "request_id"}


def test_the_matrix_has_thousands_of_cells_and_leaves_no_operation_out(
    sqlite_ground: Prepared,
) -> None:
    found = list(cells(sqlite_ground))
    told = {operation.name for operation, _ in found}
    routes = list(iter_route_contexts(sqlite_ground.clients.app.routes))
    shown = {context.endpoint for context in routes if context.include_in_schema}
    hidden = {c.endpoint.__name__ for c in routes if c.endpoint and c.endpoint not in shown}
    assert set(RULES) - told == hidden, "those are in the matrix of the pages"
    assert len(told) > 120
    assert set(sqlite_ground.subjects) == set(SUBJECTS)
    assert {*BY_TOKEN, *SHUT_OUT} <= set(sqlite_ground.principals)
    assert len(found) * len(BY_TOKEN) >= 25_000


@pytest.mark.parametrize("name", BY_TOKEN)
def test_every_cell_is_as_the_table_says(sqlite_ground: Prepared, name: str) -> None:
    """Neighbours in the list of principals share the cells out, half and half."""
    first, step = (0, 1) if THOROUGH else (BY_TOKEN.index(name) % 2, 2)
    chosen = list(cells(sqlite_ground))[first::step]
    found = faults(sqlite_ground, sqlite_ground.principals[name], chosen)
    assert found == [], "\n".join(found)


def test_a_session_that_is_over_opens_nothing(sqlite_ground: Prepared) -> None:
    chosen = [cell for cell in cells(sqlite_ground) if cell[1] is None or cell[1].name == "own"]
    for name in SHUT_OUT:
        assert faults(sqlite_ground, sqlite_ground.principals[name], chosen) == []


def test_a_session_changes_nothing_that_a_page_of_ours_did_not_send(
    sqlite_ground: Prepared,
) -> None:
    who = sqlite_ground.principals[SESSION]
    chosen = [
        (operation, subject)
        for operation, subject in cells(sqlite_ground)
        if operation.changes and (subject is None or subject.name == "own")
    ]
    own = [call_of(sqlite_ground, who, cell) for cell in chosen]
    for change, code in (
        ({"x-csrf-token": "x"}, "csrf.token"),
        ({"sec-fetch-site": "cross-site"}, "csrf.cross_site"),
        ({"sec-fetch-site": "same-site"}, "csrf.cross_site"),
        ({"origin": "https://elsewhere.example"}, "csrf.origin"),
        ({"content-type": "text/plain"}, "csrf.content_type"),
    ):
        sent = [replace(call, headers=call.headers | change) for call in own]
        for (operation, _), answer in zip(
            chosen, hear(sqlite_ground.clients.http, sent), strict=True
        ):
            entry = operation.policy["relation"] == "none" and operation.name != "sign_out"
            if not (entry and code == "csrf.token"):
                assert (answer.status, answer.code) == (403, code), (operation.name, change)


def test_the_matrix_notices_when_one_scope_is_gone(
    sqlite_ground: Prepared, see_all: Callable[[], None]
) -> None:
    names = {"read_request", "list_requests", "list_events", "count_requests"}
    reads = [cell for cell in cells(sqlite_ground) if cell[0].name in names]
    who = sqlite_ground.principals["assessor"]
    assert faults(sqlite_ground, who, reads) == []
    see_all()
    found = faults(sqlite_ground, who, reads)
    assert any("read_request on foreign country's" in fault for fault in found)


def test_the_matrix_notices_an_act_that_more_may_do(
    sqlite_ground: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = [cell for cell in cells(sqlite_ground) if cell[0].name in {"sign", "put_risk"}]
    who = sqlite_ground.principals["government"]
    assert faults(sqlite_ground, who, acts) == []
    everyone = frozenset({"government"})
    monkeypatch.setattr(access, "permit", lambda *_: everyone)
    found = faults(sqlite_ground, who, acts)
    assert any("put_risk on in assessment" in fault for fault in found)


def test_everyone_is_told_of_what_is_published_and_of_nothing_else(sqlite_ground: Prepared) -> None:
    answer = heard(sqlite_ground.clients.http, Call("GET", "/api/v1/public/requests"))
    assert set(MARKER.findall(answer.body.decode())) == published(sqlite_ground)
    assert len(answer.content["items"]) == 2


def test_the_matrix_leaves_no_trace(sqlite_ground: Prepared) -> None:
    who = sqlite_ground.principals["auditor"]
    for subject in sqlite_ground.subjects.values():
        path = f"/api/v1/requests/{subject.reference}"
        answer = heard(sqlite_ground.clients.http, Call("GET", path, who.credential()))
        assert answer.content["state"] == subject.state
