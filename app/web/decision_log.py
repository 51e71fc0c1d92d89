"""The decision log: checked as a whole, and what was found said in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Response

from app.kit import clock
from app.ledger.places import Folder
from app.requests.service import proof
from app.requests.service.proof import Fault
from app.web.administration import CRUMB
from app.web.texts import marked
from app.web.visit import AtVisit, router

api = router()
SHOWN = 100
FAULTS: Mapping[str, str] = {
    "anchor": marked("it is not what was anchored"),
    "content": marked("what it says was changed"),
    "erased": marked("its content is gone, and no erasure was decided"),
    "gap": marked("entries before it are missing"),
    "hash": marked("its seal does not fit what it says"),
    "head": marked("the entry that was written last is missing"),
    "key": marked("it is sealed with a key that is not known"),
    "link": marked("it does not follow on the entry before it"),
    "mac": marked("its seal does not fit what it says"),
    "missing": marked("it is missing"),
    "ownerless": marked("what it belongs to is gone"),
    "projection": marked("what it belongs to says otherwise"),
    "root": marked("it does not fit what it anchors"),
    "signature": marked("its signature is not ours"),
    "unanchored": marked("it is older than the last anchor, and not in it"),
    "unreadable": marked("from there on nothing can be read"),
    "unchained": marked("it has no place in the chain"),
}
"""What each kind of fault means."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one entry of a stream, each fault in words."""

    stream: str
    number: int
    why: tuple[str, ...]


@api.get("/administration/log")
def page_log(desk: AtVisit) -> Response:
    """Check the whole decision log, and say what was found."""
    proof.hold_short(desk.session)
    report = proof.verify(desk.session, Folder(desk.house.settings.anchors_place))
    wrong = told(report.faults)
    streams = sorted({one.stream for one in wrong[:SHOWN]})
    shown = {
        "report": report,
        "wrong": wrong[:SHOWN],
        "entries": len(wrong),
        "references": proof.references(desk.session, desk.actor, streams),
        "anchored": datetime.fromisoformat(report.anchored_at) if report.anchored_at else None,
        "at": clock.now(),
        "crumbs": (CRUMB,),
    }
    return desk.page("administration/log.html", shown)


def told(faults: Sequence[Fault]) -> list[Wrong]:
    """Return what is wrong by entry, in words, each said once."""
    found: dict[tuple[str, int], dict[str, None]] = {}
    for one in faults:
        found.setdefault((one.stream, one.seq), {})[FAULTS[one.kind]] = None
    return [Wrong(stream, number, tuple(why)) for (stream, number), why in found.items()]
