"""The documents of a dossier: taken in, released or refused, and given out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.directory.actor import Actor
from app.directory.tables import CountryRow
from app.engine.packs import Shelf
from app.files import service as files
from app.files.inspection.findings import REASONS
from app.files.kinds import KINDS, Kind, kind_of, tidy
from app.files.tables import QUARANTINED, REFUSED, StoredFile
from app.files.vault import Kept, Verdict
from app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from app.kit.rows import as_house
from app.requests import access, timeline, vault
from app.requests.rules import ANNEX
from app.requests.tables import AssistanceRequest, Attachment, AttachmentContent, RequestCountry

A, C = Attachment, CountryRow
ACT = "attachment.add"
MOST_DOCUMENTS = 100


@dataclass(frozen=True, slots=True)
class Upload:
    """A document as it came in: its tidy name, the kind this promises, and its caller's key."""

    name: str
    kind: Kind
    quota: int
    upload_key: str | None = None


def named(name: str, quota: int, upload_key: str | None) -> Upload:
    """Return an upload by the name that was sent. Raises Invalid for one that is not taken."""
    plain = tidy(name)
    return Upload(plain, kind_of(plain), quota, upload_key)


def admit(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, upload: Upload
) -> None:
    """See that a document may be added now. Raises Forbidden, Conflict, Invalid."""
    access.permit(session, shelf, actor, request, ACT)
    _room(session, request, upload.quota, 1)


def _room(session: Session, request: AssistanceRequest, quota: int, size: int) -> None:
    """See that there is room for so many bytes more. Raises Conflict."""
    held = sa.select(sa.func.count()).select_from(A).outerjoin(StoredFile)
    held = held.where(A.request_id == request.id, StoredFile.status.is_distinct_from(REFUSED))
    if (session.scalar(held) or 0) >= MOST_DOCUMENTS:
        told = f"A request holds at most {MOST_DOCUMENTS} documents; put several into one."
        raise Conflict("attachment.too_many", told)
    if (fullest := _fullest(session, request)) + size > quota:
        told = f"The documents of this country fill {fullest} of {quota} bytes."
        raise Conflict("attachment.quota", f"{told} Ask the office for more room.")


def _fullest(session: Session, request: AssistanceRequest) -> int:
    """Return how many bytes the documents of that country hold that holds most of the askers."""
    own = sa.select(RequestCountry.country).where(RequestCountry.request_id == request.id)
    query = (
        sa.select(sa.func.sum(A.size))
        .join(RequestCountry, RequestCountry.request_id == A.request_id)
        .outerjoin(StoredFile, StoredFile.id == A.file_id)
        .where(RequestCountry.country.in_(own), StoredFile.status.is_distinct_from(REFUSED))
        .group_by(RequestCountry.country)
    )
    with as_house(session):  # the room is the country's, whoever sees which of its requests
        return max((int(size) for size in session.scalars(query)), default=0)


def _take_turn(session: Session, request: AssistanceRequest) -> None:
    """Wait for whoever else adds to the room of the same countries, until they have committed.

    In one order, so that no two wait for each other; SQLite has one writer anyway.
    """
    own = sa.select(RequestCountry.country).where(RequestCountry.request_id == request.id)
    turn = sa.select(C.alpha3).where(C.alpha3.in_(own)).order_by(C.alpha3)
    session.execute(turn.with_for_update(key_share=True)).all()


def lodge(
    session: Session, actor: Actor, request: AssistanceRequest, upload: Upload, kept: Kept
) -> Attachment:
    """Take a sealed document into quarantine; the same call again finds what it left before.

    Its room is counted again, its bytes with it, while nobody else can add to it. Raises Conflict
    when there is none left, Invalid when its key came with another document.
    """
    before = files.known(session, upload.upload_key)
    if before is not None:
        row = session.scalar(sa.select(A).where(A.file_id == before.id))
        if row is None or row.request_id != request.id or before.sent_sha256 != kept.sha256:
            told = "This Idempotency-Key came with other content before; use a new key."
            raise Invalid("idempotency.other_content", told)
        return row
    _take_turn(session, request)
    _room(session, request, upload.quota, kept.size)
    file = files.lodge(session, kept, upload.kind.name, upload.upload_key)
    row = Attachment(
        request_id=request.id,
        name=upload.name,
        media_type=upload.kind.media_type,
        size=kept.size,
        sha256=kept.sha256,
        by=actor.person_id,
        at=file.at,
        file=file,
    )
    session.add(row)
    session.flush()
    return row


def fitting(session: Session, attachment: int, verdict: Verdict, quota: int) -> Verdict:
    """Return the verdict on a document, a refusal when it grew past its country's room.

    A picture is written anew and may be larger than what was sent: what it grew is counted while
    nobody else can add to the room, and held for it from then on.
    """
    row, file = _with_file(session, attachment)
    if verdict.renewed is None or file.status != QUARANTINED or verdict.renewed.size <= row.size:
        return verdict
    find = sa.select(AssistanceRequest).where(AssistanceRequest.id == row.request_id)
    request = session.scalars(find.with_for_update()).one()
    _take_turn(session, request)
    if _fullest(session, request) + verdict.renewed.size - row.size > quota:
        return Verdict(REFUSED, "room.full", verdict.scan)
    row.size = verdict.renewed.size
    session.flush()
    return verdict


