"""Refusals: the expected ways of saying no, below every door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Blocker:
    """One reason against: a dotted code, its parameters, and the paragraph behind it."""

    code: str
    cite: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


class Refusal(Exception):
    """An expected no; `code` is dotted, `detail` a sentence an honest person can act on.

    `blockers` hold every reason at once, so that nobody learns of them one by one.
    """

    title = "Refused"

    def __init__(self, code: str, detail: str = "", blockers: Sequence[Blocker] = ()) -> None:
        """Keep the dotted `code`, the sentence and the reasons."""
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.blockers = tuple(blockers)


class NotFound(Refusal):
    """There is no such thing, or none that this person may know of."""

    title = "Not found"


class Forbidden(Refusal):
    """The person is known but not entitled."""

    title = "Not entitled"


class Unauthenticated(Refusal):
    """No valid credential came with the call."""

    title = "Sign in first"


class Invalid(Refusal):
    """What was sent cannot be taken as it stands."""

    title = "Invalid content"


class Malformed(Refusal):
    """What was sent cannot even be read."""

    title = "Malformed"


class Conflict(Refusal):
    """Right in itself, but not in the present state."""

    title = "Not in this state"


class Blocked(Refusal):
    """A rule stands against it; `blockers` name each reason with its paragraph."""

    title = "Blocked by a rule"


class Stale(Refusal):
    """The caller saw an older revision; `current` is the present one."""

    title = "Changed meanwhile"

    def __init__(self, current: int) -> None:
        """Keep the `current` revision for the answer."""
        super().__init__("request.stale", f"The present revision is {current}; read it again.")
        self.current = current


class Unconditional(Refusal):
    """A change came without If-Match."""

    title = "If-Match is required"


class TooLarge(Refusal):
    """More was sent than is taken."""

    title = "Too large"


class WrongType(Refusal):
    """The content type is not one that is taken here."""

    title = "Wrong content type"


class Unavailable(Refusal):
    """It cannot be done now; the same call may succeed later."""

    title = "Try again later"


class TooMany(Refusal):
    """Too many tries; `wait` says after how long the next one is open."""

    title = "Too many tries"

    def __init__(self, code: str, detail: str, wait: timedelta) -> None:
        """Keep how long to wait for the answer."""
        super().__init__(code, detail)
        self.wait = wait
