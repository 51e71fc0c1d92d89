"""What the conductor takes and gives: a wish to move a request, and a move that was made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.directory.actor import Actor
from app.engine.machine import Outcome
from app.requests.access import Standing


@dataclass(frozen=True, slots=True)
class Move:
    """Someone's wish to move a request. `revision` is what they saw last; None asks no question."""

    actor: Actor
    reference: str
    trigger: str
    revision: int | None = None
    form: Mapping[str, Any] = field(default_factory=dict)
    comment: str = ""
    cause: int | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A move that was made: where the request stands now."""

    standing: Standing
    outcome: Outcome
