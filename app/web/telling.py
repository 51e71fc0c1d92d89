"""What the events of a timeline say, in words: how each fact is called, and what it holds.

The raw form of an event is for programs and auditors, by the interface; pages show none of it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup, escape

from app.engine.packs import Pack
from app.requests.schemas import EventView
from app.web import texts
from app.web.assessment.reading import statements
from app.web.labels import label_of
from app.web.labels_events import NAMES
from app.web.texts import _

CODE = re.compile(r"[a-z][a-z0-9]*(?:[_.][a-z0-9]+)*")
"""What a word of ours looks like; anything else was typed."""
BODIES = {
    "request_edited": "EditRequest",
    "activity_changed": "EditActivity",
    "assessment_plan_edited": "EditForm",
}
"""By the kind of event that names the fields it changed: their form."""
WAY = frozenset({"from", "to"})
FINGERPRINTS = frozenset({"sha256", "inputs_sha256"})
"""Left to the interface: nobody reads them, programs compare them."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that an event says: what it is called, and what it holds, both to be shown."""

    name: str
    value: str


class Teller:
    """Tells events of one request in the language that is spoken; makes them while a page renders.

    `base` is the address of the timeline.
    """

    def __init__(self, pack: Pack, base: str) -> None:
        """Take the pack that the request follows."""
        self.pack, self.base = pack, base
        self.known = _known(pack)

    def way(self, event: EventView) -> tuple[str, str] | None:
        """Return from where to where an event led; None where it led nowhere."""
        before, after = (_standing(event.data.get(one)) for one in ("from", "to"))
        return (before, after) if before and after else None

    def facts(self, event: EventView) -> list[Fact]:
        """Return what an event says besides, in its own order; what is empty says nothing."""
        told = {k: v for k, v in event.data.items() if k not in FINGERPRINTS}
        if self.way(event):
            told = {k: v for k, v in told.items() if k not in WAY}
        if "trigger" in told:
            told["trigger"] = self._step(event.data)
        return [one for k, v in told.items() for one in self._told(event.kind, k, v)]

    def _step(self, moved: Mapping[str, Any]) -> str:
        """Return the transition that was taken: several may share a trigger."""
        named = [t for t in self.pack.definition.transitions if t.trigger == moved["trigger"]]
        fits = [t for t in named if moved.get("from") in t.source]
        return fits[0].label if fits else texts.in_words(moved["trigger"])

    def _told(self, kind: str, name: str, value: Any) -> Iterator[Fact]:
        if value is None or value in ("", [], {}):
            return
        if isinstance(value, Mapping):
            yield from self._parts(kind, name, value)
        elif name == "asked_again":
            for one in value:
                yield Fact(_name(name), texts.entity(one["entity"]))
                yield from self._told(kind, "reason", one["reason"])
        elif name == "fields":
            yield Fact(_name(name), _listed([self._field(kind, str(one)) for one in value]))
        else:
            # What an assessment finds has a number; what a screening finds of a principle, a word.
            numbered = name == "finding" and isinstance(value, int)
            yield Fact(_name("number" if numbered else name), self._value(name, value))

    def _parts(self, kind: str, name: str, value: Mapping[str, Any]) -> Iterator[Fact]:
        """Yield what stands within a fact, each by its own name."""
        if name == "form":
            yield from self._form(value)
        elif name == "changed":
            for code, verdict in value.items():
                yield Fact(self._coded("criterion", code), texts.words(verdict))
        else:
            for inner, one in value.items():
                yield from self._told(kind, inner, one)

    def _form(self, form: Mapping[str, Any]) -> Iterator[Fact]:
        """Yield what was filled in when the request moved, by the labels of the definition."""
        fields = {f.name: f for one in self.pack.definition.transitions for f in one.form}
        for name, value in form.items():
            field = fields.get(name)
            label = field.label if field else texts.in_words(name)
            kind = field.type if field else "text"
            yield Fact(texts.said(label), SHOWN_AS[kind](value))

    def _field(self, kind: str, name: str) -> str:
        if kind == "risk_assessed":
            return self._coded("risk", name)
        return _(label_of(name, body=BODIES.get(kind, ""))[0])

    def _value(self, name: str, value: Any) -> str:
        if isinstance(value, list | tuple):
            return _listed([self._value(name, one) for one in value])
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if name == "cause" and isinstance(value, int):
            return self._link(value)
        if isinstance(value, int | float):
            return texts.quantity(value)
        return self._text(name, str(value))

    def _text(self, name: str, value: str) -> str:
        if name in PROSE:
            return texts.typed(value)
        if name == "workflow":
            return self._pinned(value)
        if name in SHOWN:
            return SHOWN[name](value)
        if value in self.known.get(name, ()):
            return self._coded(name, value)
        return texts.words(value) if CODE.fullmatch(value) else texts.typed(value)

    def _pinned(self, value: str) -> str:
        """Return a definition and its version."""
        name, _at, version = value.partition("@")
        own = self.pack.definition
        title = texts.said(own.title) if name == own.name else texts.words(name)
        return _("{name}, version {number}", name=title, number=version)

    def _coded(self, name: str, code: str) -> str:
        """Return a code of the pack with its label; of a short one, which people cite, both."""
        label = self.known.get(name, {}).get(code)
        if label is None:
            return texts.words(code)
        if CODE.fullmatch(code):
            return texts.said(label)
        return Markup("{} {}").format(code, texts.said(label))

    def _link(self, number: int) -> str:
        """Return a link to another event."""
        told = _("Event {number}", number=number)
        return Markup('<a href="{}?event={}#e{}">{}</a>').format(self.base, number, number, told)


