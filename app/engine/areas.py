"""The areas pack: five assistance areas with their topics, and the code lists of the framework."""

from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, StringConstraints, model_validator

from app.engine.entries import Entry, Framework, Snake, Words, refuse_twins, refuse_unknown

Side = Literal["criminal_justice", "cybersecurity", "both", "development"]
AreaCode = Literal["A", "B", "C", "D", "E"]
TopicCode = Annotated[str, StringConstraints(pattern=r"^[A-E][1-9][a-z]?$")]


class Topic(Entry):
    """One subject on which help can be given (F21 to F49).

    side: whose focus it is under the arrangement of F10. phases: where it works in the course of
    an incident (F14). headings: its place in the expert group's coarser scheme (R20), empty when
    that scheme has none. deliverable: false for a duty the organizations owe each other, which no
    activity in a country can discharge. parent: the topic that this one refines.
    """

    code: TopicCode
    parent: TopicCode | None = None
    side: Side
    phases: Annotated[tuple[Snake, ...], Field(min_length=1)]
    headings: tuple[Snake, ...] = ()
    deliverable: StrictBool = True

    @model_validator(mode="after")
    def _parent_is_in_the_code(self) -> Self:
        """A code with a letter refines the code without it, and no other has a parent."""
        stem = self.code.rstrip("abcdefghijklmnopqrstuvwxyz")
        expected = None if stem == self.code else stem
        if self.parent != expected:
            raise ValueError(f"topic {self.code} must have parent {expected}, not {self.parent}")
        return self


class Area(Entry):
    """One of the five areas of assistance, A legal to E cooperation (F21 to F49)."""

    code: AreaCode
    topics: Annotated[tuple[Topic, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _topics_belong_here(self) -> Self:
        """Every topic carries the letter of its area, and every parent stands in it."""
        codes = [topic.code for topic in self.topics]
        strangers = [code for code in codes if not code.startswith(self.code)]
        if strangers:
            raise ValueError(f"area {self.code} cannot hold {', '.join(strangers)}")
        parents = [topic.parent for topic in self.topics if topic.parent]
        refuse_unknown(f"parent in area {self.code}", parents, codes)
        return self


class AssistanceKind(Entry):
    """What the help consists of; the rapid ones are all that a rapid assessment opens (F38)."""

    rapid: StrictBool = False


class Element(Entry):
    """A cyber side that may hide in a request of another field (F15), and where it leads."""

    topics: Annotated[tuple[TopicCode, ...], Field(min_length=1)]


class Stakeholder(Entry):
    """A group whose part in the plan is asked for (F18, F20)."""

    group: Literal["state", "non_state", "private"]


class Sensitivity(Entry):
    """A matter that asks for the word of an authority before anything is planned."""

    authority: Snake


class Catalogue(Entry):
    """An entry of a plain code list."""


class Standard(Entry):
    """A standard that the framework names, with its designation as published."""

    designation: Words


class Areas(Framework):
    """The whole areas pack. Raises ValueError on twins and on references that lead nowhere."""

    areas: Annotated[tuple[Area, ...], Field(min_length=1)]
    phases: tuple[Catalogue, ...]
    headings: tuple[Catalogue, ...]
    families: tuple[Catalogue, ...]
    acts: tuple[Catalogue, ...]
    objectives: tuple[Catalogue, ...]
    security_objectives: tuple[Catalogue, ...]
    standards: tuple[Standard, ...]
    assistance_kinds: tuple[AssistanceKind, ...]
    sectors: tuple[Catalogue, ...]
    elements: tuple[Element, ...]
    stakeholders: tuple[Stakeholder, ...]
    sensitivities: tuple[Sensitivity, ...]

    @cached_property
    def topics(self) -> tuple[Topic, ...]:
        """Every topic of every area, parents and sub-topics, in the order of the pack."""
        return tuple(topic for area in self.areas for topic in area.topics)

    @cached_property
    def topic_by_code(self) -> dict[str, Topic]:
        """The topics under their codes."""
        return {topic.code: topic for topic in self.topics}

    def leaves(self, code: str) -> tuple[str, ...]:
        """The codes that refine a topic, or the topic itself when nothing does.

        Raises KeyError for an unknown topic.
        """
        topic = self.topic_by_code[code]
        return tuple(t.code for t in self.topics if t.parent == topic.code) or (topic.code,)

    def code_lists(self) -> dict[str, tuple[Entry, ...]]:
        """The name of each code list with its entries, areas and topics among them."""
        lists: dict[str, tuple[Entry, ...]] = {"areas": self.areas, "topics": self.topics}
        plain = [name for name in type(self).model_fields if name not in Framework.model_fields]
        return lists | {name: getattr(self, name) for name in plain}

    @model_validator(mode="after")
    def _everything_resolves(self) -> Self:
        """No code twice in a list; phases, headings and topics are known."""
        for kind, entries in self.code_lists().items():
            refuse_twins(kind, (entry.code for entry in entries))
        phases = [phase for topic in self.topics for phase in topic.phases]
        headings = [heading for topic in self.topics for heading in topic.headings]
        pointed = [code for element in self.elements for code in element.topics]
        refuse_unknown("phase", phases, (entry.code for entry in self.phases))
        refuse_unknown("heading", headings, (entry.code for entry in self.headings))
        refuse_unknown("topic of an element", pointed, self.topic_by_code)
        return self
