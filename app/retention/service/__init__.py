"""Retention at work: what its time ends, what is held, what is erased and must stay erased."""

from app.retention.service.asking import ask, confirm, latest, waiting
from app.retention.service.erasing import against, erase, find, going
from app.retention.service.holding import holds, lift, place
from app.retention.service.restoring import again, done
from app.retention.service.terms import drop, due, over

__all__ = [
    "again",
    "against",
    "ask",
    "confirm",
    "done",
    "drop",
    "due",
    "erase",
    "find",
    "going",
    "holds",
    "latest",
    "lift",
    "over",
    "place",
    "waiting",
]
