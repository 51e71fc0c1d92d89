"""What a running service holds for its whole life: settings, database, shelf and texts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts import sessions
from app.accounts.hashing import Hasher
from app.config import Settings
from app.directory import delegations
from app.directory.actor import Actor
from app.directory.credentials import Credential, digest, recognise
from app.directory.tables import AccessEpoch
from app.engine.packs import Shelf, load_shelf
from app.files.vault import Vault, open_vault
from app.kit import clock, keys
from app.kit.db import Database
from app.kit.errors import Malformed
from app.kit.keys import Keyring
from app.kit.ready import Ready
from app.kit.text import Catalogue
from app.lifecycle.vocabulary import VOCABULARY
from app.wiring.refusals import Refusals

MOST_REMEMBERED = 4096
TOUCHED_EVERY = timedelta(minutes=1)
"""How often a session in use is written down: by so much its idle end is uncertain."""
EPOCH = Ready(sa.select(AccessEpoch.number))


@dataclass
class House:
    """Settings, database, packs, texts and files; and whom this process has recognised lately.

    `used` names the credentials that were used since this was last written down.
    """

    settings: Settings
    database: Database
    shelf: Shelf
    texts: Catalogue
    vault: Vault
    keyring: Callable[[], Keyring]
    known: dict[str, Credential] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    hasher: Hasher = field(default_factory=Hasher)
    touched: dict[str, datetime] = field(default_factory=dict)
    refusals: Refusals = field(init=False)

    def __post_init__(self) -> None:
        """Open the log of refusals."""
        self.refusals = Refusals(self.database)

    @property
    def key(self) -> str:
        """The key under which tokens are hashed."""
        return self.settings.token_key.get_secret_value()

    @property
    def ring(self) -> Keyring:
        """The keys of the installation."""
        return self.keyring()

    def touch(self, secret: str) -> None:
        """Note now and then that a session is in use; most calls with it write nothing."""
        now, name = clock.now(), sessions.keyed(self.ring, "touched", secret).hex()
        last = self.touched.get(name)
        if last is not None and timedelta(0) <= now - last < TOUCHED_EVERY:
            return
        if len(self.touched) >= MOST_REMEMBERED:
            self.touched.clear()
        self.touched[name] = now
        with self.database.writing() as session:
            sessions.touch(session, secret, now)

    def remember(self, token: str, credential: Credential) -> None:
        """Remember a recognised token; the epoch in the database tells when it is out of date."""
        if len(self.known) >= MOST_REMEMBERED:
            self.known.clear()
        self.known[digest(self.key, token)] = credential

    def remembered(self, token: str, epoch: int) -> Credential | None:
        """Return the credential of a token, if it is known, current and not expired."""
        credential = self.known.get(digest(self.key, token))
        if credential is None or credential.epoch != epoch:
            return None
        return credential if credential.expires_at > clock.now() else None

    def latest(self, token: str) -> Credential | None:
        """Return what was last known of a token.

        The caller must hold its epoch against the present.
        """
        return self.known.get(digest(self.key, token))


def open_house(settings: Settings) -> House:
    """Open the database and read the packs. Raises Invalid for a pack that cannot be read."""
    opener = keys.opener(settings.keys_place)
    house = House(
        settings=settings,
        database=Database(settings.database_url, settings.pool_size, opener, sees=""),
        keyring=opener,
        shelf=load_shelf(settings.workflows, VOCABULARY),
        texts=Catalogue(settings.workflows / "locales"),
        vault=open_vault(settings),
    )
    house.hasher.check()
    return house


def present(house: House, session: Session, token: str) -> Actor:
    """Return who holds a token at this moment: from memory while the epoch stands, else afresh.

    A session is never remembered: each call looks whether it still stands. Raises Unauthenticated.
    """
    return present_at(house, session, token, epoch_of(session))


def epoch_of(session: Session) -> int:
    """Return the access epoch: it grows at every change of people, roles or tokens."""
    found = EPOCH.rows(session, {})
    return int(found[0][0]) if found else 0


def present_at(house: House, session: Session, token: str, epoch: int) -> Actor:
    """Return who holds a token, as `present`, for callers that read the epoch once for many."""
    if token.startswith(sessions.PREFIX):
        return sessions.recognise(session, token)
    credential = house.remembered(token, epoch)
    if credential is None:
        credential = recognise(session, house.key, token, clock.now())
        house.remember(token, credential)
    house.used.add(credential.actor.credential)
    return credential.actor


def in_name_of(session: Session, actor: Actor, header: str | None) -> Actor:
    """Return the actor under the delegation that a `Delegation` header names; none: as he is.

    Raises Malformed, Forbidden.
    """
    if header is None:
        return actor
    return delegations.assume(session, actor, number_in(header))


def number_in(header: str) -> int:
    """Return the number that a header holds. Raises Malformed."""
    if not header.strip().isdecimal() or len(header) > 18:
        raise Malformed("header.number", "This header takes one number.")
    return int(header)
