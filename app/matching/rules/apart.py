"""Which needs no entity is to answer, whoever holds a mandate: pure."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from app.engine.mandates import GIVES_HELP
from app.matching.optimiser import NeedIn, OverlapIn
from app.matching.optimiser.values import Apart
from app.matching.rules.eligibility import Ground
from app.matching.rules.scope import on_topic


def set_apart(
    needs: Sequence[NeedIn],
    ground: Ground,
    undeliverable: Collection[str],
    met: Sequence[OverlapIn],
) -> tuple[NeedIn, ...]:
    """Return needs with those marked that stand apart; what people have marked stays.

    `undeliverable` are the topics that no activity in a country can discharge: a duty of the
    organizations among themselves (F49), unless a mandate gives it as a kind of help, such as an
    entry in a repository (F34). A need that only finished work met was answered already (F53).
    """
    return tuple(
        replace(need, apart=need.apart or _apart(need, ground, undeliverable, met))
        for need in needs
    )


def _apart(
    need: NeedIn, ground: Ground, undeliverable: Collection[str], met: Sequence[OverlapIn]
) -> Apart:
    if need.topic in undeliverable and not _as_a_kind(need, ground):
        return "between_organizations"
    of_it = [one for one in met if one.need == need.number]
    if of_it and all(one.state == "past" for one in of_it):
        return "already_served"
    return ""


def _as_a_kind(need: NeedIn, ground: Ground) -> bool:
    return any(
        need.kind in mandate.kinds and on_topic(need, mandate.topics)
        for mandate in ground.mandates
        if mandate.role in GIVES_HELP
    )