def _known(pack: Pack) -> Mapping[str, Mapping[str, str]]:
    """Return the labels of the codes that events name, by the name of the fact."""
    areas, asked, principles = pack.areas, pack.questionnaire, pack.principles
    groups = [one for section in asked.sections for one in section.groups]
    criteria = [one for principle in principles.principles for one in principle.criteria]
    return {
        "topic": {one.topic: one.label for one in asked.blocks}
        | {one.code: one.label for one in areas.topics},
        "kind": {one.code: one.label for one in areas.assistance_kinds},
        "group": {one.code: one.label for one in groups}
        | {one.code: one.label for one in areas.stakeholders},
        "element": {one.code: one.label for one in areas.elements},
        "question": statements(asked),
        "risk": {f.code: f.label for section in asked.sections for f in section.risk_fields},
        "principle": {one.code: one.label for one in principles.principles},
        "criterion": {one.code: one.label for one in criteria},
    }


def _listed(values: Sequence[str]) -> Markup:
    """Return several as one enumeration; what is isolated in them stays so."""
    return escape(texts.listed([f"{{{place}}}" for place in range(len(values))])).format(*values)


def _name(name: str) -> str:
    """Return what a fact is called."""
    return _(NAMES[name]) if name in NAMES else texts.words(name)


def _standing(value: Any) -> str:
    """Return where something stood, as a code or as a version with its state; else nothing."""
    if isinstance(value, Mapping):
        state = texts.words(value.get("state", ""))
        return _("version {number}, {state}", number=value.get("version", 0), state=state)
    return texts.words(value) if isinstance(value, str) and value else ""


def _day(value: Any) -> str:
    """Return a day; what is none stands as it came."""
    try:
        return texts.day(date.fromisoformat(str(value)))
    except ValueError:
        return texts.typed(value)


def _moment(value: str) -> str:
    """Return a moment; what is none stands as it came."""
    try:
        return texts.moment(datetime.fromisoformat(value))
    except ValueError:
        return texts.typed(value)


SHOWN: Mapping[str, Callable[[str], str]] = {
    **dict.fromkeys(("country", "countries"), texts.country),
    **dict.fromkeys(("entity", "entities"), texts.entity),
    **dict.fromkeys(("due_on", "valid_until"), _day),
    **dict.fromkeys(("due", "until"), _moment),
    "trigger": texts.said,
}
"""By the name of the fact: how its texts are shown."""
SHOWN_AS: Mapping[str, Callable[[Any], str]] = {
    "text": texts.typed,
    "date": _day,
    "choice": texts.words,
}
"""By the type of a field of a transition's form: how what was filled in is shown."""
PROSE = frozenset({"reason", "note", "comment", "place", "source", "of", "cite", "entries"})
"""What people typed, and what is cited by its letters: it stands as it is."""
