"""The mandates pack: who may do what, who leads in what, and who has agreed with whom."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, StringConstraints, model_validator

from app.engine.areas import TopicCode
from app.engine.entries import Cite, Framework, Part, Snake, Words, refuse_twins, refuse_unknown

Region = Literal["ECA", "ECE", "ECLAC", "ESCAP", "ESCWA"]
EntityKind = Literal[
    "un_entity",
    "regional_commission",
    "programme_fund",
    "specialised_agency",
    "external",
    "governance",
]
MandateRole = Literal[
    "lead",
    "provider",
    "regional",
    "authority",
    "dependent",
    "monitor",
    "finance",
    "oversight",
    "external",
]
Provenance = Literal["from_framework", "inferred", "completed", "claimed"]
MandateCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]

# Those who can be given work. F12 lists whose programmes touch the subject, which is another thing.
GIVES_HELP: frozenset[MandateRole] = frozenset({"lead", "provider", "regional"})


class Entity(Part):
    """An organization or body. region: the commission's own; assignable: may be given a need."""

    code: Snake
    name: Words
    full_name: Words
    kind: EntityKind
    region: Region | None = None
    assignable: StrictBool
    cite: Cite

    @model_validator(mode="after")
    def _kind_agrees(self) -> Self:
        """Only commissions have a region; neither outsiders nor committees are given work."""
        if (self.region is not None) != (self.kind == "regional_commission"):
            raise ValueError(f"{self.code}: a region belongs to a regional commission alone")
        if self.assignable and self.kind in {"external", "governance"}:
            raise ValueError(f"{self.code}: {self.kind} bodies are not assigned")
        return self


class Mandate(Part):
    """What one entity may do, as of when, and how we know.

    kinds: kinds of assistance it is limited to; sectors: sectors of a need that it is limited to
    (F3a); regions: commissions it is limited to;
    sensitivities: it reaches only needs that carry one of them, and an authority is to be heard
    on them. Empty means no such limit. valid_to is the first day on which it no longer holds.
    basis: the reasoning, required unless the mandate is written in the texts themselves.
    """

    code: MandateCode
    entity: Snake
    role: MandateRole
    text: Words
    topics: tuple[TopicCode, ...]
    kinds: tuple[Snake, ...] = ()
    sectors: tuple[Snake, ...] = ()
    regions: tuple[Region, ...] = ()
    sensitivities: tuple[Snake, ...] = ()
    cite: Cite
    provenance: Provenance
    basis: str = ""
    valid_from: date
    valid_to: date | None = None
    review_by: date

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        """The code names the entity, dates run forward, a derived mandate gives its reasoning."""
        if self.code.split(".")[0] != self.entity:
            raise ValueError(f"mandate {self.code} must begin with its entity {self.entity}")
        refuse_twins(f"topics of {self.code}", self.topics)
        if not self.topics and self.role != "oversight":
            raise ValueError(f"mandate {self.code} names no topic")
        if self.provenance != "from_framework" and not self.basis.strip():
            raise ValueError(f"mandate {self.code} is {self.provenance} and gives no basis")
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError(f"mandate {self.code} ends before it begins")
        if self.review_by <= self.valid_from:
            raise ValueError(f"mandate {self.code} is reviewed before it begins")
        return self

    def holds_on(self, day: date) -> bool:
        """Whether the mandate is in force on that day (P2.1)."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class Lead(Part):
    """The entity that the system follows in a subject; it comes before plain competence.

    sensitivities: the lead extends only to needs that carry one of them; empty: to all.
    """

    subject: Snake
    entity: Snake
    topics: Annotated[tuple[TopicCode, ...], Field(min_length=1)]
    sensitivities: tuple[Snake, ...] = ()
    cite: Cite


class Arrangement(Part):
    """An agreement between entities (F53-1); split: which side of a need each party takes."""

    code: Snake
    parties: Annotated[tuple[Snake, ...], Field(min_length=2)]
    title: Words
    scope: Words
    split: Mapping[Snake, Literal["criminal_justice", "cybersecurity", "development"]] = {}
    signed: Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
    cite: Cite


class Mandates(Framework):
    """The whole mandates pack. Raises ValueError on twins and on entities that are not listed."""

    entities: Annotated[tuple[Entity, ...], Field(min_length=1)]
    mandates: Annotated[tuple[Mandate, ...], Field(min_length=1)]
    leads: tuple[Lead, ...]
    arrangements: tuple[Arrangement, ...]

    @cached_property
    def entity_by_code(self) -> dict[str, Entity]:
        """The entities under their codes."""
        return {entity.code: entity for entity in self.entities}

    def holders(self, topic: str, day: date) -> tuple[Mandate, ...]:
        """The mandates in force on a day under which help on a topic is given."""
        return tuple(
            mandate
            for mandate in self.mandates
            if topic in mandate.topics and mandate.role in GIVES_HELP and mandate.holds_on(day)
        )

    @model_validator(mode="after")
    def _entities_are_listed(self) -> Self:
        """No code twice; whoever is named is listed; work is given only to the assignable."""
        refuse_twins("entities", (entity.code for entity in self.entities))
        refuse_twins("mandates", (mandate.code for mandate in self.mandates))
        refuse_twins("leads", (lead.subject for lead in self.leads))
        refuse_twins("arrangements", (arrangement.code for arrangement in self.arrangements))
        used = [mandate.entity for mandate in self.mandates]
        used += [lead.entity for lead in self.leads]
        used += [party for arrangement in self.arrangements for party in arrangement.parties]
        refuse_unknown("entity", used, self.entity_by_code)
        for arrangement in self.arrangements:
            refuse_unknown(f"party of {arrangement.code}", arrangement.split, arrangement.parties)
        for mandate in self.mandates:
            if mandate.role in GIVES_HELP and not self.entity_by_code[mandate.entity].assignable:
                raise ValueError(f"{mandate.code}: {mandate.entity} gives no help by itself")
        return self
