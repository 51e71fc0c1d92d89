"""Taking the compendium out as a file, and comparing what comes back before it is proposed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import BinaryIO

from sqlalchemy.orm import Session

from app.compendium.entries import KINDS
from app.compendium.exchange import files
from app.compendium.exchange.files import Format
from app.compendium.schemas import ChangeBody, ComparedView, EntryVersion
from app.compendium.service.holding import held
from app.compendium.service.proposing import newest_of, stored, wishes_of
from app.compendium.service.reviewing import difference
from app.kit.errors import Invalid


def taken_out(session: Session, form: Format, as_of: date, known_at: datetime) -> bytes:
    """Return the entries that hold as of a moment, as known at a moment, as a file."""
    rows = [EntryVersion.model_validate(row) for row in held(session, KINDS, as_of, known_at)]
    listed = [(kind, row.code, row.told()) for kind in KINDS for row in rows if row.kind == kind]
    return files.written(listed, form, known_at)


def compared(session: Session, name: str, document: BinaryIO) -> ComparedView:
    """Return what a file would change, entry by entry; nothing is proposed yet.

    `changes` can be sent as they are in a proposal. Entries that the file does not hold stay as
    they are. Raises Invalid for a file or an entry that cannot be read.
    """
    bodies = []
    for kind, code, content in files.read(name, document):
        try:
            bodies.append(ChangeBody(kind=kind, code=code, content=content))
        except ValueError as fault:
            raise Invalid("import.entry", f"The {kind} {code!r} cannot be taken.") from fault
    return weighed(session, bodies)


def weighed(session: Session, bodies: Sequence[ChangeBody]) -> ComparedView:
    """Return what changes would make otherwise, without those that say what stands.

    Raises Invalid, and Conflict where one rests on a version that was overtaken.
    """
    newest = newest_of(session, {one.code for one in bodies})
    wishes = wishes_of(session, "change", bodies)
    told = [stored(wish) for wish in wishes]
    return ComparedView(
        unchanged=len(bodies) - len(wishes),
        difference=[difference(one, newest.get((one["kind"], one["code"]))) for one in told],
        changes=[ChangeBody.model_validate(one) for one in told],
    )
