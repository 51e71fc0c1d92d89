"""Taking a document in, in stages: no transaction is open while it is sealed or looked into.

Its file is written before its row, and its row before anything reads it. Killed between two stages,
the call leaves an orphan for the sweep, or a document in quarantine that the worker takes up.
"""

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

from fastapi import Response

from app.files.vault import Verdict
from app.kit.errors import Invalid
from app.requests import vault as keys
from app.requests.schemas import AttachmentView
from app.requests.service import documents
from app.wiring import answers
from app.wiring.desk import Desk

REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Taken:
    """A document in quarantine, and what was found about it."""

    attachment: int
    verdict: Verdict


def take(desk: Desk, reference: str, name: str, document: BinaryIO) -> Response:
    """Take in one document of a request and answer for it.

    Raises Invalid `attachment.refused` with the reason when something stands against it; what the
    scanner could not be asked about stays in quarantine and is answered as such.
    """
    if (given := desk.answered()) is not None:
        return given
    with desk.stage(keep=True) as session:
        upload = documents.named(name, desk.house.settings.files_quota, _key(desk))
        request = desk.request_to_add(reference)
        documents.admit(session, desk.shelf, desk.actor, request, upload)
        lock = keys.key_of(session, request.id)
    kept = desk.house.vault.keep(document, lock)
    with desk.stage(keep=True) as session:
        request = desk.request_to_add(reference)
        documents.admit(session, desk.shelf, desk.actor, request, upload)
        attachment = documents.lodge(session, desk.actor, request, upload, kept).id
    verdict = desk.house.vault.examine(document, upload.kind.name, lock)
    if verdict.status == REFUSED or verdict.renewed is not None:
        with desk.stage(keep=True) as session:
            verdict = documents.fitting(session, attachment, verdict, upload.quota)
            if verdict.status == REFUSED:
                documents.settle(session, desk.actor, attachment, verdict)
    if verdict.status == REFUSED:
        raise Invalid("attachment.refused", documents.why(verdict.reason))
    taken = Taken(attachment, verdict)
    return desk.carry_out(lambda: _settled(desk, reference, taken))


def _settled(desk: Desk, reference: str, taken: Taken) -> Response:
    request = desk.request(reference)
    row = documents.settle(desk.session, desk.actor, taken.attachment, taken.verdict)
    place = f"/api/v1/requests/{reference}/attachments/{row.id}"
    return desk.created(AttachmentView.model_validate(row), place, request.revision)


def _key(desk: Desk) -> str | None:
    """Return what makes this call known again: its key, and whose it is."""
    key = answers.key_of(desk.key)
    told = f"{desk.actor.person_id}\0{key}"
    return hashlib.sha256(told.encode()).hexdigest() if key else None
