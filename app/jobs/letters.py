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
from app.kit.speech import Speech, marked, speech
from app.kit.text import Catalogue
from app.outbox import letters

LOG = logging.getLogger("entente.jobs")
MOST_SENT = 200
SECONDS = 20
TEXTS = {
    letters.INVITATION: (
        marked("Your access to Entente"),
        marked("You are invited to Entente. Choose a password within 7 days:"),
    ),
    letters.RESET: (
        marked("Another password for Entente"),
        marked("Another password was asked for. If it was you, choose it within an hour:"),
    ),
    letters.CHANGED: (
        marked("Your password for Entente was changed"),
        marked("Your password was changed just now. If it was not you, tell your administrator."),
    ),
    letters.JOINED: (
        marked("Your records in Entente were joined"),
        marked(
            "Two records of yours are one person's from now on. If not, tell your administrator."
        ),
    ),
    letters.RECOVERED: (
        marked("A recovery code was used at Entente"),
        marked("One of your recovery codes was used. If it was not you, tell your administrator."),
    ),
    letters.REVIEW_DUE: (
        marked("Entries of the compendium wait for your review"),
        marked(
            "Some for which you answer are past their review date. Propose what has changed, or a"
            " later date of review. They are listed here:"
        ),
    ),
    letters.WEBHOOK_DISABLED: (
        marked("A webhook of Entente was disabled"),
        marked(
            "Its receiver has failed for three days, so nothing is sent to it any more. See to it,"
            " then resume the webhook here:"
        ),
    ),
}
"""The subject of each letter and what it says; the address of a page follows where one is meant."""
PATHS = {
    letters.INVITATION: "sign-in/invitation",
    letters.RESET: "sign-in/reset",
    letters.REVIEW_DUE: "compendium/freshness",
    letters.WEBHOOK_DISABLED: "account/webhooks",
}
TO_THE_RIGHT = "\N{RIGHT-TO-LEFT MARK}"
"""Before a line of Arabic: plain text has no other way to say which way it is written, and a line
that begins with a name in Latin letters would be set the wrong way round."""


def send_letters(settings: Settings, database: Database) -> int:
    """Send what is due and return how many letters went out; one that fails is tried again later.

    A failure is logged by its kind alone, for what a server says of it names who was written to;
    the rest waits for the next run, since the server may be away. The link is made when its letter
    is sent, and no text is ever kept. A letter whose sending was cut short goes out once more, with
    a new link: the earlier one is then void.
    """
    out, texts = 0, Catalogue(settings.workflows / "locales")
    for _ in range(MOST_SENT):
        with database.writing() as session:
            letter = letters.take(session, clock.now())
            if letter is None:
                break
            bears = letter.kind in links.LASTING
            secret = accounts.link_for(session, letter.address, letter.kind) if bears else ""
            language = accounts.language_of(session, letter.address)
        if secret is not None:
            try:
                where = link_to(settings, letter.kind, secret)
                text = composed(speech(language, texts), letter.kind, where)
                _send(settings, _addressed(settings, letter.address, text))
            except (smtplib.SMTPException, OSError) as fault:
                LOG.warning("letters.failed kind=%s", type(fault).__name__)
                break
            out += 1
        with database.writing() as session:
            letters.sent(session, letter.id)
    return out


def link_to(settings: Settings, kind: str, secret: str = "") -> str:
    """Return the address of the page that a letter of this kind leads to; none for most kinds."""
    if kind not in PATHS:
        return ""
    root = settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"
    return f"{root}/{PATHS[kind]}" + (f"?link={secret}" if secret else "")


def composed(told: Speech, kind: str, where: str) -> EmailMessage:
    """Return a letter of this kind in a language, with the address that it leads to."""
    mark = TO_THE_RIGHT if told.direction == "rtl" else ""
    subject, text = (mark + told.text(english) for english in TEXTS[kind])
    message = EmailMessage()
    message["Subject"] = subject
    message.set_content(f"{text}\n\n{where}\n" if where else f"{text}\n")
    message["Content-Language"] = told.language  # after the content, which takes such headers away
    return message


def _addressed(settings: Settings, address: str, message: EmailMessage) -> EmailMessage:
    message["From"], message["To"] = settings.mail_from, address
    message["Message-ID"] = make_msgid(domain=settings.mail_from.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
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
