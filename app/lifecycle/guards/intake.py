"""Guards of the intake: what a request says, whose matter it is, what is still asked."""

from collections.abc import Iterator

from app.kit.errors import Blocker
from app.lifecycle.facts import Facts
from app.requests import rules as dossier


def request_complete(facts: Facts) -> Iterator[Blocker]:
    """Everything that a request must say is said."""
    if facts.text is not None:
        yield from dossier.missing(facts.text, facts.needs)


def matter_external(facts: Facts) -> Iterator[Blocker]:
    """Someone has decided that it is not an internal matter of the organizations."""
    decided = facts.text.internal if facts.text else None
    if decided is None:
        yield Blocker("matter.undecided", "F2")
    elif decided:
        yield Blocker("matter.internal", "F2")


def matter_internal(facts: Facts) -> Iterator[Blocker]:
    """Someone has decided that it is an internal matter of the organizations."""
    if not (facts.text and facts.text.internal):
        yield Blocker("matter.not_internal", "F2")


def elements_examined(facts: Facts) -> Iterator[Blocker]:
    """A request not labelled cyber has a verdict on every cyber element."""
    if facts.text is not None:
        yield from dossier.unexamined(facts.text, dict(facts.elements), facts.elements_known)


def nothing_cyber(facts: Facts) -> Iterator[Blocker]:
    """A request not labelled cyber was examined for every cyber element, and has none."""
    if facts.text is None or facts.text.cyber_labelled:
        yield Blocker("elements.labelled", "F15")
        return
    for element in facts.elements_known:
        verdict = facts.elements.get(element)
        if verdict is None:
            yield Blocker("elements.unexamined", "F15", {"element": element})
        elif verdict != "absent":
            yield Blocker("elements.found", "F15", {"element": element})


def urgency_settled(facts: Facts) -> Iterator[Blocker]:
    """No urgent mark waits for its second person."""
    if facts.text and facts.text.urgency == "asked":
        yield Blocker("urgency.unsettled", "F38")


def no_open_clarification(facts: Facts) -> Iterator[Blocker]:
    """Every question to the country is answered."""
    for question in facts.clarifications:
        yield Blocker(
            "clarification.open",
            "F10",
            {"question": question.number, "due_on": question.due_on.isoformat()},
        )


def clarification_open(facts: Facts) -> Iterator[Blocker]:
    """At least one question to the country is open."""
    if not facts.clarifications:
        yield Blocker("clarification.none_open", "F10")


def clarification_overdue(facts: Facts) -> Iterator[Blocker]:
    """An open question has passed its date without any answer: silence, which is no decline."""
    today = facts.now.date()
    if not any(one.due_on < today and not one.partly for one in facts.clarifications):
        yield Blocker("clarification.not_overdue", "F10")
