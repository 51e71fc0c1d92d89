"""What doors take and give for the common repository."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.kit.text import Filled, FilledProse, Line
from app.requests.schemas import Body, View

Kind = Literal["best_practice", "lesson", "legislation", "model"]
TopicCode = Annotated[str, StringConstraints(pattern=r"^[A-E][0-9]{1,2}[a-z]?$")]
Link = Annotated[Line, StringConstraints(pattern=r"^(https?://[^\s]+)?$")]


class EntryBody(Body):
    """A new entry: what it is, on which topics, and where more of it stands."""

    kind: Kind
    title: Filled
    text: FilledProse
    topics: tuple[TopicCode, ...] = Field((), max_length=60)
    link: Link = ""


class EntryView(View):
    """An entry; `request` is null unless it came from one that the reader may see."""

    id: int
    kind: Kind
    title: str
    text: str
    topics: list[str]
    link: str
    request: str | None
    at: datetime
