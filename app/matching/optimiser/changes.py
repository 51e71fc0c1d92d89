"""What could be different: small changes to the inputs, each told in words, each applicable."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from app.matching.optimiser.outcome import ChangeOut
from app.matching.optimiser.values import CandidateIn, HoldIn, Inputs, Rank

TOLD: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "reachable": ("somebody answered for {entity}", ("F53-2", "fc")),
    "capacity": ("{entity} had capacity in {period}", ("C53", "C54")),
    "not_declined": ("{entity} had not declined", ("F41",)),
    "covers": ("{entity}'s mandate covered need {need} ({topic})", ("F15",)),
    "leads": ("{entity} led in the subject of need {need} ({topic})", ("F8", "F9")),
    "out": ("{entity} could not be asked", ("F41",)),
}


def told(inputs: Inputs, change: ChangeOut) -> str:
    """Return a change in words."""
    topics = {need.number: need.topic or f"area {need.area}" for need in inputs.needs}
    year, month = int(inputs.as_of[:4]), int(inputs.as_of[5:7])
    return TOLD[change.code][0].format(
        entity=change.entity,
        need=change.need,
        topic=topics.get(change.need, ""),
        period=f"{year}-Q{(month + 2) // 3}",
    )


def cite(changes: Iterable[ChangeOut]) -> tuple[str, ...]:
    """Return the paragraphs on which changes bear."""
    return tuple(dict.fromkeys(mark for one in changes for mark in TOLD[one.code][1]))


def applied(inputs: Inputs, changes: Iterable[ChangeOut]) -> Inputs:
    """Return the inputs as they would be with these changes, all at once."""
    of_entity: dict[str, list[ChangeOut]] = {}
    for change in changes:
        of_entity.setdefault(change.entity, []).append(change)
    return replace(
        inputs,
        candidates=tuple(
            _changed(one, of_entity[one.entity]) if one.entity in of_entity else one
            for one in inputs.candidates
        ),
    )


def _changed(candidate: CandidateIn, changes: Iterable[ChangeOut]) -> CandidateIn:
    for change in changes:
        match change.code:
            case "reachable":
                candidate = replace(candidate, reachable=True)
            case "capacity":
                candidate = replace(candidate, capacity_left=1)
            case "not_declined":
                candidate = replace(candidate, declined=False, declined_needs=())
            case "covers" | "leads":
                candidate = replace(candidate, holds=(*candidate.holds, _supposed(change)))
            case "out":
                candidate = replace(candidate, reachable=False)
    return candidate


def _supposed(change: ChangeOut) -> HoldIn:
    """A hold that nobody has: it is labelled as such and cites nothing."""
    rank: Rank = "lead" if change.code == "leads" else "provider"
    return HoldIn(change.need, f"{change.entity}.supposed@0", rank, ())
