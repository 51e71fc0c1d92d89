"""Stored answers: the same call with the same Idempotency-Key has one effect and one answer.

A claim is looked up and the answer kept, sealed, in the transaction that does the work. A refusal
changed nothing, so nothing is kept of it and the call is judged anew (docs/adr/0004).
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from fastapi import Request, Response
from sqlalchemy.orm import Session

from app.kit.db import keyring_of, table_of
from app.kit.errors import Invalid, Malformed
from app.kit.keys import Keyring
from app.kit.ready import Among, Ready
from app.requests.service import replays
from app.requests.tables import StoredAnswer

S = table_of(StoredAnswer)
KEY = re.compile(r"^[\x21-\x7e]{1,200}$")
COLUMNS = ("person_id", "key", "fingerprint", "status", "etag", "location", "body", "at")
KEEP = Ready(sa.insert(S).inline(), (*COLUMNS, "about"))
KEPT = Ready(
    sa.select(*(S.c[name] for name in COLUMNS[:-1])).where(
        Among(S.c.key, "keys"), Among(S.c.person_id, "people")
    )
)


@dataclass(frozen=True, slots=True)
class Claim:
    """Who calls with which key, a fingerprint of what was sent, and the request it is about."""

    person_id: int
    key: str
    fingerprint: str
    about: str = ""

    @property
    def identity(self) -> tuple[int, str]:
        """What may exist once."""
        return self.person_id, self.key


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer as it was given the first time."""

    claim: Claim
    status: int
    etag: str
    location: str
    body: str

    def replay(self, claim: Claim) -> Response:
        """Return the same answer again. Raises Invalid when other content came with the key."""
        if claim.fingerprint != self.claim.fingerprint:
            raise Invalid(
                "idempotency.other_content",
                "This Idempotency-Key came with other content before; use a new key.",
            )
        headers = {"Idempotent-Replayed": "true"}
        headers |= {"ETag": self.etag} if self.etag else {}
        headers |= {"Location": self.location} if self.location else {}
        media = "application/json" if self.body else None
        return Response(self.body or None, self.status, headers, media)


def key_of(header: str | None) -> str | None:
    """Return the key of an Idempotency-Key header. Raises Malformed."""
    if header is None:
        return None
    key = header.strip().strip('"')
    if not KEY.match(key):
        raise Malformed("idempotency.key", "A key has 1 to 200 printable characters.")
    return key


def fingerprint(http: Request, body: bytes) -> str:
    """Return a digest of what was sent: method, path, condition and content."""
    condition = http.headers.get("if-match", "")
    query = http.scope["query_string"].decode("latin-1")
    parts = json.dumps([http.method, http.scope["path"], query, condition])
    return hashlib.sha256(parts.encode() + canonical(body)).hexdigest()


def about(http: Request) -> str:
    """Return the reference of the request that a call is about; empty when it names none."""
    return str(http.path_params.get("ref", ""))


def canonical(body: bytes) -> bytes:
    """Return JSON in one spelling, so that white space and the order of fields do not matter."""
    try:
        return json.dumps(json.loads(body), sort_keys=True, separators=(",", ":")).encode()
    except ValueError:
        return body


def look_up(session: Session, claims: Sequence[Claim]) -> dict[tuple[int, str], Stored]:
    """Return what is stored for these claims, by identity."""
    if not claims:
        return {}
    ring = keyring_of(session)
    wanted = {"keys": [c.key for c in claims], "people": list({c.person_id for c in claims})}
    return {
        (person, key): Stored(
            Claim(person, key, fingerprint),
            status,
            etag,
            location,
            replays.unseal(ring, (person, key), body),
        )
        for person, key, fingerprint, status, etag, location, body in KEPT.rows(session, wanted)
    }


def stored(claim: Claim, response: Response) -> Stored:
    """Return an answer in the form in which it is kept."""
    return Stored(
        claim,
        response.status_code,
        response.headers.get("etag", ""),
        response.headers.get("location", ""),
        bytes(response.body).decode(),
    )


def keep(session: Session, answers: Sequence[Stored], now: datetime) -> None:
    """Keep answers; a second one for the same key breaks the transaction.

    Which is then repeated.
    """
    if answers:
        ring = keyring_of(session)
        KEEP.write(session, [_row(answer, now, ring) for answer in answers])


def _row(answer: Stored, now: datetime, ring: Keyring) -> dict[str, Any]:
    return {
        "person_id": answer.claim.person_id,
        "key": answer.claim.key,
        "fingerprint": answer.claim.fingerprint,
        "about": answer.claim.about,
        "status": answer.status,
        "etag": answer.etag,
        "location": answer.location,
        "body": replays.seal(ring, answer.claim.identity, answer.body),
        "at": now,
    }
