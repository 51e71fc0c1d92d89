"""The one place that reads the clock."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the present date in UTC."""
    return now().date()


def stamp(moment: datetime) -> str:
    """Return `moment` as RFC 3339 text in UTC, to the microsecond, ending in Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
