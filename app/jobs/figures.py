"""The figures of those who see the whole house, counted beforehand where that takes long."""

from datetime import datetime

from app.kit.db import Database
from app.reports import keeping
from app.reports.counting import COUNTED


def count_anew(database: Database, now: datetime) -> int:
    """Count every report for every wide sight; return how many counts are kept.

    Counting reads alone and holds nobody up; what it found is written in a transaction of its own.
    """
    kept = 0
    for word in keeping.WIDE:
        for report in COUNTED:
            with database.reading() as session:
                found = keeping.count_anew(session, word, report, now)
            with database.writing() as session:
                kept += keeping.keep(session, found)
    with database.writing() as session:
        keeping.drop_others(session, COUNTED)
    return kept
