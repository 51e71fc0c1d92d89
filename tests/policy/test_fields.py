"""The field matrix: every field has a class, and is read and written as its class says."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel

from app import main
from app.config import Settings
from app.directory.actor import ROLES
from app.directory.schemas import PersonView
from app.kit.errors import Forbidden, Invalid
from app.policy import classes
from app.policy.classes import FIELDS, KEPT, MODELS
from app.policy.fields import Held, effective, kind_of, rank, unclassed
from app.policy.rule import KINDS, Field, Kind
from app.policy.table import RULES
from app.wiring import masking
from app.wiring.masking import Onlooker, masked
from app.wiring.shapes import held_by, name_of, plain, shapes, signatures
from app.wiring.shapes import within as models_named
from tests.policy.asgi import hear, in_json
from tests.policy.ground import Prepared
from tests.policy.matrix import call_of, cells
from tests.policy.shown import Reading
from tests.policy.test_matrix import faults

SENTINEL = "what only some may read"
SETTINGS = Settings(database_url="sqlite://")
ROUTES = main.create_app(SETTINGS).routes
ANSWERS = {name_of(m): m for _, answers, _ in signatures(ROUTES) for m in answers}


def onlooker(
    role: str, reads: Kind = "secret", *, within: bool = True, own: frozenset[str] | None = None
) -> Onlooker:
    """Return somebody with one role who reads so far, for entities' sake alone or not."""
    return Onlooker(lambda: {role}, reads, lambda: within, lambda: own)


def shown(model: type[BaseModel], who: Onlooker) -> set[str]:
    """Return the fields of a model that somebody is shown; none when it is refused as a whole."""
    build: Callable[..., BaseModel] = model.model_construct
    try:
        seen = masked(build(**dict.fromkeys(model.model_fields, SENTINEL)), who)
    except Forbidden:
        return set()
    return {name for name in model.model_fields if getattr(seen, name) == SENTINEL}


def expected(model: type[BaseModel], role: str, reads: Kind, *, within: bool) -> set[str]:
    """Return the fields that the table lets somebody read."""

    def open_to(known: Field) -> bool:
        if known.readers:
            return role in known.readers and rank(known.kind) <= rank(reads)
        return rank(known.kind) <= rank(reads) and (known.kind != "restricted" or within)

    if not open_to(Field(kind_of(name_of(model)))):
        return set()
    return {held.name for held in held_by(model) if open_to(effective(held))}


def test_what_compares_candidates_is_null_for_an_entity_and_lists_hold_its_own() -> None:
    narrow = [(one, known) for one, known in FIELDS.items() if known.entities != "all"]
    assert len(narrow) > 10
    for (name, field), known in narrow:
        build: Callable[..., BaseModel] = ANSWERS[name].model_construct
        whole = build(**{one: ["itu", "unodc"] for one in ANSWERS[name].model_fields})
        who = onlooker("focal_point", own=frozenset({"itu"}))
        seen = getattr(masked(whole, who), field)
        assert seen == (["itu"] if known.entities == "own" else None), (name, field)
        assert getattr(masked(whole, onlooker("focal_point")), field) == ["itu", "unodc"]


@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_field_is_shown_to_a_role_as_the_table_says(role: str) -> None:
    cells = [(name, field) for name, model in ANSWERS.items() for field in model.model_fields]
    assert len(cells) > 500
    for model in ANSWERS.values():
        for reads in KINDS[1:]:  # nobody is kept from what is internal by being shown it
            for within in (True, False):
                who = onlooker(role, reads, within=within)
                wanted = expected(model, role, reads, within=within)
                assert shown(model, who) == wanted, (name_of(model), reads, within)


def test_every_class_is_used_and_every_field_of_the_api_has_one() -> None:
    assert set(MODELS.values()) == set(KINDS)
    document = main.create_app(SETTINGS).openapi()
    schemas = document["components"]["schemas"].values()
    told = [field for schema in schemas for field in schema.get("properties", {}).values()]
    assert sum("x-class" in field for field in told) > 1000


