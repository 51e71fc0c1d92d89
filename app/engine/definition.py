"""The shape of a workflow definition: what a file under workflows/definitions may say."""

from functools import cached_property
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Strict(BaseModel):
    """A frozen model that refuses unknown keys, so that a typing error is never silent."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))


class Use(Strict):
    """A guard as a definition uses it: its name and its parameters."""

    name: str
    params: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        """Accept `name` and `{name: {param: value}}`."""
        if isinstance(value, str):
            return {"name": value}
        if isinstance(value, dict) and len(value) == 1 and "name" not in value:
            ((name, params),) = value.items()
            return {"name": name, "params": params or {}}
        return value


class FormField(Strict):
    """One thing a person states when firing a transition."""

    name: str
    label: str
    type: Literal["text", "date", "choice"] = "text"
    required: bool = True
    choices: tuple[str, ...] = ()


class StateDef(Strict):
    """A state: the stage it belongs to, what staff and country read, and what may be done in it."""

    label: str
    public: str
    stage: str
    final: bool = False
    pauses: bool = False
    due_days: int | None = Field(None, ge=1)
    urgent_due_days: int | None = Field(None, ge=1)
    turn: tuple[str, ...] = ()
    acts: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class TransitionDef(Strict):
    """A permitted change. It leads `to` one state, or `back_to` the one the request came from."""

    trigger: str
    source: tuple[str, ...] = Field(alias="from")
    to: str | None = None
    back_to: tuple[str, ...] = ()
    label: str
    by: tuple[str, ...]
    distinct_from: tuple[str, ...] = ()
    guards: tuple[Use, ...] = ()
    effects: tuple[str, ...] = ()
    form: tuple[FormField, ...] = ()
    notify: tuple[str, ...] = ()
    cite: str = ""

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        """Refuse a transition that leads nowhere, or to two places at once."""
        if (self.to is None) == (not self.back_to):
            raise ValueError(f"{self.trigger}: give either `to` or `back_to`")
        return self

    @cached_property
    def schema_document(self) -> dict[str, Any]:
        """The form as JSON Schema 2020-12; unknown fields are refused."""
        kinds: dict[str, dict[str, Any]] = {
            "text": {"type": "string", "minLength": 1, "maxLength": 10_000},
            "date": {"type": "string", "format": "date"},
        }
        properties = {
            f.name: kinds.get(f.type, {"type": "string", "enum": list(f.choices)})
            | {"title": f.label}
            for f in self.form
        }
        return {
            "type": "object",
            "properties": properties,
            "required": [f.name for f in self.form if f.required],
            "additionalProperties": False,
        }


class Invariant(Strict):
    """No state of the stage `never_reach` may be entered `without` the mark being established."""

    never_reach: str
    without: str
    cite: str


class Migration(Strict):
    """How requests of an older version are carried over: old state to new state."""

    version: int
    states: dict[str, str]


class WorkflowDefinition(Strict):
    """The text that a request follows, from its initial state to a final one."""

    name: str
    title: str
    uses: dict[Literal["questionnaire", "principles", "areas", "mandates"], str]
    initial: str
    invariants: tuple[Invariant, ...]
    states: dict[str, StateDef]
    transitions: tuple[TransitionDef, ...]
    migrates: tuple[Migration, ...] = ()

    @model_validator(mode="after")
    def _known_states(self) -> Self:
        """Refuse a definition whose transitions or initial state name a state that is not there."""
        named = {self.initial, *(s for t in self.transitions for s in t.source)}
        named |= {s for t in self.transitions for s in (*t.back_to, *filter(None, [t.to]))}
        named |= {s for m in self.migrates for s in m.states.values()}
        if unknown := sorted(named - set(self.states)):
            raise ValueError(f"unknown states: {', '.join(unknown)}")
        return self

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """The stages in the order in which states first name them."""
        return tuple(dict.fromkeys(state.stage for state in self.states.values()))

    @cached_property
    def edges(self) -> tuple["Edge", ...]:
        """Every single step: one source, one target; a `back_to` gives one edge a target."""
        return tuple(
            Edge(transition=t, source=source, target=target, came_from=came_from)
            for t in self.transitions
            for source in t.source
            for target, came_from in _targets(t)
        )


def _targets(transition: TransitionDef) -> list[tuple[str, str | None]]:
    if transition.to is not None:
        return [(transition.to, None)]
    return [(state, state) for state in transition.back_to]


class Edge(Strict):
    """One step of the graph; `came_from` is the state a returning request must have come from."""

    transition: TransitionDef
    source: str
    target: str
    came_from: str | None = None
