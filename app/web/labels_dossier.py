"""What the fields of the dossier's forms are called, and what can be chosen in them."""

from collections.abc import Callable, Sequence
from typing import Any

from app.engine.areas import Areas
from app.engine.packs import Shelf
from app.web.texts import NAMES, marked

WORKFLOW = "needs_assessment"
PERSON = (
    marked("Person"),
    marked("Words of the name of somebody you work with; of others, the whole e-mail address."),
)

LABELS: dict[str, tuple[str, str]] = {
    # the request's own texts
    "countries": (
        marked("Countries that ask"),
        marked("One of them is your own. Each of them has to agree later on."),
    ),
    "regional": (
        marked("Several countries ask together"),
        marked("A regional request has at least two countries."),
    ),
    "language": (
        marked("Language in which it is written"),
        marked("Write in any of the six; questions come back in it."),
    ),
    "authority": (
        marked("Authority that asks"),
        marked("The ministry or body that stands behind the request, by its full name."),
    ),
    "summary": (
        marked("What the country asks for"),
        marked("What is wrong or missing, whom it touches, and what help would change."),
    ),
    "sector": (marked("Sector"), ""),
    "cyber_labelled": (
        marked("The country itself calls it a matter of cybersecurity or cybercrime"),
        marked("If not, the desk looks for such elements in it; nothing is lost by saying so."),
    ),
    "cross_border": (
        marked("What reaches across borders"),
        marked("Other countries from which harm comes or that it reaches, as far as known."),
    ),
    "framework_outcome": (
        marked("Outcome of the cooperation framework that it serves"),
        marked("As it stands in the country's cooperation framework, if it is in it."),
    ),
    # needs
    "NeedBody.area": (marked("Area of assistance"), ""),
    "NeedBody.topic": (
        marked("Topic"),
        marked("Leave it open if you are not sure: the words suggest one, people decide."),
    ),
    "NeedBody.kind": (marked("Kind of help"), ""),
    "NeedBody.sensitivities": (
        marked("What it touches"),
        marked("Choose all that apply: each brings in the office that watches over it."),
    ),
    "NeedBody.priority": (marked("Priority"), marked("From 1, most pressing, to 5.")),
    "NeedBody.text": (
        marked("The need, in the country's own words"),
        marked("One need at a time: what does not work today, for whom, since when."),
    ),
    "dropped": (
        marked("This need is dropped"),
        marked("It stays readable in the timeline and counts no more."),
    ),
    # questions, documents, triage
    "questions": (marked("Questions"), marked("One a line; each is answered by itself.")),
    "due_on": (marked("Answer by"), marked("The same day for all of them.")),
    "answer": (marked("Answer"), ""),
    "partial": (
        marked("This is a part of the answer; the rest follows"),
        marked("It is kept and read, and the question stays open."),
    ),
    "internal": (marked("Whose matter it is"), ""),
    "confirmed": (marked("Your decision"), ""),
    "verdict": (marked("Verdict"), ""),
    "who": (marked("Who works there"), marked("The organization, programme or donor.")),
    "what": (marked("What they do"), ""),
    "StandingWorkBody.topics": (marked("Topics it covers"), ""),
    "StandingWorkBody.until": (marked("Until"), marked("Leave it empty if no end is known.")),
    "CommentBody.text": (marked("Remark"), ""),
    "ConsentBody.subject": (marked("On what"), ""),
    "ConsentBody.given": (marked("What your country says"), ""),
    "RecusalBody.reason": (
        marked("Why you stand back"),
        marked("The desk and auditors read it; others learn only that you did."),
    ),
    # confidence
    "level": (marked("Level"), ""),
    "attachment": (
        marked("Number of the annex that becomes an ordinary document"),
        marked("Leave it empty to lower the level of the request itself."),
    ),
    "groups": (marked("Who is at risk"), marked("Choose all that apply.")),
    "ProtectedBody.region": (marked("Region of the country"), marked("No closer than this.")),
    "ProtectedBody.text": (
        marked("What those who help must know"),
        marked("No names, and nothing by which one person could be found."),
    ),
    "location": (
        marked("A closer place, only if help depends on it"),
        marked("Then say why country and region are not enough (C79)."),
    ),
    "why_precise": (marked("Why it cannot be coarser"), ""),
    "NamedGrantBody.person": PERSON,
    "NamedGrantBody.part": (marked("What it opens"), ""),
    "NamedGrantBody.until": (marked("Until"), marked("Within a year.")),
    "OpeningBody.reason": (marked("Why"), marked("It is recorded with your name.")),
}
LABELS |= {
    name.replace("NeedBody", "EditNeed"): known
    for name, known in LABELS.items()
    if name.startswith("NeedBody.")
}
"""By the name of the field, or of its form and the field: its label and its hint."""

Choices = Sequence[tuple[str, str]]


def areas_of(desk: Any) -> Areas:
    """Return the areas framework: of the request that a page is about, else the newest."""
    shelf: Shelf = desk.shelf
    about = desk.about
    if about is None:
        return shelf.latest(WORKFLOW).areas
    return shelf.get(about.workflow, about.workflow_version).areas


def _areas(desk: Any) -> Choices:
    return [(one.code, one.label) for one in areas_of(desk).areas]


def _topics(desk: Any) -> Choices:
    return [(one.code, one.label) for area in areas_of(desk).areas for one in area.topics]


def _named(which: str) -> Callable[[Any], Choices]:
    return lambda desk: [(one.code, one.label) for one in getattr(areas_of(desk), which)]


def _languages(_desk: Any) -> Choices:
    return list(NAMES.items())


CHOICES: dict[str, Callable[[Any], Choices]] = {
    **{f"{body}.area": _areas for body in ("NeedBody", "EditNeed")},
    **{f"{body}.topic": _topics for body in ("NeedBody", "EditNeed")},
    **{f"{body}.kind": _named("assistance_kinds") for body in ("NeedBody", "EditNeed")},
    **{f"{body}.sensitivities": _named("sensitivities") for body in ("NeedBody", "EditNeed")},
    **{f"{body}.sector": _named("sectors") for body in ("NeedBody", "EditNeed", "EditRequest")},
    **{f"{body}.language": _languages for body in ("FileRequest", "EditRequest", "LanguageBody")},
    "StandingWorkBody.topics": _topics,
}
"""By the name of the form and the field: what can be chosen, as value and English label."""
