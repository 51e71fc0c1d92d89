"""What proves one request to an outsider: its entries, and how an anchor holds them."""

from typing import Any

from sqlalchemy.orm import Session

from app.kit import clock
from app.ledger.anchors import Anchor
from app.ledger.places import AnchorPlace
from app.requests.service.proof.chains import Stored, stored
from app.requests.service.proof.verifying import held
from app.requests.tables import AssistanceRequest
from app.requests.timeline import stream

FORMAT = "entente.proof@1"


def export(session: Session, place: AnchorPlace, request: AssistanceRequest) -> dict[str, Any]:
    """Return, as JSON, what `scripts/verify-log` confirms without this program or its keys.

    `proof` is None while no anchor holds the request; `anchors` are the records from the one that
    proves it to the newest, without their leaves.
    """
    name = stream(request.id)
    found = list(held(place))
    holding = [a for a in found if any(leaf[0] == name for leaf in a.leaves)]
    last = holding[-1] if holding else None
    since = last.record.number if last else 0
    return {
        "format": FORMAT,
        "reference": request.reference,
        "stream": name,
        "entries": [_shown(one) for one in stored(session, [name])],
        "proof": _proof(last, name) if last else None,
        "anchors": [anchor.header for anchor in found if last and anchor.record.number >= since],
        "public_key": last.record.public_key if last else "",
    }


def _proof(anchor: Anchor, name: str) -> dict[str, Any]:
    index = next(n for n, leaf in enumerate(anchor.leaves) if leaf[0] == name)
    return {
        "anchor": anchor.record.number,
        "leaf": list(anchor.leaves[index]),
        "index": index,
        "path": anchor.proof(index),
    }


def _shown(one: Stored) -> dict[str, Any]:
    entry, link = one.entry, one.link
    return {
        "seq": entry.seq,
        "at": clock.stamp(entry.at),
        "actor": entry.actor,
        "on_behalf": entry.on_behalf,
        "action": entry.action,
        "version": entry.version,
        "standing": entry.standing,
        "digest": entry.digest.hex(),
        "salt": one.salt.hex() if one.salt else None,
        "content": dict(one.content) if one.salt else None,
        "prev": link.prev.hex() if link else "",
        "key": link.key if link else "",
        "mac": link.mac.hex() if link else "",
        "hash": link.hash.hex() if link else "",
    }