def settle(session: Session, actor: Actor, attachment: int, verdict: Verdict) -> Attachment:
    """Write what becomes of a document in quarantine, and that it happened; once only."""
    row, file = _with_file(session, attachment)
    find = sa.select(AssistanceRequest).where(AssistanceRequest.id == row.request_id)
    request = session.scalars(find.with_for_update()).one()
    if not files.decide(session, file, verdict):
        return row
    row.size, row.sha256 = file.size, file.sha256
    told = {"attachment": row.id, "sha256": row.sha256, "size": row.size}
    if file.status == REFUSED:
        told = {"attachment": row.id, "sha256": file.sent_sha256, "reason": file.reason}
        timeline.record(session, actor, request, "attachment_refused", told)
        return row
    session.execute(sa.delete(AttachmentContent).where(AttachmentContent.attachment_id == row.id))
    timeline.record(session, actor, request, "attachment_added", told)
    return row


def _with_file(session: Session, attachment: int) -> tuple[Attachment, StoredFile]:
    query = sa.select(A).options(joinedload(A.file)).where(A.id == attachment)
    row = session.scalars(query.execution_options(populate_existing=True)).one()
    if row.file is None:
        raise NotFound("attachment.unknown", "There is no such document.")
    return row, row.file


def why(code: str) -> str:
    """Return in words why a document is not given out."""
    return REASONS.get(code, "It has not been looked into yet; try again in some minutes.")


def document(
    session: Session, request: AssistanceRequest, attachment: int
) -> tuple[Attachment, Kept]:
    """Return a released document and where its bytes lie.

    Raises NotFound, Forbidden for an annex, and Conflict for one that is in quarantine, refused or
    erased.
    """
    row, kept = released(session, request, attachment)
    if row.level == ANNEX:
        raise Forbidden("part.named_grant", "An annex opens only by a named grant of the country.")
    return row, kept


def released(
    session: Session, request: AssistanceRequest, attachment: int
) -> tuple[Attachment, Kept]:
    """Return a released document, an annex too. Raises as `document`, but for annexes."""
    query = sa.select(A).options(joinedload(A.file))
    row = session.scalar(query.where(A.id == attachment, A.request_id == request.id))
    if row is None:
        raise NotFound("attachment.unknown", "There is no such document in this request.")
    if row.file is None or not files.released(row.file):
        raise Conflict(f"attachment.{row.status}", why(row.reason))
    kept = files.kept_of(row.file, vault.held(session, request.id))
    if kept is None:
        raise Conflict("attachment.erased", "The document has been erased.")
    return row, kept


@dataclass(frozen=True, slots=True)
class Left:
    """A document that a crash, or a scanner that was away, has left in quarantine."""

    attachment: int
    kind: Kind
    kept: Kept


def left(session: Session, before: datetime, limit: int) -> list[Left]:
    """Return documents in quarantine since before a moment, oldest first."""
    query = sa.select(A.id, A.request_id, StoredFile).join(StoredFile, StoredFile.id == A.file_id)
    query = query.where(StoredFile.id.in_(files.waiting(session, before, limit)))
    rows = session.execute(query.order_by(StoredFile.at)).all()
    vault.fetch(session, [owner for _, owner, _ in rows])
    found = [
        (number, file, files.kept_of(file, vault.held(session, owner)))
        for number, owner, file in rows
    ]
    return [Left(number, KINDS[file.kind], kept) for number, file, kept in found if kept]


def unmoved(session: Session, limit: int) -> Sequence[int]:
    """Return documents from before the file store whose bytes are still in the database."""
    query = sa.select(A.id).join(AttachmentContent, AttachmentContent.attachment_id == A.id)
    return session.scalars(query.where(A.file_id.is_(None)).order_by(A.id).limit(limit)).all()


def old_content(session: Session, attachment: int) -> tuple[str, bytes]:
    """Return name and bytes of a document from before the file store."""
    query = sa.select(A.name, AttachmentContent.content)
    query = query.join(AttachmentContent, AttachmentContent.attachment_id == A.id)
    name, content = session.execute(query.where(A.id == attachment)).one()
    return name, content


def lock_of(session: Session, attachment: int) -> bytes:
    """Return the data key of the request that a document belongs to, made when there is none."""
    return vault.key_of(session, session.get_one(A, attachment).request_id)


def move(session: Session, attachment: int, upload: Upload, kept: Kept) -> None:
    """Give a document from before the file store its file, in quarantine like a new one."""
    query = sa.select(A).where(A.id == attachment, A.file_id.is_(None)).with_for_update()
    row = session.scalars(query).one_or_none()
    if row is None:
        return
    row.name, row.media_type = upload.name, upload.kind.media_type
    row.file_id = files.lodge(session, kept, upload.kind.name).id
    session.flush()
