"""What the matrix sends: the least that a schema takes, and more where that would not get through."""

from datetime import timedelta
from typing import Any

from app.kit import clock

PLACES: dict[str, str] = {
    "number": "1",
    "indicator": "1",
    "alpha3": "KEN",
    "name": "needs_assessment",
    "version": "1",
}
CODES = {
    **dict.fromkeys(("read_entity", "list_history"), "itu"),
    "put_criterion": "P1.1",
    "put_principle": "P1",
    "put_answer": "A1.3",
    "read_screening": "P1",
    "read_questionnaire": "A",
    "judge_element": "crime",
}
PATTERNS = {
    "^[A-Z]{3}$": "KEN",
    "^[A-E]$": "A",
    "^TA-[0-9]{4}-[0-9]{5,9}$": "TA-2026-99999",
    "^[A-E][0-9]{1,2}[a-z]?$": "D9",
    "^link_[A-Za-z0-9_-]{43}$": "link_" + "x" * 43,
    "^[A-Za-z2-7 -]{24,40}$": "A" * 24,
}
TODAY = clock.today()
SOON = str(TODAY + timedelta(days=9))
MOMENTS = {"date": str(TODAY), "date-time": "2027-02-01T00:00:00Z"}
CODE = {"code": "123456"}
ACTIVITY = {"entity": "itu", "need": 1, "title": "x", "kind": "training", "findings": [1]}
BODIES: dict[str, Any] = {
    "grant": {"role": "auditor"},
    "move_request": {"trigger": "withdraw", "form": {"reason": "No longer needed."}},
    "edit_request": {"title": "Another title"},
    "edit_need": {"text": "Another text"},
    "respond": {"entity": "itu", "accepted": True},
    "break_glass": {"reference": "TA-2026-00001", "reason": "x" * 20, "ticket": "x"},
    **dict.fromkeys(("step_up", "confirm_second_factor", "give_second_factor"), CODE),
    "rest_need": {"findings": [1], "number": 1},
    "ask": {"questions": ["Which?"], "due_on": SOON},
    "add_consultation": {"group": "police", "held_on": str(TODAY), "who": "x"},
    "raise_level": {"level": "restricted", "reason": "x"},
    "add_activity": ACTIVITY | {"starts_on": str(TODAY), "ends_on": SOON},
    "change_status": {"status": "running"},
    "report": {"entity": "itu", "text": "x"},
    "measure": {"actual": 1, "measured_on": str(TODAY)},
    "make_webhook": {"name": "x", "url": "https://hooks.example/"},
    "close": {"impact": "x", "lesson": "x"},
}
"""What is sent where the schema alone would not get past the reading of the body."""
QUERIES = {"stream_events": "seconds=0"}


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
