"""Where one request meets another: in topic and in time; pure (F53)."""

from dataclasses import dataclass
from datetime import date

from app.compendium.rules import meets


@dataclass(frozen=True, slots=True)
class Programme:
    """A request as others meet it: `needs` are number, topic and who answers for it, or empty.

    `running`: its programme is in force. `ends_on`: the last day that is planned; None: no end is.
    """

    reference: str
    countries: frozenset[str]
    needs: tuple[tuple[int, str, str], ...]
    running: bool
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where one request meets another: by its own needs, and the topics and entities of the other.

    `starts_on` and `ends_on` are the days that both share.
    """

    other: Programme
    same_country: bool
    needs: tuple[int, ...]
    topics: tuple[str, ...]
    entities: tuple[str, ...]
    starts_on: date
    ends_on: date | None


def meeting(own: Programme, other: Programme) -> Meeting | None:
    """Return where two requests near each other meet, if one of them is a running programme.

    They meet where topics and days meet (F53); the rule is the same from either side.
    """
    if not (own.running or other.running):
        return None
    last = min((day for day in (own.ends_on, other.ends_on) if day), default=None)
    first = max(own.starts_on, other.starts_on)
    if last is not None and last < first:
        return None
    both = [
        (number, topic, entity)
        for number, asked, _ in own.needs
        for _, topic, entity in other.needs
        if meets(asked[0], asked, (topic,))
    ]
    if not both:
        return None
    return Meeting(
        other=other,
        same_country=not own.countries.isdisjoint(other.countries),
        needs=tuple(sorted({number for number, _, _ in both})),
        topics=tuple(sorted({topic for _, topic, _ in both})),
        entities=tuple(sorted({entity for _, _, entity in both if entity})),
        starts_on=first,
        ends_on=last,
    )
