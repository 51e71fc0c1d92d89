"""What may be done so often an hour, counted in the database with what is done."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy.orm import Session

from app.accounts import limits
from app.accounts.limits import Limit
from app.config import Settings
from app.kit import clock
from app.kit.errors import TooMany

HOUR = timedelta(hours=1)


def hold_filings(settings: Settings, session: Session, countries: Iterable[str]) -> None:
    """Count one filing for each country. Raises TooMany past what a country may file an hour.

    It is counted in the transaction that files: what is refused afterwards counts for nothing.
    """
    if not settings.filing_limit:
        return
    limit = Limit("filings", settings.filing_limit, HOUR)
    try:
        for country in sorted(set(countries)):
            limits.take(session, [limit], country, clock.now())
    except TooMany as fault:
        said = f"A country files at most {settings.filing_limit} requests an hour."
        raise TooMany("limit.reached", said, fault.wait) from None
