"""Verifying the decision log: digests, links, gaps, heads, where requests stand, the anchors."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kit.db import keyring_of
from app.kit.keys import Keyring
from app.kit.rows import as_house
from app.ledger import anchors, chain
from app.ledger.anchors import Anchor
from app.ledger.places import AnchorPlace
from app.ledger.service import ERASURES
from app.requests.service.proof.anchoring import A
from app.requests.service.proof.chains import Head, Stored, heads, stored

SLACK = timedelta(minutes=5)
"""How much later than its own moment an entry may have been committed."""
Anchored = Mapping[str, Mapping[int, str]]
"""By stream: the number of an anchored entry and the hash that it had."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was written: in which stream, at which entry, what."""

    stream: str
    seq: int
    kind: str


@dataclass(slots=True)
class Report:
    """What a verification found; it is good when there are no faults."""

    streams: int = 0
    entries: int = 0
    erased: int = 0
    anchors: int = 0
    anchored_at: str = ""
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ground:
    """What every stream is held against."""

    keyring: Keyring
    anchored: Anchored
    announced: frozenset[tuple[str, int]]
    anchored_until: datetime | None


def verify(session: Session, place: AnchorPlace, streams: Sequence[str] | None = None) -> Report:
    """Check some streams, or all of them, against themselves and against the anchors."""
    with as_house(session):  # it tells of streams and faults, and nothing of what is in them
        return _verified(session, place, streams)


def _verified(session: Session, place: AnchorPlace, streams: Sequence[str] | None) -> Report:
    report = Report()
    found = list(held(place))
    report.anchors = len(found)
    report.faults += anchor_faults(session, keyring_of(session), found)
    ground = _ground(session, found)
    standing = heads(session, streams)
    met: list[str] = []
    try:
        for name, rows in groupby(stored(session, streams), lambda one: one.entry.stream):
            met.append(name)
            report.faults += _stream(ground, standing.get(name), list(rows), report)
    except ValueError:  # what somebody wrote there is no content at all: nothing after it is read
        report.faults.append(Fault(met[-1] if met else "", 0, "unreadable"))
    else:
        wanted = ground.anchored if streams is None else set(streams) & set(ground.anchored)
        lost = sorted({*wanted, *standing} - {*met})
        report.faults += [Fault(one, 0, "missing") for one in lost if _written(standing.get(one))]
    report.streams = len(met)
    report.anchored_at = found[-1].record.at if found else ""
    return report


def _written(head: Head | None) -> bool:
    """Whether a stream must have entries: a head that was only just made need not."""
    return head is None or head.seq > 0


def held(place: AnchorPlace) -> Iterator[Anchor]:
    """Yield the anchors in a place. Raises Invalid for one that cannot be read."""
    for number in place.numbers():
        yield anchors.read(place.read(number))


def anchor_faults(session: Session, keyring: Keyring, found: Sequence[Anchor]) -> Iterator[Fault]:
    """Yield what is wrong with the anchors: content, signature, a gap, another one before."""
    before = ""
    for number, anchor in enumerate(found, 1):
        at = anchor.record.number
        yield from (Fault("anchors", at, kind) for kind in anchors.faults(keyring, anchor))
        if at != number:
            yield Fault("anchors", number, "gap")
        if anchor.record.previous != before:
            yield Fault("anchors", at, "link")
        before = anchor.digest
    known = {anchor.record.number: anchor.digest for anchor in found}
    for number, digest in session.execute(sa.select(A.c.number, A.c.digest)):
        if known.get(number) != bytes(digest).hex():
            yield Fault("anchors", number, "missing")


def _ground(session: Session, found: Iterable[Anchor]) -> Ground:
    anchored: dict[str, dict[int, str]] = defaultdict(dict)
    until = None
    for anchor in found:
        until = datetime.fromisoformat(anchor.record.at)
        for name, seq, head in anchor.leaves:
            anchored[name][seq] = head
    announced = frozenset(
        (str(one.content.get("stream")), int(one.content.get("seq", 0)))
        for one in stored(session, [ERASURES])
    )
    return Ground(keyring_of(session), anchored, announced, until)


def _stream(
    ground: Ground, head: Head | None, rows: Sequence[Stored], report: Report
) -> Iterator[Fault]:
    """Yield what is wrong with one stream."""
    name = rows[0].entry.stream
    before, seq = b"", 0
    for one in rows:
        seq += 1
        for kind in _entry(ground, one, before, seq):
            yield Fault(name, one.entry.seq, kind)
        before = one.link.hash if one.link else b""
        seq = one.entry.seq
        report.entries += 1
        report.erased += one.salt is None
    yield from (Fault(name, seq, kind) for kind in _end(head, rows[-1], _pinned(rows)))
    yield from _against_anchors(ground, name, rows)


def _entry(ground: Ground, one: Stored, before: bytes, seq: int) -> Iterator[str]:
    if one.entry.seq != seq:
        yield "gap"
    if one.link is None:
        yield "unchained"
        return
    if one.link.prev != before:
        yield "link"
    yield from chain.faults(ground.keyring, one.entry, one.link)
    if one.salt is None:
        if (one.entry.stream, one.entry.seq) not in ground.announced or one.content:
            yield "erased"
    elif chain.content_digest(one.salt, one.content) != one.entry.digest:
        yield "content"


def _end(head: Head | None, last: Stored, pinned: str | None) -> Iterator[str]:
    """Yield where the row that a stream belongs to says otherwise than its last entry."""
    if head is None:
        yield "ownerless"
        return
    if head.seq != last.entry.seq or last.link is None or head.hash != last.link.hash:
        yield "head"
    said = (last.entry.version, last.entry.standing)
    if (head.version, head.standing) != said or pinned not in (None, head.pinned):
        yield "projection"


def _pinned(rows: Sequence[Stored]) -> str | None:
    """Return the hash of the definition that the events say a request follows, if they do."""
    found: Any = None
    for one in rows:
        if one.entry.action == "request_opened":
            found = one.content.get("sha256", found)
        elif one.entry.action == "migrated":
            found = one.content.get("to", {}).get("sha256", found)
    return found if found is None else str(found)


def _against_anchors(ground: Ground, name: str, rows: Sequence[Stored]) -> Iterator[Fault]:
    anchored = ground.anchored.get(name, {})
    by_number = {one.entry.seq: one for one in rows}
    for seq, head in anchored.items():
        one = by_number.get(seq)
        if one is None or one.link is None or one.link.hash.hex() != head:
            yield Fault(name, seq, "anchor")
    following = by_number.get(max(anchored, default=0) + 1)
    until = ground.anchored_until
    if until and following and following.entry.at < until - SLACK:
        yield Fault(name, following.entry.seq, "unanchored")
