"""What is asked of one person, wherever it is asked: in requests, the compendium, the house."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from app.accounts import joining
from app.compendium import service as compendium
from app.requests.service import glass, tasks
from app.requests.service.tasks import Kind, Task
from app.retention import service as retention
from app.web.frame import about
from app.web.texts import marked
from app.web.visit import Visit

ASKED: dict[Kind, tuple[str, str]] = {
    "question": (marked("Answer question {number}"), "clarifications/{number}/answer"),
    "urgency": (marked("Confirm or refuse the urgent mark"), "urgency/settle"),
    "lowering": (
        marked("Confirm a lower level, or let it fall"),
        "lowerings/{number}/confirm",
    ),
    "grant": (
        marked("Agree to a named grant, or revoke it"),
        "named-grants/{number}/agree",
    ),
    "offer": (marked("Answer the offer"), "matching"),
}
"""What each kind of task of a request is called, and where in it it is done."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One thing that is asked: what, where, about what, and by when.

    `text` is English and may name its `number`; `reference` or `title` say what it is about.
    """

    text: str
    address: str
    number: int | None = None
    reference: str = ""
    title: str = ""
    due: date | None = None


def errands_of(desk: Visit, most: int) -> list[Errand]:
    """Return what is asked of the person at hand, what is due first before the rest."""
    found = [_of_task(one) for one in tasks.waiting(desk.session, desk.shelf, desk.actor, most)]
    for operation, look in LOOKS.items():
        if desk.may(operation):
            found += look(desk, most)
    return sorted(found, key=lambda one: one.due or date.max)[:most]


def _of_task(task: Task) -> Errand:
    text, part = ASKED[task.kind]
    address = about(task.reference, part.format(number=task.number))
    return Errand(text, address, task.number, task.reference, task.title, task.due)


def _proposals(desk: Visit, most: int) -> Iterator[Errand]:
    for row in compendium.reviewable(desk.session, desk.actor, most):
        place = f"/compendium/changes/{row.id}"
        yield Errand(marked("Review the proposal"), place, title=row.title)


def _openings(desk: Visit, _most: int) -> Iterator[Errand]:
    for row, reference in glass.breaks(desk.session, desk.actor):
        if row.reviewed_at is None and row.person_id not in desk.actor.persons:
            place = f"/administration/openings/{row.id}"
            due = (row.opened_at + glass.REVIEW_WITHIN).date()
            yield Errand(marked("Review an opening"), place, reference=reference, due=due)


def _erasures(desk: Visit, most: int) -> Iterator[Errand]:
    for reference, until in retention.waiting(desk.session, desk.actor, most):
        place = f"/administration/retention/{reference}"
        yield Errand(marked("Confirm an erasure"), place, reference=reference, due=until.date())


def _joins(desk: Visit, most: int) -> Iterator[Errand]:
    for row in joining.waiting(desk.session, desk.actor, most):
        place, until = f"/administration/people/{row.kept_id}/join", row.asked_at + joining.LAPSES
        yield Errand(marked("Confirm that two records are one person"), place, due=until.date())


LOOKS: dict[str, Callable[[Visit, int], Iterator[Errand]]] = {
    "review_change": _proposals,
    "review_glass": _openings,
    "confirm_erasure": _erasures,
    "confirm_join": _joins,
}
"""What is asked outside of requests, by the operation that answers it."""
