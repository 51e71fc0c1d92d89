"""The matrix: every operation of the API's description, and what the table says must come of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.engine.definition import WorkflowDefinition
from app.policy import sight
from tests.policy.ground import Prepared, Principal, Subject

PLACES: dict[str, str] = {
    "number": "1",
    "indicator": "1",
    "alpha3": "KEN",
    "name": "needs_assessment",
    "version": "1",
}
CODES = {
    "read_entity": "itu",
    "put_criterion": "P1.1",
    "put_principle": "P1",
    "put_answer": "A1",
    "judge_element": "crime",
}
PATTERNS = {
    "^[A-Z]{3}$": "KEN",
    "^[A-E]$": "A",
    "^TA-[0-9]{4}-[0-9]{5,9}$": "TA-2026-99999",
    "^[A-E][0-9]{1,2}[a-z]?$": "D9",
}
MOMENTS = {"date": "2026-02-01", "date-time": "2027-02-01T00:00:00Z"}
BODIES: dict[str, Any] = {
    "grant": {"role": "auditor"},
    "move_request": {"trigger": "withdraw", "form": {"reason": "No longer needed."}},
    "edit_request": {"title": "Another title"},
    "edit_need": {"text": "Another text"},
    "respond": {"entity": "itu", "accepted": True},
    "break_glass": {"reference": "TA-2026-00001", "reason": "x" * 20, "ticket": "x"},
    "step_up": {"code": "123456"},
    "confirm_second_factor": {"code": "123456"},
    "rest_need": {"findings": [1], "number": 1},
}
"""What is sent where the schema alone would not get past the reading of the body."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: how it is called, and its row as the description tells it."""

    name: str
    method: str
    path: str
    policy: dict[str, Any]
    body: Any
    files: bool

    @property
    def about_request(self) -> bool:
        """Whether a request stands in the path."""
        return "{ref}" in self.path


@dataclass(frozen=True, slots=True)
class Expected:
    """What must come: `status` when it is settled, else only what must not come.

    `code` is the code of the refusal; `barred` says that the operation must not succeed, `anyone`
    that the table refuses nobody.
    """

    status: int | None = None
    code: str = ""
    barred: bool = False
    anyone: bool = False


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    """Yield every operation of the API's description."""
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            content = told.get("requestBody", {}).get("content", {})
            files = "multipart/form-data" in content
            schema = content.get("application/json", {}).get("schema")
            body = made(document, schema) if schema else None
            name = told["operationId"]
            yield Operation(
                name, method.upper(), path, told["x-policy"], BODIES.get(name, body), files
            )


def made(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    """Return the least that a JSON schema takes."""
    if "$ref" in schema:
        return made(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return made(document, schema["anyOf"][0])
    if schema.get("type") == "object":
        wanted = schema.get("required", [])
        return {name: made(document, schema["properties"][name]) for name in wanted}
    if schema.get("type") == "array":
        return [made(document, schema["items"])] * schema.get("minItems", 0)
    return _plain(schema)


def _plain(schema: dict[str, Any]) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    if moment := MOMENTS.get(schema.get("format", "")):
        return moment
    text = PATTERNS.get(schema.get("pattern", ""), "x" * schema.get("minLength", 1))
    return {"integer": 1, "number": 1, "boolean": True}.get(str(schema.get("type")), text)


def place(operation: Operation, subject: Subject | None, ground: Prepared) -> str:
    """Return the path of a call."""
    known = PLACES | {
        "ref": subject.reference if subject else "",
        "code": CODES.get(operation.name, "x"),
    }
    if operation.path.startswith("/api/v1/people/"):
        known["number"] = str(ground.bystander)
    return re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], "1"), operation.path)


def sees(who: Principal, subject: Subject) -> bool:
    """Whether a request is there for a principal, by the sets of `policy.sight`."""
    own, draft = who.country == subject.country, subject.state == "draft"
    ways = {
        sight.EVERYTHING: True,
        sight.DESK: not draft,
        sight.SCREENING: not draft and subject.level != "confidential",
        sight.DRAFTS: own,
        sight.COUNTRY: own and not draft,
        sight.ENTITY: who.entity == subject.entity,
        sight.PROGRAM: own and not draft and subject.level == "ordinary",
    }
    return any(there for roles, there in ways.items() if who.role in roles)


def reads_within(who: Principal) -> bool:
    """Whether a principal who sees a request may read what lays weaknesses open.

    No entity of the ground has accepted, and programs never do.
    """
    return who.role not in sight.PROGRAM | sight.ENTITY


@dataclass(frozen=True, slots=True)
class Rights:
    """The roles that a definition names."""

    definition: WorkflowDefinition

    def acts(self, state: str, act: str) -> tuple[str, ...]:
        """Return who may do an act in a state."""
        return self.definition.states[state].acts.get(act, ())

    def withdraw(self, state: str) -> set[str]:
        """Return who may withdraw in a state: the move that the matrix tries."""
        edges = self.definition.edges
        held = [
            e.transition.by
            for e in edges
            if e.source == state and e.transition.trigger == "withdraw"
        ]
        return {role for by in held for role in by}


def expected(
    operation: Operation, who: Principal, subject: Subject | None, rights: Rights
) -> Expected:
    """Return what must come of a call, by the row that its description carries."""
    policy = operation.policy
    if policy["relation"] == "none":
        return Expected(anyone=True)
    if not who.valid:
        return Expected(401)
    if refused := _at_the_desk(policy, who):
        return Expected(403, refused)
    if subject is None:
        own = policy["relation"] == "self" and "{number}" in operation.path
        return Expected(barred=own and who.role not in policy.get("beyond", ()))
    return _towards(policy, who, subject, rights)


def _towards(policy: dict[str, Any], who: Principal, subject: Subject, rights: Rights) -> Expected:
    """Return what must come of a call about a request that the table itself lets pass."""
    reaches = policy["relation"] == "request" and who.role in policy.get("beyond", ())
    if not reaches and not sees(who, subject):
        return Expected(404, "request.unknown")
    if policy.get("within") and not reads_within(who):
        return Expected(403, "part.restricted")
    if "acts" in policy:
        able = {role for act in policy["acts"] for role in rights.acts(subject.state, act)}
        return Expected(barred=who.role not in able)
    return Expected(barred="moves" in policy and who.role not in rights.withdraw(subject.state))


def _at_the_desk(policy: dict[str, Any], who: Principal) -> str:
    """Return the code with which the table alone refuses, or nothing."""
    if policy["scope"] != "none" and policy["scope"] not in who.scopes:
        return "token.scope"
    if "roles" in policy and who.role not in policy["roles"]:
        return "policy.role"
    bare = policy["assurance"] == "step_up"  # no principal of the matrix has stepped up
    return "assurance.step_up" if bare else ""
