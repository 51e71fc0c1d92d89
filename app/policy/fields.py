"""Which class a field is of, and what that means for who reads and writes it.

`public` may be published; `internal` is for whoever may carry out the operation (sees the object);
`restricted` for who may read within the request, or for the roles that are named; `protected` is
opened by name and with a reason; `secret` is shown once, to its owner. A model has the class that
`classes.MODELS` gives it, and so has each of its fields but the exceptions in `classes.FIELDS`.
How high an operation reaches stands in its row (`Rule.reads`, `Rule.writes`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from app.policy.classes import FIELDS, KEPT, LISTS, MODELS
from app.policy.rule import KINDS, Field, Kind, Rule

INTERNAL = Field("internal")


@dataclass(frozen=True, slots=True)
class Held:
    """One field of a model that an operation gives or takes.

    `model` is "room.Name", `inner` the models that stand within the field, `null` whether it may be
    null.
    """

    model: str
    name: str
    inner: tuple[str, ...] = ()
    null: bool = False


def rank(kind: Kind) -> int:
    """Return how closely a class is held: 0 for public."""
    return KINDS.index(kind)


def up_to(kind: Kind) -> list[Kind]:
    """Return a class and all below it."""
    return list(KINDS[: rank(kind) + 1])


def kind_of(model: str) -> Kind:
    """Return the class of a model. Raises KeyError for one that has none."""
    return MODELS[model]


def field_of(model: str, name: str) -> Field:
    """Return what holds for a field. Raises KeyError when its model has no class."""
    return FIELDS.get((model, name)) or Field(MODELS[model])


def effective(held: Held) -> Field:
    """Return what holds for a field with what stands within it: the closer of the two."""
    own = field_of(held.model, held.name)
    inner = max((kind_of(model) for model in held.inner), key=rank, default=own.kind)
    return own if rank(inner) <= rank(own.kind) else Field(inner, entities=own.entities)


def writable(roles: Collection[str], model: str, name: str) -> bool:
    """Whether someone who holds `roles` towards the object may send this field of a body."""
    known = FIELDS.get((model, name), INTERNAL)
    return not known.writers or not known.writers.isdisjoint(roles)


def limited(model: str) -> frozenset[str]:
    """Return the fields of a body that not everyone may send."""
    return frozenset(
        name for (one, name), known in FIELDS.items() if one == model and known.writers
    )


Shapes = Mapping[str, tuple[Iterable[Held], Iterable[Held]]]
"""For each operation the fields of its answers, and those of its body."""


def unclassed(shapes: Shapes, rules: Mapping[str, Rule]) -> Iterator[str]:
    """Yield every way in which the fields of the house and their classes differ.

    What has no class would be shown to all; what an operation may not reach must not be in it.
    """
    known = {(h.model, h.name) for given in shapes.values() for side in given for h in side}
    models = {model for model, _ in known}
    yield from (f"no class for {model}" for model in sorted(models - set(MODELS)))
    yield from (f"no model {model} for a class" for model in sorted(set(MODELS) - models))
    yield from (f"no field {'.'.join(one)} for a class" for one in sorted(set(FIELDS) - known))
    if models - set(MODELS):
        return
    shown, sent = cache(_shown), cache(_sent)  # many operations give and take the same
    for operation, (answers, bodies) in shapes.items():
        rule = rules[operation]
        reach = (rule.reads, rule.relation == "request")
        found = [(held, why) for held in answers for why in shown(held, reach)]
        found += [(held, why) for held in bodies for why in sent(held, rule.writes)]
        yield from (f"{operation}: {held.model}.{held.name} {why}" for held, why in found)


def _shown(held: Held, reach: tuple[Kind, bool]) -> list[str]:
    """Return what is wrong in giving a field where one reads so far, of a request or not."""
    reads, of_request = reach
    known = effective(held)
    faults = []
    if rank(known.kind) > rank(reads):
        faults.append(f"is {known.kind}, and this reads up to {reads}")
    alone = known.kind == "restricted" and not known.readers
    if alone and not of_request:
        faults.append("is restricted to who reads within a request, and this is about none")
    hidden = alone and kind_of(held.model) != "restricted" and held.model != LISTS
    if (hidden or known.readers or known.entities == "none") and not held.null:
        faults.append("is null for some readers, and may not be null")
    return faults


def _sent(held: Held, writes: Kind) -> list[str]:
    """Return what is wrong in taking a field where one writes so far."""
    known = field_of(held.model, held.name)
    faults = []
    if rank(known.kind) > rank(writes):
        faults.append(f"is {known.kind}, and this writes up to {writes}")
    if held.name in KEPT and (held.model, held.name) not in FIELDS:
        faults.append("is kept by the service, and no body may set it")
    return faults
