"""Letters: invitations, resets and warnings by mail, over SMTP or into a folder."""

import logging
import os
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import make_msgid
from urllib.parse import unquote, urlsplit

from app.accounts import links
from app.accounts import service as accounts
from app.config import Settings
from app.kit import clock
from app.kit.db import Database
from app.kit.errors import Invalid
from app.outbox import letters

LOG = logging.getLogger("entente.jobs")
MOST_SENT = 200
SECONDS = 20
TEXTS = {
    letters.INVITATION: (
        "Your access to Entente",
        "You are invited to Entente. Choose a password within 7 days:\n\n{link}\n",
    ),
    letters.RESET: (
        "Another password for Entente",
        "Another password was asked for. If it was you, choose it within an hour:\n\n{link}\n",
    ),
    letters.CHANGED: (
        "Your password for Entente was changed",
        "Your password was changed just now. If it was not you, tell your administrator.\n",
    ),
    letters.JOINED: (
        "Your records in Entente were joined",
        "Two records of yours are one person's from now on. If not, tell your administrator.\n",
    ),
    letters.RECOVERED: (
        "A recovery code was used at Entente",
        "One of your recovery codes was used. If it was not you, tell your administrator.\n",
    ),
    letters.REVIEW_DUE: (
        "Entries of the compendium wait for your review",
        (
            "Some for which you answer are past their review date; they are listed at"
            " /api/v1/compendium/freshness. Propose what has changed, or a later date of review.\n"
        ),
    ),
}
PATHS = {letters.INVITATION: "sign-in/invitation", letters.RESET: "sign-in/reset"}


def send_letters(settings: Settings, database: Database) -> int:
    """Send what is due and return how many letters went out; one that fails is tried again later.

    A failure is logged by its kind alone, for what a server says of it names who was written to;
    the rest waits for the next run, since the server may be away. The link is made when its letter
    is sent, and no text is ever kept. A letter whose sending was cut short goes out once more, with
    a new link: the earlier one is then void.
    """
    out = 0
    for _ in range(MOST_SENT):
        with database.writing() as session:
            letter = letters.take(session, clock.now())
            if letter is None:
                break
            bears = letter.kind in PATHS
            secret = accounts.link_for(session, letter.address, letter.kind) if bears else ""
        if secret is not None:
            try:
                _send(settings, _composed(settings, letter.kind, letter.address, secret))
            except (smtplib.SMTPException, OSError) as fault:
                LOG.warning("letters.failed kind=%s", type(fault).__name__)
                break
            out += 1
        with database.writing() as session:
            letters.sent(session, letter.id)
    return out


def link_to(settings: Settings, purpose: str, secret: str) -> str:
    """Return the address at which a link is used."""
    root = settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"
    return f"{root}/{PATHS[purpose]}?link={secret}"


def _composed(settings: Settings, kind: str, address: str, secret: str) -> EmailMessage:
    subject, text = TEXTS[kind]
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, address, subject
    message["Message-ID"] = make_msgid(domain=settings.mail_from.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    link = link_to(settings, kind, secret) if kind in links.LASTING else ""
    message.set_content(text.format(link=link))
    return message


def _send(settings: Settings, message: EmailMessage) -> None:
    address = settings.smtp_url.get_secret_value()
    if not address:
        folder = settings.mail_folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = folder / f"{clock.now():%Y%m%dT%H%M%S%f}.eml"
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(bytes(message))
        return
    where = urlsplit(address)
    if where.scheme not in {"smtp", "smtps"} or not where.hostname:
        raise Invalid("mail.address", "ENTENTE_SMTP_URL begins with smtp:// or smtps://.")
    context = ssl.create_default_context()
    with (
        smtplib.SMTP_SSL(where.hostname, where.port or 465, timeout=SECONDS, context=context)
        if where.scheme == "smtps"
        else smtplib.SMTP(where.hostname, where.port or 587, timeout=SECONDS)
    ) as server:
        if where.scheme == "smtp":
            server.starttls(context=context)
        if where.username:
            server.login(unquote(where.username), unquote(where.password or ""))
        server.send_message(message)


__all__ = ["link_to", "send_letters"]
