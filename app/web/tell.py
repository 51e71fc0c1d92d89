"""Refusals in the words of whoever reads: the sentence, and every reason with its paragraph."""

from dataclasses import dataclass

from app.kit.errors import Blocker, Refusal
from app.web.texts import SPOKEN, marked
from app.wiring.messages import MESSAGES


@dataclass(frozen=True, slots=True)
class Told:
    """A refusal as it is shown; texts are in English and translated where they are shown."""

    code: str
    title: str
    detail: str
    reasons: tuple[Blocker, ...]


def told(refusal: Refusal) -> Told:
    """Return a refusal as pages show it."""
    return Told(refusal.code, refusal.title, refusal.detail, refusal.blockers)


def reason(blocker: Blocker) -> str:
    """Return the sentence of one reason, in the language that is spoken."""
    known = MESSAGES.get(blocker.code)
    if known is None:
        return ", ".join([blocker.code, *(f"{k}: {v}" for k, v in blocker.params.items())])
    return SPOKEN.get().text(known).format_map(dict(blocker.params))


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