def test_what_only_some_read_or_write_names_roles_that_there_are() -> None:
    for one, known in FIELDS.items():
        assert known.readers | known.writers <= set(ROLES), one


def test_the_classes_agree_with_what_the_endpoints_give_and_take() -> None:
    assert list(unclassed(shapes(ROUTES), RULES)) == []


def told(**change: Any) -> str:
    """Return what is said against the fields of one operation after a change of it."""
    found = {name: (list(given), list(taken)) for name, (given, taken) in shapes(ROUTES).items()}
    for operation, (answers, bodies) in change.items():
        found[operation][0].extend(answers)
        found[operation][1].extend(bodies)
    return "; ".join(unclassed(found, RULES))


@pytest.mark.parametrize(
    ("operation", "answers", "bodies", "said"),
    [
        ("read_request", [Held("requests.NewView", "text")], [], "no class for requests.NewView"),
        (
            "edit_request",
            [],
            [Held("requests.EditRequest", "level")],
            "edit_request: requests.EditRequest.level is kept by the service",
        ),
        (
            "read_protected",
            [Held("requests.ProtectedOpened", "text")],
            [],
            "read_protected: requests.ProtectedOpened.text is protected, and this reads up to restr",
        ),
        (
            "list_people",
            [Held("assessment.RiskView", "content")],
            [],
            "list_people: assessment.RiskView.content is restricted to who reads within",
        ),
        (
            "read_activity",
            [Held("delivery.ActivityView", "findings", ("delivery.FindingView",))],
            [],
            "read_activity: delivery.ActivityView.findings is null for some",
        ),
        (
            "add_comment",
            [],
            [Held("accounts.SignInBody", "password")],
            "add_comment: accounts.SignInBody.password is secret, and this writes up to restr",
        ),
    ],
)
def test_what_an_operation_may_not_give_or_take_is_told(
    operation: str, answers: list[Held], bodies: list[Held], said: str
) -> None:
    assert said in told(**{operation: (answers, bodies)})


def test_a_model_without_a_class_stops_the_start_up(monkeypatch: pytest.MonkeyPatch) -> None:
    main.create_app(SETTINGS)  # so that these routes have been found in order
    monkeypatch.delitem(classes.MODELS, "delivery.ReportView")
    with pytest.raises(Invalid) as refused_start:
        main.create_app(SETTINGS)
    assert "no class for delivery.ReportView" in refused_start.value.detail


