"""Which topics meet a need, who leads in what, what differs, and what cannot stand: pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.compendium.entries import (
    ArrangementEntry,
    CapacityEntry,
    Content,
    EntityEntry,
    FocalPointEntry,
    Kind,
    LeadEntry,
    MandateEntry,
    code_of,
    owners_of,
)
from app.engine.mandates import GIVES_HELP
from app.kit.errors import Blocker

SMALL = "abcdefghijklmnopqrstuvwxyz"


def meets(area: str, topic: str, topics: Collection[str]) -> bool:
    """Whether topics meet what is needed: its own topic, the one above it, or one that refines it.

    Where the topic above is named beside some of those that refine it, the others are not meant.
    What names no topic (`topic` empty) is met by any topic of its area.
    """
    if not topic:
        return any(one.startswith(area) for one in topics)
    above = topic.rstrip(SMALL)
    if topic in topics:
        return True
    if topic == above:
        return any(one.rstrip(SMALL) == topic for one in topics)
    return above in topics and not any(one.rstrip(SMALL) == above != one for one in topics)


def leads_in(
    mandate: Mapping[str, Any], leads: Iterable[tuple[str, Mapping[str, Any]]]
) -> list[str]:
    """Return the subjects in which a mandate's entity leads on topics of the mandate (F8, F9)."""
    if mandate["role"] not in GIVES_HELP:
        return []
    return sorted(
        subject
        for subject, lead in leads
        if lead["entity"] == mandate["entity"] and set(lead["topics"]) & set(mandate["topics"])
    )


@dataclass(frozen=True, slots=True)
class Words:
    """The codes that entries may name: topics, kinds of assistance, sensitivities, sectors."""

    topics: frozenset[str]
    kinds: frozenset[str]
    sensitivities: frozenset[str]
    sectors: frozenset[str]


def faults(whole: Mapping[tuple[Kind, str], Content], words: Words) -> Iterator[Blocker]:
    """Yield every reason why these entries cannot stand together."""
    listed = {one.code: one for one in whole.values() if isinstance(one, EntityEntry)}
    for (kind, code), entry in sorted(whole.items(), key=lambda one: one[0]):
        place = {"kind": kind, "code": code}
        if code_of(entry) != code:
            yield Blocker("entry.code", "", place)
        for entity in sorted(owners_of(entry) - listed.keys()):
            yield Blocker("entry.entity_unknown", "F15", place | {"entity": entity})
        yield from (
            Blocker("entry.word_unknown", "F5", place | {"word": word})
            for word in _strange(entry, words)
        )
        yield from (Blocker(said, cite, place) for said, cite in _against(entry, listed))


def _strange(entry: Content, words: Words) -> list[str]:
    """Return the codes that an entry names and nobody knows."""
    if not isinstance(entry, MandateEntry | LeadEntry):
        return []
    named = [(entry.topics, words.topics), (entry.sensitivities, words.sensitivities)]
    if isinstance(entry, MandateEntry):
        named += [(entry.kinds, words.kinds), (entry.sectors, words.sectors)]
    return sorted(code for used, known in named for code in used if code not in known)


def _against(entry: Content, listed: Mapping[str, EntityEntry]) -> Iterator[tuple[str, str]]:
    """Yield what stands against one entry beside the others, with the paragraph."""
    if isinstance(entry, MandateEntry):
        owner = listed.get(entry.entity)
        if owner and entry.role in GIVES_HELP and not owner.assignable:
            yield "entry.gives_no_help", "F12"
    if isinstance(entry, ArrangementEntry) and not set(entry.split) <= set(entry.parties):
        yield "entry.no_party", "F10"
    if isinstance(entry, CapacityEntry):
        code = f"{entry.entity}:{entry.period}" if entry.period else entry.entity
        if code != entry.code:
            yield "entry.code", ""
    if isinstance(entry, FocalPointEntry) and entry.code != f"{entry.entity}:{entry.part}":
        yield "entry.code", ""
    if entry.valid_to is not None and entry.valid_to <= entry.valid_from:
        yield "entry.dates", ""


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return each field that differs, by name, with what was said and what is said."""
    return [
        (name, before.get(name), after.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]
