"""Secrets of webhooks, sealed at rest, and signatures by them (Standard Webhooks, version 1)."""

import base64
import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session
from standardwebhooks import Webhook as Signer

from app.kit import sealing
from app.kit.db import keyring_of
from app.kit.keys import Keyring
from app.kit.sealing import Place
from app.webhooks.tables import Webhook

PREFIX = "whsec_"
LENGTH = 32
"""Bytes of a secret."""


def new_secret() -> str:
    """Return a fresh secret as Standard Webhooks writes it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(LENGTH)).decode()


def put_first(session: Session, row: Webhook) -> str:
    """Give a webhook, which has its number already, its key and first secret; return the secret."""
    key, row.key = sealing.new_key(keyring_of(session), _place(row, "key"))
    secret = new_secret()
    row.secret = sealing.seal_text(key, secret, _place(row, "secret"))
    return secret


def renew(session: Session, row: Webhook, now: datetime, stays: timedelta) -> str:
    """Give a webhook another secret and return it; the one of before counts for so long yet."""
    key = _key(keyring_of(session), row)
    before = sealing.unseal_text(key, row.secret, _place(row, "secret"))
    row.former = sealing.seal_text(key, before, _place(row, "former")) if stays else None
    row.former_until = now + stays if stays else None
    secret = new_secret()
    row.secret = sealing.seal_text(key, secret, _place(row, "secret"))
    return secret


def forget(row: Webhook) -> None:
    """Destroy the secrets of a webhook."""
    row.key = row.secret = ""
    row.former = row.former_until = None


def live(session: Session, row: Webhook, now: datetime) -> list[str]:
    """Return the secrets that count at a moment, the newest first: one or two."""
    key = _key(keyring_of(session), row)
    found = [sealing.unseal_text(key, row.secret, _place(row, "secret"))]
    if row.former is not None and row.former_until is not None and now < row.former_until:
        found.append(sealing.unseal_text(key, row.former, _place(row, "former")))
    return found


def headers(held: list[str], message: str, body: bytes, now: datetime) -> dict[str, str]:
    """Return the headers by which a receiver knows a message to be ours, and of this moment."""
    signed = [Signer(secret).sign(message, now, body.decode()) for secret in held]
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signed),
    }


def rewrap(ring: Keyring, row: Webhook) -> bool:
    """Wrap the key of a webhook anew with the current master key; whether it had to be."""
    wrapped = sealing.rewrap(ring, row.key, _place(row, "key")) if row.key else None
    row.key = wrapped or row.key
    return wrapped is not None


def _key(ring: Keyring, row: Webhook) -> bytes:
    return sealing.unwrap(ring, row.key, _place(row, "key"))


def _place(row: Webhook, field: str) -> Place:
    return Place("webhooks", row.id, field)
