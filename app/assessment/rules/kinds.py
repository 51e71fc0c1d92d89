"""The four kinds of assessment: what each asks beyond its answers, and what it opens (F32, F38)."""

from dataclasses import dataclass

from app.engine.questionnaires import AssessmentKind

RAPID_ASSISTANCE = frozenset({"containment", "restoration", "evidence_preservation"})


@dataclass(frozen=True, slots=True)
class KindRule:
    """What one kind of assessment asks beyond its answers, and what it opens.

    in_country: a visit, its hosts and the government's acknowledgement. second_signature: by
    another person. waivable: whole areas may be waived. opens: the kinds of assistance that may
    follow, None for all.
    """

    in_country: bool
    second_signature: bool
    waivable: bool
    opens: frozenset[str] | None


KINDS: dict[AssessmentKind, KindRule] = {
    "comprehensive": KindRule(in_country=True, second_signature=True, waivable=True, opens=None),
    "rapid": KindRule(
        in_country=True, second_signature=True, waivable=False, opens=RAPID_ASSISTANCE
    ),
    "self": KindRule(in_country=False, second_signature=False, waivable=True, opens=frozenset()),
    "reassessment": KindRule(
        in_country=True, second_signature=True, waivable=True, opens=frozenset()
    ),
}


OPENING = frozenset(kind for kind, rule in KINDS.items() if rule.opens != frozenset())


def opens_gate(kind: str) -> bool:
    """Return whether a completed assessment of `kind` lets help begin (F32, F41)."""
    return kind in OPENING


def allowed_kinds(kind: AssessmentKind) -> frozenset[str] | None:
    """Return the kinds of assistance that `kind` opens, None for all of them (F38)."""
    return KINDS[kind].opens
