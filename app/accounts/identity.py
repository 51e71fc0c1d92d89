"""What signing in at an identity provider is about: the client, a visit, and who came back."""

import secrets
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Client:
    """What the provider and this installation know each other by."""

    issuer: str
    client_id: str
    client_secret: str
    redirect: str


@dataclass(frozen=True, slots=True)
class Errand:
    """One visit to the provider: what the browser carries there, and keeps until it is back.

    `place` is where the person goes on to afterwards.
    """

    state: str
    nonce: str
    verifier: str
    max_age: int | None = None
    link: str = ""
    place: str = "/"

    @classmethod
    def begin(cls, *, fresh: bool = False, link: str = "", place: str = "/") -> "Errand":
        """Return a new errand; `fresh` asks that the person identifies anew (for a step-up)."""
        secret = [secrets.token_urlsafe(32) for _ in range(3)]
        verifier = secret[2] + secrets.token_urlsafe(16)
        return cls(secret[0], secret[1], verifier, 0 if fresh else None, link, place)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says somebody is; `authenticated_at` is when the person last proved it."""

    issuer: str
    subject: str
    email: str
    name: str
    authenticated_at: datetime | None
    strong: bool
