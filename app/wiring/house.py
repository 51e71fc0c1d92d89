"""What a running service holds for its whole life: settings, database, shelf and texts."""

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.config import Settings
from app.directory import delegations
from app.directory.actor import Actor
from app.directory.credentials import Credential, digest, recognise
from app.directory.tables import AccessEpoch
from app.engine.packs import Shelf, load_shelf
from app.files.vault import Vault, open_vault
from app.kit import clock, keys
from app.kit.db import Database
from app.kit.errors import Malformed, Unauthenticated
from app.kit.ready import Ready
from app.kit.text import Catalogue
from app.lifecycle.vocabulary import VOCABULARY

MOST_REMEMBERED = 4096
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
    known: dict[str, Credential] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    @property
    def key(self) -> str:
        """The key under which tokens are hashed."""
        return self.settings.token_key.get_secret_value()

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
    return House(
        settings=settings,
        database=Database(
            settings.database_url, settings.pool_size, keys.opener(settings.keys_place)
        ),
        shelf=load_shelf(settings.workflows, VOCABULARY),
        texts=Catalogue(settings.workflows / "locales"),
        vault=open_vault(settings),
    )


def present(house: House, session: Session, token: str) -> Actor:
    """Return who holds a token at this moment: from memory while the epoch stands, else afresh.

    Raises Unauthenticated.
    """
    return present_at(house, session, token, epoch_of(session))


def epoch_of(session: Session) -> int:
    """Return the access epoch: it grows at every change of people, roles or tokens."""
    found = EPOCH.rows(session, {})
    return int(found[0][0]) if found else 0


def present_at(house: House, session: Session, token: str, epoch: int) -> Actor:
    """Return who holds a token, as `present`, for callers that read the epoch once for many."""
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


def bearer(header: str | None) -> str:
    """Return the token of an Authorization header. Raises Unauthenticated."""
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip() or len(token) > 200:
        raise Unauthenticated("token.missing", "Send a token: Authorization: Bearer ent_...")
    return token.strip()
