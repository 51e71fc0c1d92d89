"""The cells of the matrix: every operation of the API's description, and how each is called."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.policy.asgi import Call, as_file, in_json
from tests.policy.bodies import BODIES, CODES, PLACES, QUERIES, made
from tests.policy.ground import Prepared, Subject
from tests.policy.people import Principal

Cell = tuple["Operation", Subject | None]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: how it is called, and its row as the description tells it.

    `answer` and `taken` are the schemas of a success and of the body; empty where it is no JSON.
    """

    name: str
    method: str
    path: str
    policy: dict[str, Any]
    body: Any
    files: bool
    success: int
    answer: dict[str, Any]
    taken: dict[str, Any]

    @property
    def about_request(self) -> bool:
        """Whether a request stands in the path."""
        return "{ref}" in self.path

    @property
    def changes(self) -> bool:
        """Whether it may change something."""
        return self.method != "GET"


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    """Yield every operation of the API's description."""
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            content = told.get("requestBody", {}).get("content", {})
            files = "multipart/form-data" in content
            schema = content.get("application/json", {}).get("schema")
            body = made(document, schema) if schema else None
            name = told["operationId"]
            sent = BODIES.get(name, body)
            success = min(int(status) for status in told["responses"] if status[0] == "2")
            given = told["responses"][str(success)].get("content", {})
            answer = given.get("application/json", {}).get("schema", {})
            called = (name, method.upper(), path, told["x-policy"])
            yield Operation(*called, sent, files, success, answer, schema or {})


def cells(ground: Prepared) -> Iterator[Cell]:
    """Yield every operation with every request it can be about."""
    for operation in operations(ground.clients.app.openapi()):
        subjects = ground.subjects.values() if operation.about_request else [None]
        for subject in subjects:
            yield operation, subject


def call_of(ground: Prepared, who: Principal, cell: Cell) -> Call:
    """Return the call of a cell: as a program makes it, or as a page of ours in a browser does."""
    operation, subject = cell
    kind, body = as_file("note.txt", b"a note") if operation.files else in_json(operation.body)
    headers = who.credential() | kind
    if operation.changes:
        headers["if-match"] = "*"
        if who.cookie:
            headers |= {"sec-fetch-site": "same-origin", "x-csrf-token": who.csrf}
    where = place(operation, subject, ground)
    return Call(operation.method, where, headers, body, QUERIES.get(operation.name, ""))


def place(operation: Operation, subject: Subject | None, ground: Prepared) -> str:
    """Return the path of a call."""
    known = PLACES | {
        "ref": subject.reference if subject else "",
        "code": CODES.get(operation.name, "x"),
    }
    if operation.path.startswith("/api/v1/people/"):
        known["number"] = str(ground.bystander)
    return re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], "1"), operation.path)
