"""What the fields of forms are called, with a hint where one helps, and what can be chosen."""

from collections.abc import Callable, Iterable
from typing import Any

from app.web import labels_dossier, labels_rooms
from app.web.texts import marked
from app.wiring.desk import Desk

Named = tuple[str, str]
PERSON = labels_dossier.PERSON

LABELS: dict[str, Named] = {
    **labels_dossier.LABELS,
    **labels_rooms.LABELS,
    "title": (marked("Title"), marked("One line that tells what the country asks for.")),
    "ActivityBody.title": (marked("Title"), ""),
    "EditActivity.title": (marked("Title"), ""),
    "EntryBody.title": (marked("Title"), ""),
    "EntryBody.text": (marked("What is known"), marked("What was done, what came of it, and why.")),
    "link": (marked("Where more of it stands"), marked("An address that begins with https://.")),
    "reason": (marked("Reason"), ""),
    "JoinBody.reason": (marked("How it is known that both are one person"), ""),
    "why_title": (marked("The change in one line"), ""),
    "why": (
        marked("Why"),
        marked("Name the text behind it: a resolution, an agreement, a letter."),
    ),
    "claim": (marked("Something was left out of the compendium (C65)"), ""),
    "effective_at": (
        marked("In force from (UTC)"),
        marked("Leave it empty: then from its approval on. It is never retroactive."),
    ),
    "code": (marked("Code"), marked("Small letters, digits and _; it never changes afterwards.")),
    "name": (marked("Short name"), ""),
    "full_name": (marked("Full name"), ""),
    "kind": (marked("Kind"), ""),
    "region": (marked("Region"), ""),
    "assignable": (marked("May be given a need"), ""),
    "cite": (marked("Paragraphs"), marked("One a line, such as F22 or C65.")),
    "entity": (marked("Entity"), ""),
    "role": (marked("Role"), ""),
    "text": (marked("Text"), ""),
    "topics": (marked("Topics"), ""),
    "GoingBack.kinds": (marked("Kinds of entries"), marked("None means all but focal points.")),
    "kinds": (marked("Kinds of assistance"), marked("One a line; none means all.")),
    "regions": (marked("Regions"), marked("None means everywhere.")),
    "sensitivities": (marked("Sensitive matters"), marked("One a line; none means any.")),
    "provenance": (marked("How it is known"), ""),
    "basis": (marked("Basis"), marked("What an inference rests on.")),
    "source": (marked("Source"), ""),
    "valid_from": (marked("Holds from"), ""),
    "valid_to": (marked("Holds until (not included)"), ""),
    "review_by": (marked("To be looked at again by"), ""),
    "subject": (marked("Subject"), ""),
    "parties": (marked("Parties"), ""),
    "scope": (marked("Scope"), ""),
    "signed": (marked("Signed"), ""),
    "period": (marked("Quarter"), marked("Such as 2027-Q1; empty means at any time.")),
    "requests": (marked("Requests at once"), ""),
    "note": (marked("Note"), ""),
    "approved": (marked("Your decision"), marked("A rejection takes a reason.")),
    "person_id": PERSON,
    "part": (marked("Part"), marked("An alternate is asked where the first cannot be reached.")),
    "WebhookBody.name": (marked("What it is called"), ""),
    "WebhookBody.url": (marked("Address to be called"), marked("It begins with https://.")),
    "WebhookBody.kinds": (marked("Only these events"), marked("None means all.")),
    "WebhookBody.person_id": (
        marked("Program whose webhook it is"),
        marked("Leave it empty for one of your own."),
    ),
    "hours": (
        marked("Hours that the former secret counts"),
        marked("0 ends it at once: for one that others may have read."),
    ),
    "days": (marked("Days"), marked("How long it lasts, 90 at most.")),
    "scopes": (marked("What it may do"), ""),
    "acts": (marked("Only these"), marked("None means everything that the role may.")),
    "value": (marked("Code"), marked("Of the entity, or the three letters of the country.")),
    "email": (marked("Address"), ""),
    "language": (marked("Language"), ""),
    "program": (marked("It is a program, and no person"), ""),
    "country": (marked("Country"), ""),
    "reference": (marked("Reference of the request"), marked("Such as TA-2026-00001.")),
    "ticket": (marked("Ticket"), marked("Under which the emergency is known.")),
    "justified": (marked("Your finding"), ""),
    "again": (
        marked("Ask again an entity that declined"),
        marked("A deliberate act: it takes a reason (F41)."),
    ),
    "why_again": (marked("Why it is asked again"), ""),
    "AnswerBody.answer": (marked("Your answer"), marked("A decline takes a reason.")),
    "declined_needs": (
        marked("Needs that you leave out"),
        marked("Only where you accept a part; it takes a reason too."),
    ),
    "given": (marked("Your decision"), marked("A refusal takes a reason.")),
    "need": (marked("For which need"), ""),
    "findings": (marked("Rests on these findings"), marked("No help without a finding (F32).")),
    "starts_on": (marked("Begins"), ""),
    "ends_on": (marked("Ends"), ""),
    "objectives": (marked("Objectives"), ""),
    "targets": (marked("Who takes part"), ""),
    "follow_up_on": (marked("Looked at again on"), ""),
    "status": (marked("Where it stands"), ""),
    "unit": (marked("Unit"), ""),
    "baseline": (marked("Before"), marked("Leave it empty if it is not known: that is not zero.")),
    "target": (marked("Target"), ""),
    "actual": (marked("Measured"), marked("Leave it empty to take a measurement back.")),
    "measured_on": (marked("On"), ""),
    "impact": (marked("Impact"), marked("Or, below, why there is none.")),
    "no_impact_reason": (marked("Why there is no impact to tell"), ""),
    "lesson": (marked("Lesson"), marked("Or, below, why there is none.")),
    "no_lesson_reason": (marked("Why there is no lesson to tell"), ""),
    "quarters": (marked("Quarters ahead"), marked("The present one first, 8 at most.")),
    "lasts": (marked("Quarters that help takes"), marked("4 at most.")),
    "apart": (marked("What the need is"), marked("Leave it empty: an entity is to answer for it.")),
    "comment": (marked("Remark"), marked("Kept in the timeline.")),
}
"""By the name of the field: its label and its hint."""


