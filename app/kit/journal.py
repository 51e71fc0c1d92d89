"""The service's own log: one JSON line an event, without secrets and without what people wrote.

The texts of exceptions are left out, since databases and libraries quote in them the very values
that must not be read here; their kind, their code and the place in our source are told instead.
"""

import hashlib
import json
import logging
import re
import traceback
from collections.abc import Callable, Iterator
from typing import Any

from app.kit import clock

SECRETS = re.compile(
    r"\bent_[A-Za-z0-9_-]{8,}"  # our tokens
    r"|(?i:\b(?:bearer|basic)\s+)[^\s\"',]+"  # whatever a call identified itself by
    r"|__Host-[a-z_]+=[^\s;\"']+"  # our cookies
    r"|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"  # user and password of an address
    r"|\beyJ[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+){1,2}"  # identity tokens
    r"|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"  # addresses of people
)
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}
MOST_FRAMES = 12


def hidden(found: re.Match[str]) -> str:
    """Return a mark in place of a secret: the same for the same, so that lines can be joined."""
    return f"[hidden {hashlib.sha256(found[0].encode()).hexdigest()[:8]}]"


def cleaned(text: str) -> str:
    """Return a text in which every secret that we can tell by its shape is hidden."""
    return SECRETS.sub(hidden, text)


class Lines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "at": clock.stamp(clock.now()),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": cleaned(record.getMessage()),
        }
        given = {name: value for name, value in vars(record).items() if name not in STANDARD}
        line |= {name: _plain(value) for name, value in sorted(given.items())}
        if record.exc_info and record.exc_info[1] is not None:
            line["fault"] = list(_chain(record.exc_info[1]))
        return json.dumps(line, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, bool | int | float) or value is None:
        return value
    return cleaned(str(value))


def _chain(fault: BaseException | None) -> Iterator[dict[str, Any]]:
    """Tell a fault and what it came from, nearest first."""
    while fault is not None:
        yield _told(fault)
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)


def _told(fault: BaseException) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": f"{type(fault).__module__}.{type(fault).__qualname__}"}
    for name in ("code", "sqlstate", "sqlite_errorname", "errno"):
        if isinstance(value := getattr(fault, name, None), str | int):
            told[name] = value
    frames = traceback.extract_tb(fault.__traceback__)[-MOST_FRAMES:]
    told["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return told


def config(level: str) -> dict[str, Any]:
    """Return the set-up of `logging.config` under which every logger writes such lines."""
    make: Callable[[], logging.Formatter] = Lines
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": make}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {
            name: {"handlers": [], "propagate": True} for name in ("uvicorn", "uvicorn.error")
        },
    }