def test_a_field_is_as_close_as_what_stands_within_it(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held("delivery.ActivityView", "findings", ("delivery.FindingView",))
    monkeypatch.delitem(classes.FIELDS, ("delivery.ActivityView", "findings"))
    assert effective(held).kind == "restricted"


@pytest.fixture
def afresh() -> Iterator[None]:
    """Let the masking look at the table anew, before and after."""
    for known in (masking.holds_back, masking.fields_of, masking.watched):
        known.cache_clear()
    yield
    for known in (masking.holds_back, masking.fields_of, masking.watched):
        known.cache_clear()


@pytest.mark.parametrize(
    ("annotation", "is_plain"),
    [
        (str | None, True),
        (dict[str, list[int]], True),
        (tuple[Literal["a", "b"], ...], True),
        (list[Annotated[str, "short"]], True),
        (Any, False),
        (dict[str, Any], False),
        (PersonView | None, False),
        (list[dict[str, PersonView]], False),
    ],
)
def test_only_what_can_hold_no_model_is_plain(annotation: Any, *, is_plain: bool) -> None:
    assert plain(annotation) is is_plain


def test_the_masking_passes_over_no_field_that_is_held_otherwise_than_its_model() -> None:
    looked, passed = 0, 0
    for name, model in ANSWERS.items():
        seen = {field for field, _ in masking.watched(model)}
        looked += len(seen)
        for field in model.model_fields.keys() - seen:
            passed += 1
            assert (name, field) not in FIELDS
            assert not models_named(model.model_fields[field].annotation)
    assert min(looked, passed) > 100


def test_a_field_forgotten_by_the_masking_is_caught_in_real_answers(
    sqlite_ground: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {"read_delivery", "read_activity"}
    reads = [cell for cell in cells(sqlite_ground) if cell[0].name in names]
    who = sqlite_ground.principals["client"]
    assert faults(sqlite_ground, who, reads) == []
    monkeypatch.setattr(Onlooker, "may", lambda *_: True)
    found = faults(sqlite_ground, who, reads)
    assert "client: read_activity on in delivery: lets read ActivityView.findings" in found


def test_what_is_restricted_is_shown_to_those_within_and_to_nobody_else(
    sqlite_ground: Prepared,
) -> None:
    reading = Reading(sqlite_ground.clients.app.openapi())
    chosen = [
        (operation, subject)
        for operation, subject in cells(sqlite_ground)
        if subject is not None and subject.name == "in delivery" and not operation.changes
    ]
    met: dict[str, set[str]] = {}
    for name in ("auditor", "government", "focal_point", "client"):
        who = sqlite_ground.principals[name]
        calls = [call_of(sqlite_ground, who, cell) for cell in chosen]
        for (operation, _), answer in zip(
            chosen, hear(sqlite_ground.clients.http, calls), strict=True
        ):
            if answer.status == 200 and operation.answer:
                found = reading.fields(operation.answer, answer.content)
                met.setdefault(name, set()).update(
                    f"{one.model}.{one.name}"
                    for one in found
                    if one.kind == "restricted" and one.value is not None
                )
    assert len(met["auditor"]) > 100
    assert met["government"] == met["focal_point"] == met["auditor"]
    assert met["client"] == set()


def test_no_body_sets_what_the_service_keeps(sqlite_ground: Prepared) -> None:
    who, document = sqlite_ground.principals["desk_officer"], sqlite_ground.clients.app.openapi()
    chosen = {cell[0].name: cell for cell in cells(sqlite_ground) if cell[0].taken}
    assert len(chosen) > 60
    for operation, subject in chosen.values():
        named = next(iter(operation.taken.get("anyOf", [operation.taken])))["$ref"]
        schema = document["components"]["schemas"][named.rpartition("/")[2]]
        kept = sorted(KEPT - set(schema["properties"]))
        call = call_of(sqlite_ground, who, (operation, subject))
        _, body = in_json((operation.body or {}) | dict.fromkeys(kept, "x"))
        changed = type(call)(call.method, call.path, call.headers, body, call.query)
        answer = hear(sqlite_ground.clients.http, [changed])[0]
        assert (answer.status, answer.code) == (422, "body.invalid"), operation.name
        told = {blocker["message"].partition(":")[0] for blocker in answer.content["blockers"]}
        assert {f"body/{name}" for name in kept} <= told, operation.name


def test_a_field_that_is_not_ones_own_to_set_is_refused_by_name(
    sqlite_ground: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Field("internal", writers=frozenset({"auditor"}))
    chosen = [
        (operation, subject)
        for operation, subject in cells(sqlite_ground)
        if operation.name in {"add_comment", "add_entry"}
        and (subject is None or subject.name == "own")
    ]
    who = sqlite_ground.principals["desk_officer"]
    calls = [call_of(sqlite_ground, who, cell) for cell in chosen]
    assert {answer.status for answer in hear(sqlite_ground.clients.http, calls)} == {201}
    for body in ("requests.CommentBody", "knowledge.EntryBody"):
        monkeypatch.setitem(classes.FIELDS, (body, "text"), told)
    for answer in hear(sqlite_ground.clients.http, calls):
        assert (answer.status, answer.code) == (403, "field.not_writable")
        assert "'text'" in answer.content["detail"]


def test_an_address_is_for_administrators_wherever_it_stands() -> None:
    told = {"id": 1, "language": "en", "program": False, "suspended": False, "grants": []}
    person = PersonView.model_validate(told | {"name": "Ada", "email": "ada@example.org"})
    content: dict[str, Any] = {"items": [person], "next": None}
    assert masked(content, onlooker("auditor"))["items"][0].email is None
    assert masked(content, onlooker("administrator"))["items"][0].email == "ada@example.org"
