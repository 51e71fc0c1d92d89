"""Refusals in the words of whoever reads: the sentence, and every reason with its paragraph."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.kit.errors import Blocked, Blocker, Conflict, Forbidden, Invalid, Malformed, Refusal
from app.web.texts import SPOKEN, country, day, entity, filled, listed, marked, spelled_day, words
from app.wiring.fields import OTHERWISE, SENTENCES, sentence_of
from app.wiring.messages import MESSAGES


@dataclass(frozen=True, slots=True)
class Told:
    """A refusal as it is shown; texts are in English and translated where they are shown."""

    code: str
    title: str
    detail: str
    reasons: tuple[Blocker, ...]


STALE = "request.stale"
OWN = "value_error"
"""The kind of fault of a field that breaks a rule of our own."""
PLAIN = {
    STALE: marked("Somebody changed it while this page was open. Nothing was overwritten."),
    "act.not_in_this_state": marked(
        "The request has moved on: where it stands now, this is not done any more."
    ),
    "act.role": marked("Where the request stands now, this is for others to do."),
    "transition.not_from_here": marked(
        "The request has moved on: this step does not begin where it stands now."
    ),
    "transition.role": marked("This step is for others to take."),
    "policy.role": marked("This is for people in another role than yours."),
    "entry.invalid": marked("This cannot be taken as it is said; what is wrong stands below."),
    "body.invalid": marked("Below is what cannot be taken, and why. Nothing was saved yet."),
}
"""What pages say in place of sentences that tell codes to programs, by the code of the refusal."""
SECOND = {
    "assessment.signed_by": marked("This takes a second person: you signed the assessment."),
    "screening.involved": marked("This takes a second person: you had a hand in the screening."),
    "delivery.closing_author": marked(
        "This takes a second person: you wrote the closing statement."
    ),
}
"""What pages say where a second person must act, by what the first one did."""
VALUES = {
    "side": {"state": marked("authorities of the State"), "non_state": marked("those beyond it")},
    "section": {"rights": marked("Human rights safeguards"), "risk": marked("Crime and risk")},
    "reason": {
        "none": marked("none is recorded"),
        "place": marked("its place is missing"),
        "host": marked("its host is missing"),
        "author": marked("nobody stands for it"),
        "dates": marked("its days are missing or wrong"),
        "future": marked("it is still to come"),
    },
}
"""What values of reasons are called, by the name of the value."""
NAMED: Mapping[str, Callable[[str], str]] = {
    **dict.fromkeys(("country", "countries"), country),
    **dict.fromkeys(("entity", "entities"), entity),
}
DAYS = frozenset({"on", "due_on"})
CODES = frozenset(
    {"act", "best", "derived", "element", "field", "group", "kind", "outcome", "sector", "stage"}
)
"""Values of reasons that are names, days, and codes to be told in words."""
REQUEST = re.compile("(/requests/TA-[0-9]{4}-[0-9]{5,9})/.")


def told(refusal: Refusal) -> Told:
    """Return a refusal as pages show it."""
    detail = PLAIN.get(refusal.code, refusal.detail)
    known = (heading for kind, heading in HEADINGS.items() if isinstance(refusal, kind))
    return Told(refusal.code, next(known, refusal.title), detail, refusal.blockers)


def request_in(place: str) -> str:
    """Return the address of the request that an address lies within; nothing without one."""
    found = REQUEST.match(place)
    return found[1] if found else ""


def request_changed(fault: Told, place: str) -> str:
    """Return where one reads what others did to a request while a page of it was open."""
    request = request_in(place) if fault.code == STALE else ""
    return f"{request}/timeline" if request else ""


def reason(blocker: Blocker) -> str:
    """Return the sentence of one reason, in the language that is spoken."""
    person = str(blocker.params.get("person", ""))
    known = SECOND.get(person) if person else MESSAGES.get(blocker.code)
    known = known or MESSAGES.get(blocker.code)
    if known is None:
        return ", ".join([blocker.code, *(f"{k}: {v}" for k, v in blocker.params.items())])
    params = dict(blocker.params)
    if "why" in params:  # a fault of a field: its checker speaks English, and codes
        params["said"] = SPOKEN.get().sentence(_said(str(params["why"]), str(params["said"])))
    shown = {name: spelled(name, value) for name, value in params.items()}
    return filled(SPOKEN.get().text(known), shown)


def _said(why: str, said: str) -> str:
    """Return what is wrong with a field in a sentence of ours; `why` is the kind of fault."""
    if why == OWN:
        return sentence_of(said.partition(", ")[2])
    known = SENTENCES.get(why, OTHERWISE)
    return OTHERWISE if "{" in known else known


def spelled(name: str, value: Any) -> Any:
    """Return a value that stands in a reason as people read it: no code, no key, no ISO date."""
    told = VALUES.get(name, {}).get(str(value))
    if told:
        return SPOKEN.get().text(told)
    if name in NAMED:
        return listed([NAMED[name](one) for one in str(value).split(", ")])
    if name in DAYS:
        return day(value) if isinstance(value, date) else spelled_day(str(value))
    return words(value) if name in CODES else value


def detail(fault: Told) -> str:
    """Return the sentence of a refusal, in the language that is spoken."""
    return SPOKEN.get().sentence(fault.detail)


TITLES = {
    404: marked("There is no such page"),
    403: marked("This is not open to you"),
    409: marked("This cannot be done now"),
    408: marked("The line was too slow"),
    413: marked("This is too large"),
    422: marked("This cannot be taken as it stands"),
    429: marked("Too many tries"),
    500: marked("Something went wrong on our side"),
    503: marked("The service is busy"),
}
"""The title of a page that says no, by its number."""
HEADINGS: Mapping[type[Refusal], str] = {
    **dict.fromkeys((Invalid, Malformed), TITLES[422]),
    **dict.fromkeys((Conflict, Blocked), TITLES[409]),
    Forbidden: TITLES[403],
}
"""What a refusal is called above a form, where its own title is a word for programs."""
ADVICE = {
    404: marked("It may have moved, or it may not be yours to see. Check the address."),
    405: marked("This address takes no such call. Go back and use the page."),
    408: marked(
        "Not all of it arrived in time. Go back: what you typed still stands in the form. Send it "
        "again."
    ),
    413: marked(
        "Go back: what you typed still stands in the form. Make it shorter, or choose a smaller "
        "document."
    ),
    429: marked("Go back in a minute and go on: what you typed still stands in the form."),
    500: marked("It is noted. Try again in a few minutes; what you sent was not kept."),
    503: marked("Try again in a moment."),
}
