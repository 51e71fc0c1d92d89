"""What doors show of what follows from answers: what to ask next, the profile, the impact."""

from datetime import date, datetime

from app.requests.schemas import View


class SuggestionView(View):
    """What an earlier valid assessment of the same country said: shown, never counted (C49)."""

    value: str
    note: str
    answered_on: date
    kind: str


class QuestionView(View):
    """A question to ask next; rights questions have no level."""

    code: str
    text: str
    level: int | None
    evidence_hint: str
    cite: list[str]
    suggestion: SuggestionView | None


class BlockView(View):
    """A topic: how many answers it has, and what to ask next; nothing next means done."""

    topic: str
    label: str
    minutes: int
    answered: int
    next: list[QuestionView]


class FieldView(View):
    """A field of the crime and risk assessment; of those with one `one_of`, one is enough."""

    code: str
    label: str
    text: str
    required: bool
    one_of: str | None
    choices: list[str]
    filled: bool


class GroupView(View):
    """A stakeholder group, and how often it was heard."""

    code: str
    label: str
    side: str
    heard: int


class SectionView(View):
    """A section of the questionnaire; `waived` is the reason why its area is left out."""

    code: str
    label: str
    area: str | None
    kind: str
    cite: list[str]
    minutes: int
    waived: str
    blocks: list[BlockView]
    questions: list[QuestionView]
    fields: list[FieldView]
    groups: list[GroupView]


class QuestionnaireView(View):
    """What this assessment must still ask, in adaptive depth."""

    questionnaire: str
    kind: str
    minutes: int
    minutes_left: int
    sections: list[SectionView]


class TopicProfileView(View):
    """A topic in the profile; levels 1 to 5, null when not measured; coverage from 0 to 1."""

    topic: str
    area: str
    label: str
    claimed: int | None
    evidenced: int | None
    coverage: float


class AreaProfileView(View):
    """An area in the profile: mean levels over its measured topics."""

    area: str
    label: str
    claimed: float | None
    evidenced: float | None
    coverage: float
    measured: int
    topics: int


class ProfileView(View):
    """The maturity profile: what is claimed beside what is evidenced (F35)."""

    topics: list[TopicProfileView]
    areas: list[AreaProfileView]


class MeasuredView(View):
    """One side of a comparison."""

    kind: str
    status: str
    questionnaire: str
    completed_at: datetime | None


class ChangeView(View):
    """One question before and after; "not_measured" is not zero."""

    question: str
    topic: str
    before: str | None
    after: str | None
    verdict: str


class TopicChangeView(View):
    """A topic's evidenced level before and after; `targeted` if the help was meant for it."""

    topic: str
    before: int | None
    after: int | None
    change: int | None
    targeted: bool


class ImpactView(View):
    """The reassessment beside its baseline, question by question and topic by topic (C50)."""

    baseline: MeasuredView | None
    reassessment: MeasuredView | None
    changes: list[ChangeView]
    topics: list[TopicChangeView]
