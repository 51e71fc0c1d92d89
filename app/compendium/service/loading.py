"""Loading: what a mandates pack says becomes entries, once."""

from collections.abc import Iterator
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium import entries
from app.compendium.entries import Kind
from app.compendium.service.recording import Change, Stamp, record
from app.compendium.tables import CompendiumEntry
from app.engine import mandates as packed
from app.engine.entries import Part


def load(session: Session, pack_mandates: packed.Mandates, at: datetime) -> int:
    """Bring the entries of a mandates pack into the tables and return how many were new.

    An entry that stands already is left as it is, whatever the pack says of it now: from the first
    loading on the compendium lives in the database (F13). A second run adds nothing. The founding
    speaks of every day; what a later pack adds speaks from its loading on.
    """
    known = {
        (kind, code)
        for kind, code in session.execute(
            sa.select(CompendiumEntry.kind, CompendiumEntry.code).distinct()
        )
    }
    new = [one for one in _told(pack_mandates) if (one.kind, one.code) not in known]
    if new:
        record(session, new, Stamp(at, at if known else None, pack_mandates.name))
    return len(new)


def _told(pack: packed.Mandates) -> Iterator[Change]:
    """Yield the entries of a pack; what names no day of review is reviewed with the mandates."""
    review = min(mandate.review_by for mandate in pack.mandates)
    listed: tuple[tuple[Kind, tuple[Part, ...]], ...] = (
        ("entity", pack.entities),
        ("mandate", pack.mandates),
        ("lead", pack.leads),
        ("arrangement", pack.arrangements),
    )
    for kind, parts in listed:
        for part in parts:
            told = {"review_by": review, **part.model_dump()}
            if isinstance(part, packed.Arrangement):
                told["valid_from"] = date.fromisoformat(f"{part.signed}-01")
            yield Change(kind, entries.read(kind, told))
