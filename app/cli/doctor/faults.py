"""What the doctor says: one line for each thing that was looked at."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """What was found; with `mend`, the sentence that says what to do, something is wrong.

    `grave` means that the service must not run like this.
    """

    what: str
    mend: str = ""
    grave: bool = False

    @property
    def mark(self) -> str:
        """The sign before the line."""
        if self.grave:
            return "FAIL"
        return "warn" if self.mend else "ok  "

    @property
    def colour(self) -> str:
        """The colour of the line on a terminal."""
        if self.grave:
            return "red"
        return "yellow" if self.mend else "green"


def judge(right: str, wrong: Iterable[str], mend: str, *, grave: bool = False) -> Iterator[Fault]:
    """Yield one line: `right`, or what is not as it should be."""
    listed = sorted(wrong)
    if not listed:
        yield Fault(right)
        return
    more = f" and {len(listed) - 5} more" if len(listed) > 5 else ""
    yield Fault(f"not so: {right} ({', '.join(listed[:5])}{more})", mend, grave)
