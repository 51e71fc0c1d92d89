"""Who holds a mandate for which need, who is heard, and whom it concerns: pure (F8 to F12, F15)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from app.compendium.schemas import ArrangementView, LeadView, MandateView
from app.engine.mandates import GIVES_HELP
from app.matching.optimiser import (
    CandidateIn,
    HeardIn,
    HoldIn,
    InterestedIn,
    KeptIn,
    LimitIn,
    NeedIn,
    OverlapIn,
)
from app.matching.optimiser.values import Rank
from app.matching.rules.scope import Scope, limit_of, on_matter, on_topic

INTERESTED = frozenset({"dependent", "monitor", "finance", "external"})


@dataclass(frozen=True, slots=True)
class Ground:
    """The compendium of the day as far as one request goes.

    `assignable` are the entities that may be given work, `regions` the commissions in whose own
    region every country of the request lies, and `together` says that several ask (F11).
    """

    mandates: Sequence[MandateView]
    leads: Sequence[LeadView]
    arrangements: Sequence[ArrangementView]
    assignable: Collection[str]
    regions: Collection[str]
    together: bool

    def side(self, entity: str) -> str:
        """The side that an entity takes under an arrangement, or empty."""
        return next((a.split[entity] for a in self.arrangements if entity in a.split), "")


def candidates(
    needs: Sequence[NeedIn], ground: Ground, met: Iterable[OverlapIn] = ()
) -> tuple[CandidateIn, ...]:
    """Return each entity that may be given work, with what it holds of the needs.

    One that holds nothing is named too, so that it can be told why. Whether it can be asked is not
    judged here. Where a holder has work under way on a need, help by another would double it (F53):
    the others fall short of the need, as `running`.
    """
    holds: dict[str, list[HoldIn]] = defaultdict(list)
    limits: dict[str, list[LimitIn]] = defaultdict(list)
    for mandate in ground.mandates:
        if mandate.role not in GIVES_HELP or mandate.entity not in ground.assignable:
            continue
        scope = _scope(mandate, ground)
        for need in needs:
            if need.apart or not on_topic(need, mandate.topics):
                continue
            limit = limit_of(need, scope, ground.regions)
            if limit:
                mark = LimitIn(need.number, _label(mandate), limit, tuple(mandate.cite))
                limits[mandate.entity].append(mark)
            else:
                holds[mandate.entity].append(_hold(need, mandate, ground))
    found = [
        CandidateIn(
            entity=entity,
            holds=tuple(holds[entity]),
            limits=tuple(limits[entity]),
            reachable=True,
            declined=False,
            capacity_left=None,
        )
        for entity in sorted(ground.assignable)
    ]
    return tuple(_not_doubling(found, met))


def _not_doubling(found: list[CandidateIn], met: Iterable[OverlapIn]) -> Iterable[CandidateIn]:
    """Leave a need on which a holder is at work to that holder."""
    at_work: dict[int, set[str]] = defaultdict(set)
    for one in met:
        holds_it = any(
            c.entity == one.entity and any(h.need == one.need for h in c.holds) for c in found
        )
        if one.state == "running" and holds_it:
            at_work[one.need].add(one.entity)
    for candidate in found:
        double = [h for h in candidate.holds if _doubles(candidate.entity, at_work.get(h.need))]
        marks = [LimitIn(h.need, h.mandate, "running", h.cite) for h in double]
        yield replace(
            candidate,
            holds=tuple(hold for hold in candidate.holds if hold not in double),
            limits=(*candidate.limits, *marks),
        )


def _doubles(entity: str, at_work: Collection[str] | None) -> bool:
    return bool(at_work) and entity not in (at_work or ())


def standing(accepted: Iterable[KeptIn], asked: Sequence[CandidateIn]) -> tuple[KeptIn, ...]:
    """Return what was accepted by those who still hold the need and may still answer for it."""
    able = {
        (hold.need, one.entity)
        for one in asked
        for hold in one.holds
        if one.reachable and not one.declined and hold.need not in one.declined_needs
    }
    return tuple(one for one in accepted if (one.need, one.entity) in able)


def _scope(mandate: MandateView, ground: Ground) -> Scope:
    return Scope(
        tuple(mandate.topics),
        tuple(mandate.kinds),
        tuple(mandate.regions),
        tuple(mandate.sensitivities),
        ground.side(mandate.entity),
        tuple(mandate.sectors),
    )


def _label(mandate: MandateView) -> str:
    return f"{mandate.code}@{mandate.version}"


def _hold(need: NeedIn, mandate: MandateView, ground: Ground) -> HoldIn:
    """A mandate that covers a need; an entity that leads in the subject holds it as a lead."""
    led = [
        lead
        for lead in ground.leads
        if lead.entity == mandate.entity
        and on_topic(need, set(lead.topics) & set(mandate.topics))
        and on_matter(need, lead.sensitivities)
    ]
    marks = dict.fromkeys([*mandate.cite, *(mark for lead in led for mark in lead.cite)])
    return HoldIn(
        need=need.number,
        mandate=_label(mandate),
        rank="lead" if led else _rank(mandate, ground),
        cite=tuple(marks),
        lead_in=tuple(lead.subject for lead in led),
        provenance=mandate.provenance,
    )


def _rank(mandate: MandateView, ground: Ground) -> Rank:
    """A mandate limited to a matter reaches only needs that carry it, and is made for them."""
    if mandate.role == "lead":
        return "lead"
    if mandate.role == "regional":
        return "commission" if ground.together else "regional"
    return "special" if mandate.sensitivities else "provider"


def heard(needs: Sequence[NeedIn], mandates: Iterable[MandateView]) -> tuple[HeardIn, ...]:
    """Return the authorities that watch over a sensitivity which some need carries (F12, F16)."""
    found = []
    for mandate in mandates:
        touched = [n for n in needs if set(n.sensitivities) & set(mandate.sensitivities)]
        if mandate.role == "authority" and touched:
            carried = {one for need in touched for one in need.sensitivities}
            found.append(
                HeardIn(
                    mandate.entity,
                    _label(mandate),
                    tuple(sorted(carried & set(mandate.sensitivities))),
                    tuple(need.number for need in touched),
                    tuple(mandate.cite),
                )
            )
    return tuple(found)


def interested(
    needs: Sequence[NeedIn], mandates: Iterable[MandateView]
) -> tuple[InterestedIn, ...]:
    """Return those whose programmes touch the needs: they are told of, never assigned (F12)."""
    found = []
    for mandate in mandates:
        touched = [
            need.number
            for need in needs
            if on_topic(need, mandate.topics) and on_matter(need, mandate.sensitivities)
        ]
        if mandate.role in INTERESTED and touched:
            found.append(
                InterestedIn(
                    mandate.entity,
                    _label(mandate),
                    mandate.role,
                    tuple(touched),
                    tuple(mandate.cite),
                )
            )
    return tuple(found)
