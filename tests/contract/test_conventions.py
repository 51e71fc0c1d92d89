"""The conventions of the contract, held against every operation that the description names."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.contract.conftest import Whole
from tests.contract.test_boundaries import placed
from tests.drills.situations import COUNTRY
from tests.files.honest import pdf

Operation = tuple[str, str, dict[str, Any]]
ABSENT = "TA-2026-99999"


def changing(whole: Whole) -> list[Operation]:
    """Return every operation that changes one thing, as the description says: it may answer 428."""
    return [one for one in whole.operations() if "428" in one[2]["responses"]]


def body_of(whole: Whole, operation: dict[str, Any]) -> Any:
    """Return a body with one value for each field that must be there."""
    if "requestBody" not in operation:
        return None
    schema = next(iter(operation["requestBody"]["content"].values()))["schema"]
    return sample(whole.description["components"]["schemas"], schema)


def sample(known: dict[str, Any], schema: dict[str, Any]) -> Any:
    """Return a small value that a schema takes."""
    if "$ref" in schema:
        return sample(known, known[schema["$ref"].rsplit("/", 1)[1]])
    if "anyOf" in schema:
        return sample(known, schema["anyOf"][0])
    given = [schema[word] for word in ("const", "default") if word in schema]
    given += schema.get("enum", [])[:1]
    return given[0] if given else MADE[schema["type"]](known, schema)


def _object(known: dict[str, Any], schema: dict[str, Any]) -> Any:
    wanted = schema.get("required", [])
    return {name: sample(known, schema["properties"][name]) for name in wanted}


def _array(known: dict[str, Any], schema: dict[str, Any]) -> Any:
    return [sample(known, schema["items"])] * schema.get("minItems", 0)


def _text(_known: dict[str, Any], schema: dict[str, Any]) -> Any:
    if schema.get("format") == "date":
        return "2026-01-02"
    patterns = {"^[A-Z]{3}$": COUNTRY, r"^[A-E][0-9]{1,2}[a-z]?$": "D6a"}
    return patterns.get(schema.get("pattern", ""), "text")


MADE: dict[str, Callable[[dict[str, Any], dict[str, Any]], Any]] = {
    "object": _object,
    "array": _array,
    "string": _text,
    "integer": lambda _known, schema: max(1, schema.get("minimum", 1)),
    "number": lambda _known, _schema: 1.0,
    "boolean": lambda _known, _schema: True,
}


def test_every_change_of_one_thing_asks_for_if_match_and_refuses_a_stale_one(whole: Whole) -> None:
    wrong: list[str] = []
    tried = 0
    for method, path, operation in changing(whole):
        if "{ref}" not in path:
            continue
        filled = placed(whole, path, {"code": code_in(whole, path)}).removeprefix("/api/v1")
        body = body_of(whole, operation)
        bare = whole.person.call(method, filled, body)
        stale = whole.person.call(method, filled, body, if_match='"0"')
        tried += 1
        if bare.status == stale.status and bare.body["code"] in BEYOND:
            continue
        if bare.status != 428 or bare.body["code"] != "if_match.missing":
            wrong.append(f"{method} {path} without If-Match: {bare.status} {bare.body}")
        if stale.status != 412 or not isinstance(stale.body.get("current_revision"), int):
            wrong.append(f"{method} {path} with a stale one: {stale.status} {stale.body}")
    assert wrong == []
    assert tried > 20


BEYOND = {"clarification.unknown", "assessment.completed", "condition.unknown"}
"""Where the played request has nothing that could still be changed."""


def code_in(whole: Whole, path: str) -> str:
    """Return a code that the pack of the played request knows, for the path it stands in."""
    first = whole.person.get(f"/requests/{whole.reference}/screening").ok().body["principles"][0]
    codes = {"criteria": first["criteria"][0]["code"], "principles": first["code"]}
    return next((str(code) for part, code in codes.items() if part in path), "unodc")


def test_every_read_of_one_thing_has_a_strong_tag_and_answers_304_to_it(whole: Whole) -> None:
    wrong: list[str] = []
    tried = 0
    for method, path, operation in whole.operations():
        if method != "GET" or "304" not in operation["responses"] or path.endswith("/stream"):
            continue
        filled = placed(whole, path, {"code": "unodc"}).removeprefix("/api/v1")
        first = whole.person.get(filled)
        if first.status == 404:
            continue
        tried += 1
        tag = first.headers.get("etag", "")
        if first.status != 200 or not (tag.startswith('"') and tag.endswith('"')):
            wrong.append(f"{path}: {first.status} {tag}")
            continue
        again = whole.person.get(filled, if_none_match=tag)
        other = whole.person.get(filled, if_none_match='"other"')
        if (again.status, again.headers["etag"], again.body) != (304, tag, ""):
            wrong.append(f"{path}: not 304 but {again.status}")
        if other.status != 200:
            wrong.append(f"{path}: {other.status} for another tag")
    assert wrong == []
    assert tried > 30


OPEN = {
    *(("POST", "/api/v1/password-resets"), ("DELETE", "/api/v1/session")),
    *(("GET", "/api/v1/public/figures"), ("GET", "/api/v1/public/requests")),
}
"""What anybody may ask for without being refused: the answers say nothing, or what is public."""


def test_every_refusal_is_a_problem_of_the_same_shape(whole: Whole) -> None:
    wrong: list[str] = []
    for method, path, operation in whole.operations():
        if not path.startswith("/api/") or (method, path) in OPEN:
            continue
        filled = placed(whole, path, {"ref": ABSENT}).removeprefix("/api/v1")
        anonymous = whole.clients.anonymous().call(
            method, filled, body_of(whole, operation), if_match="*"
        )
        answer = whole.clients.http.request(method, f"/api/v1{filled}")
        for got, kind, body in (
            (anonymous.status, anonymous.headers["content-type"], anonymous.body),
            (answer.status_code, answer.headers["content-type"], answer.json()),
        ):
            fine = kind == "application/problem+json" and body["status"] == got
            fine = fine and body["type"] == f"/problems/{body['code']}"
            fine = fine and {"title", "detail", "request_id"} <= set(body) and body["request_id"]
            if not fine or got not in {401, 422, 404}:
                wrong.append(f"{method} {path}: {got} {body}")
    assert wrong == []


def test_what_one_may_not_see_and_what_is_not_there_answer_the_same(whole: Whole) -> None:
    stranger = whole.clients.as_("resident_coordinator", country="UGA")
    tried = 0
    for method, path, operation in whole.operations():
        if "{ref}" not in path:
            continue
        bodies = []
        for ref in (whole.reference, ABSENT):
            filled = placed(whole, path, {"ref": ref}).removeprefix("/api/v1")
            got = stranger.call(method, filled, body_of(whole, operation), if_match="*")
            bodies.append(
                (got.status, {k: v for k, v in dict(got.body).items() if k != "request_id"})
            )
        assert bodies[0] == bodies[1], path
        tried += bodies[0][0] == 404
    assert tried > 60


def test_every_body_refuses_a_field_that_nobody_knows(whole: Whole) -> None:
    for method, path, operation in whole.operations():
        if "application/json" not in operation.get("requestBody", {}).get("content", {}):
            continue  # forms of files have no fields of ours
        body = (body_of(whole, operation) or {}) | {"nobody_knows": 1}
        filled = placed(whole, path, {}).removeprefix("/api/v1")
        got = whole.person.call(method, filled, body, if_match="*")
        assert got.status == 422, path
        assert any("nobody_knows" in blocker["message"] for blocker in got.body["blockers"]), path


def test_a_list_is_read_to_its_end_by_its_links(whole: Whole) -> None:
    for path in (f"/requests/{whole.reference}/timeline", "/entities", "/people", "/events"):
        every = whole.person.get(f"{path}?limit=200").ok().body
        seen: list[Any] = []
        link = f"{path}?limit=7" if path != "/events" else f"{path}?limit=50"
        for _ in range(60):
            page = whole.person.get(link).ok()
            seen += page.body["items"]
            named = page.headers.get("link", "")
            assert bool(named) == (page.body["next"] is not None)
            if not named:
                break
            assert named.endswith('; rel="next"')
            link = named[1 : named.index(">")].removeprefix("/api/v1")
        assert seen[: len(every["items"])] == every["items"], path
        assert len({json.dumps(one, sort_keys=True) for one in seen}) == len(seen)


def test_a_page_size_beyond_200_is_refused(whole: Whole) -> None:
    assert whole.person.get("/requests?limit=201").status == 422
    assert whole.person.get("/requests?limit=0").status == 422
    assert whole.person.get("/requests?cursor=nonsense").status == 400


def test_a_poller_is_answered_at_the_next_change(whole: Whole) -> None:
    path = f"/requests/{whole.reference}"
    tag = whole.person.get(f"{path}/status").ok().headers["etag"]
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(whole.person.get, f"{path}/status?wait=20", if_none_match=tag)
        began = time.perf_counter()
        whole.person.post(f"{path}/comments", {"text": "A change."}).ok()
        answer = waiting.result(20)
        assert time.perf_counter() - began < 5
    assert answer.status == 200
    assert answer.revision == int(tag.strip('"')) + 1


def test_a_poller_gets_304_when_the_time_is_over(whole: Whole) -> None:
    path = f"/requests/{whole.reference}/status"
    tag = whole.person.get(path).ok().headers["etag"]
    began = time.perf_counter()
    answer = whole.person.get(f"{path}?wait=1", if_none_match=tag)
    assert (answer.status, answer.headers["etag"]) == (304, tag)
    assert 0.5 < time.perf_counter() - began < 5


def test_a_poller_who_is_behind_is_answered_at_once(whole: Whole) -> None:
    began = time.perf_counter()
    path = f"/requests/{whole.reference}/status?wait=20"
    assert whole.person.get(path, if_none_match='"1"').status == 200
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/requests", {"countries": [COUNTRY], "title": "Another"}),
        ("/requests/{ref}/comments", {"text": "Once."}),
        ("/requests/{ref}/standing-work", {"who": "A partner", "what": "Training"}),
    ],
)
def test_what_adds_is_replayed_for_its_key(whole: Whole, path: str, body: dict[str, Any]) -> None:
    filled = path.replace("{ref}", whole.reference)
    first = whole.person.post(filled, body, idempotency_key="k")
    if first.status == 409:
        assert "standing" in path
        return
    again = whole.person.post(filled, body, idempotency_key="k")
    assert (again.status, again.body) == (first.ok().status, first.body)
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["idempotent-replayed"] == "true"
    assert whole.person.post(filled, body | {"x": 1}, idempotency_key="k").status == 422


def test_a_document_is_stored_once_for_its_key_and_served_as_an_attachment(whole: Whole) -> None:
    path = f"/api/v1/requests/{whole.reference}/attachments"
    headers = {"Authorization": f"Bearer {whole.person.token}", "Idempotency-Key": "k"}

    def send(content: bytes) -> Any:
        file = {"file": ("note.pdf", content, "application/pdf")}
        return whole.clients.http.post(path, files=file, headers=headers)

    first, again, other = send(pdf()), send(pdf()), send(pdf("% another"))
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert again.json() == first.json()
    got = whole.clients.http.get(f"{path}/{first.json()['id']}", headers=headers)
    assert got.content == pdf()
    assert got.headers["content-disposition"].startswith("attachment")


def test_a_wrong_method_names_every_right_one(whole: Whole) -> None:
    answer = whole.clients.http.delete("/api/v1/requests")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"
    one = whole.clients.http.put(f"/api/v1/requests/{whole.reference}")
    assert one.headers["allow"] == "GET, PATCH"
