"""What doors take and give for the parts of a dossier."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from app.kit.text import Alpha3, Filled, FilledProse, Line
from app.requests.schemas.request import Body, Topic, View


class AskBody(Body):
    """Questions to the country, all with one date for the answers."""

    questions: tuple[FilledProse, ...] = Field(min_length=1, max_length=30)
    due_on: date


class AnswerBody(Body):
    """The answer to one question; `partial` keeps it and leaves the question open."""

    answer: FilledProse
    partial: bool = False


class ClarificationView(View):
    """A question, its date and its answer."""

    number: int
    question: str
    due_on: date
    asked_at: datetime
    answer: str
    answered_at: datetime | None
    open: bool


class VerdictBody(Body):
    """The verdict on one cyber element looked for in the request (F15)."""

    verdict: Literal["present", "possible", "absent"]
    reason: FilledProse


class ElementView(View):
    """A cyber element and its verdict, if there is one yet."""

    element: str
    label: str
    cite: list[str]
    verdict: str | None = None
    reason: str = ""


class StandingWorkBody(Body):
    """Work of others in the country: who, what, until when."""

    who: Filled
    what: FilledProse
    topics: tuple[Topic, ...] = Field((), max_length=60)
    until: date | None = None


class StandingWorkView(View):
    """Work of others in the country."""

    number: int
    who: str
    what: str
    topics: list[str]
    until: date | None


class MatterBody(Body):
    """Whether the request is about the organizations' own, internal matters (F2), and why."""

    internal: bool
    reason: FilledProse


class UrgencyBody(Body):
    """The wish that a request be urgent, with the reason (F38)."""

    reason: FilledProse


class UrgencySettled(Body):
    """A second person's word on an urgent mark."""

    confirmed: bool
    reason: Line = ""


class ConsentBody(Body):
    """What one country decides on sharing or publication (F19)."""

    country: Alpha3
    subject: Literal["sharing", "publication"]
    given: bool
    reason: Line = ""


class ConsentView(View):
    """A decision of a country, as recorded."""

    country: str
    subject: str
    proposal: int | None
    given: bool
    reason: str
    at: datetime


class CommentBody(Body):
    """A remark."""

    text: FilledProse


class CommentView(View):
    """A remark, by whom and when."""

    id: int
    text: str
    by: int
    at: datetime


class AttachmentView(View):
    """A document of the dossier; one that is not released is not given out, `reason` says why."""

    id: int
    name: str
    type: str
    media_type: str
    size: int
    sha256: str
    status: str
    reason: str
    level: str
    at: datetime


class ConditionView(View):
    """A condition of the screening: a duty until it is met."""

    number: int
    criterion: str
    text: str
    cite: str
    due_on: date | None
    met_note: str
    met_at: datetime | None


class ConditionMet(Body):
    """How a condition has been met."""

    note: FilledProse


class TextVersionView(View):
    """An earlier wording."""

    part: str
    revision: int
    content: dict[str, Any]
    at: datetime


class AssignmentView(View):
    """A need given to an entity by an accepted match."""

    need: int
    entity: str
    part: str
    mandate: str
    cite: str
