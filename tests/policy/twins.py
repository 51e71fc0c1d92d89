"""The cells of the pages that show or do what an operation of the API does: each answers as it does."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from fastapi import FastAPI

from app.main import PAGES
from app.policy.rows.pages import ALSO
from app.web.acts import Act
from app.web.pages import masked_token
from tests.policy.asgi import Call, as_file, in_form
from tests.policy.bodies import CODES, PLACES
from tests.policy.findings import BEFORE, LATER, Outcome
from tests.policy.ground import Prepared, Subject
from tests.policy.matrix import Operation, operations
from tests.policy.outcomes import Rights, reads_within, sees
from tests.policy.outcomes import expected as of_operation
from tests.policy.pages import READS, SENT, TWINS, Page, Try, for_readers, routes, strange
from tests.policy.people import Principal

FORMS: dict[str, dict[str, str]] = {
    "page_move_request": {"reason": "No longer needed."},
    "page_edit_request": {"title": "Another title"},
    "page_edit_need": {"area": "D", "text": "Another text.", "priority": "2"},
    "page_edit_activity": {
        "title": "Another title",
        "kind": "training",
        "findings": "1",
        "starts_on": "2026-01-01",
        "ends_on": "2026-02-01",
    },
}
"""What a form sends, where it is more or other than the body of its operation."""
PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")
WHERE: dict[str, dict[str, str]] = {
    "page_edit_request": {"part": "what"},
    "page_principle": {"code": "P1"},
    "page_export": {"form": "csv"},
    "page_entity": {"code": "itu"},
    "page_history": {"kind": "entity", "code": "itu"},
    "page_propose_change": {"kind": "entity", "code": "itu"},
    "page_propose_withdrawal": {"kind": "entity", "code": "itu"},
}
"""What stands in the addresses of pages, where it is not as in those of their operations."""
SOUGHT: dict[str, set[Outcome]] = {"page_answer": {Outcome(404, "clarification.unknown")}}
"""What a page looks for first, where its operation never comes to it in the matrix."""
ASKED: dict[str, Outcome] = {
    "page_suggest_needs": Outcome(200),
    "page_propose_change": Outcome(422, "body.invalid"),
    **dict.fromkeys(ALSO, Outcome(422, "body.invalid")),
}
"""What comes of forms that answer with a page: that they only ask, or that they were left empty."""


@dataclass(frozen=True, slots=True)
class Twin:
    """A page and the operation that it shows or does."""

    page: Page
    operation: Operation

    @property
    def about_request(self) -> bool:
        """Whether a request stands in its address."""
        return "{ref}" in self.page.path

    @property
    def form(self) -> bool:
        """Whether it only shows the form of what it does."""
        return self.page.method == "GET" and self.operation.changes


TwinCell = tuple[Twin, Subject | None]


def twins(app: FastAPI) -> Iterator[Twin]:
    """Yield every page that has a twin in the API."""
    known = {one.name: one for one in operations(app.openapi())}
    for page in routes(app):
        if page.name in TWINS:
            yield Twin(page, known[TWINS[page.name]])


def twin_cells(ground: Prepared) -> Iterator[TwinCell]:
    """Yield every such page with every request it can be about."""
    for twin in twins(ground.clients.app):
        for subject in ground.subjects.values() if twin.about_request else [None]:
            yield twin, subject


def acts() -> dict[str, Act]:
    """Return every act of the pages by the name of its page."""
    modules = [import_module(f"app.web.{name}") for name in PAGES]
    every: list[Act] = [act for module in modules for act in getattr(module, "ACTS", ())]
    return {act.page: act for act in every}


def call_of(ground: Prepared, who: Principal, cell: TwinCell, how: Try) -> Call:
    """Return the call of a cell; a form bears what the operation is sent, whatever stands there."""
    twin, subject = cell
    headers = who.credential() | SENT[how.site] | (READS if how.reads else {})
    where = place(twin, subject, ground)
    if twin.page.method == "GET":
        return Call("GET", where, headers)
    csrf = masked_token(who.csrf if how.signed else "x" * 43)
    if twin.operation.files:
        kind, body = as_file("note.txt", b"a note", {"csrf": csrf})
        return Call("POST", where, headers | kind, body)
    sent = FORMS.get(twin.page.name) or in_fields(twin.operation.body)
    kind, body = in_form(sent | {"csrf": csrf, "revision": "*"})
    return Call("POST", where, headers | kind, body)


def place(twin: Twin, subject: Subject | None, ground: Prepared) -> str:
    """Return the address of a page."""
    operation = twin.operation
    of_people = operation.path.startswith("/api/v1/people/")
    known = PLACES | {
        "ref": subject.reference if subject else "",
        "code": CODES.get(operation.name, "x"),
        "trigger": "withdraw",
    }
    known |= WHERE.get(twin.page.name, {})
    known["number"] = str(ground.bystander) if of_people else "1"
    return PARAMETER.sub(lambda found: known.get(found[1], known["number"]), twin.page.path)


def in_fields(body: Any) -> dict[str, str]:
    """Return the body of an operation as the fields of a form bear it."""
    return {name: _typed(value) for name, value in (body or {}).items()}


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list):
        return "\n".join(_typed(one) for one in value)
    return json.dumps(value) if isinstance(value, dict) else str(value)


def allowed(cell: TwinCell, who: Principal, how: Try, rights: Rights) -> set[Outcome]:
    """Return what may come of a call: exactly one thing, but for forms of what rules refuse later.

    A form of what no right stands against is shown, or refused by the rule that would refuse it.
    """
    twin, subject = cell
    sent = twin.page.method == "POST"
    if sent and (code := strange(twin.page, who, how)):
        return {Outcome(403, "" if how.reads else code)}
    told = of_operation(twin.operation, who, subject, rights)
    through = told.status < 300
    if sent and (through or _late(twin, told)):
        told = ASKED.get(twin.page.name, Outcome(303) if through else told)
    elif through:
        told = Outcome(200)
    by_form = {Outcome(200)} if twin.form and _late(twin, told) else set()
    if told.code in ("act.not_in_this_state", "act.role"):
        by_form |= _absent(twin)
    if told == _lacking(twin):
        by_form |= {replace(told, status=status) for status in (404, 409)}
        by_form |= {Outcome(409, "act.not_in_this_state")}
    every = {told} | by_form
    if not how.reads:
        return every
    return {Outcome(one.status) if sent and words(twin) else for_readers(one) for one in every}


def words(twin: Twin) -> bool:
    """Whether the form of a page bears words: a page gives them back, it leads nowhere with them."""
    typed = FORMS.get(twin.page.name) or in_fields(twin.operation.body)
    return not twin.operation.files and any(text.strip() for text in typed.values())


def _late(twin: Twin, told: Outcome) -> bool:
    """Whether a rule of a room says so, after all rights: or which of several acts it is about."""
    if told.code == "act.role":
        return len(twin.operation.policy["acts"]) > 1
    if told.code == "act.not_in_this_state":
        known = acts().get(twin.page.name)
        return known is not None and known.anywhere
    later = [one.outcome for one in LATER.get(twin.operation.name, ())]
    return told in later and told != _lacking(twin)


def _absent(twin: Twin) -> set[Outcome]:
    """Return what a page says of what it looks for first, since it is to show it: it is not there.

    Whoever sees the request learns no more by it than by the refusal of the act.
    """
    later = {one.outcome for one in LATER.get(twin.operation.name, ())}
    return {one for one in later | SOUGHT.get(twin.page.name, set()) if one.status in (404, 409)}


def _lacking(twin: Twin) -> Outcome | None:
    """Return what whoever sees the request is told of what is not there, act or no act."""
    return BEFORE.get(twin.operation.name, ("", None))[1]


def unreadable(who: Principal, subject: Subject | None) -> bool:
    """Whether somebody sees a request, and not what lays weaknesses open in it."""
    return bool(subject and who.valid and sees(who, subject) and not reads_within(who, subject))