YES, NO = "yes", "no"
ANSWERS: dict[str, Named] = {
    "approved": (marked("Approve it"), marked("Reject it")),
    "justified": (marked("There was ground for it"), marked("There was no ground for it")),
    "internal": (
        marked("It is an internal matter of the organizations"),
        marked("It is a matter of the country"),
    ),
    "confirmed": (marked("Treat it as urgent"), marked("Do not treat it as urgent")),
    "ConsentBody.given": (marked("Our country agrees"), marked("Our country does not agree")),
    "given": (marked("We consent"), marked("We do not consent")),
}
"""What yes and no are called where one of them must be said, by field or `Body.field`."""
PLAINLY = (marked("Yes"), marked("No"))
"""What they are called otherwise."""


def answers_of(name: str, body: str = "") -> tuple[Named, Named]:
    """Return the two answers to what must be said, with what they are called."""
    yes, no = ANSWERS.get(f"{body}.{name}") or ANSWERS.get(name) or PLAINLY
    return (YES, yes), (NO, no)


def label_of(name: str, otherwise: str = "", body: str = "") -> Named:
    """Return the label and the hint of a field; one without an entry goes by its own name.

    `Body.name` goes before `name`: the same word may ask for other things in another form.
    """
    known = LABELS.get(f"{body}.{name}") or LABELS.get(name)
    if known is not None:
        return known
    return (otherwise if " " in otherwise else name.replace("_", " ").capitalize()), ""


def named(desk: Desk, codes: Iterable[str]) -> list[Named]:
    """Return entities to choose from, by their short names."""
    names = {one.code: one.name for pack in desk.shelf for one in pack.mandates.entities}
    return [(code, names.get(code, code.upper())) for code in codes]


CHOICES: dict[str, Callable[[Any], Any]] = {**labels_dossier.CHOICES}
"""By the name of the field, or of its form and the field: what can be chosen, value and label."""
