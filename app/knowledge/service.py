"""The common repository: entries are added, found and read; a closed request leaves its lesson."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.engine.packs import Shelf
from app.kit import clock
from app.kit.errors import Invalid, NotFound
from app.kit.pages import Page, cut, decode
from app.kit.rows import as_house
from app.knowledge import rules
from app.knowledge.schemas import EntryBody, EntryView
from app.knowledge.tables import KnowledgeEntry
from app.requests.access import visible
from app.requests.service.publication import published
from app.requests.tables import AssistanceRequest, Need

K, R = KnowledgeEntry, AssistanceRequest


@dataclass(frozen=True, slots=True)
class Search:
    """What a list is narrowed to; every field is optional, and all given must hold."""

    kind: str | None = None
    topic: str | None = None
    q: str | None = None


def add_entry(session: Session, shelf: Shelf, actor: Actor, body: EntryBody) -> EntryView:
    """Add an entry. Raises Invalid for an unknown topic."""
    known = {topic.code for pack in shelf for topic in pack.areas.topics}
    unknown = rules.strangers(body.topics, known)
    if unknown:
        raise Invalid("knowledge.topic", f"There is no topic {unknown[0]}.")
    content = body.model_dump() | {"topics": sorted(set(body.topics))}
    row = KnowledgeEntry(**content, by=actor.person_id, at=clock.now())
    session.add(row)
    session.flush()
    return _view(row, None)


def keep_lesson(session: Session, request_id: int, actor: Actor, lesson: str, at: datetime) -> None:
    """Keep the lesson of a closing, under the topics of the request's needs (F51)."""
    topics = session.scalars(
        sa.select(Need.topic)
        .where(Need.request_id == request_id, Need.dropped.is_(False), Need.topic != "")
        .distinct()
        .order_by(Need.topic)
    ).all()
    session.add(
        KnowledgeEntry(
            kind="lesson",
            title=rules.title_of(lesson),
            text=lesson,
            topics=list(topics),
            request_id=request_id,
            by=actor.person_id,
            at=at,
        )
    )
    session.flush()


def _published() -> sa.Select[KnowledgeEntry]:
    """Every published entry, the same for everybody.

    What came from a request is published while every country of it consents; taken back at once.
    """
    return sa.select(K).where(sa.or_(K.request_id.is_(None), published(K.request_id)))


def _shown(session: Session, actor: Actor, query: sa.Select[KnowledgeEntry]) -> list[EntryView]:
    """Return published entries, with the reference of their request where the actor knows of it."""
    with as_house(session):  # whether it is published rests on requests that few may see
        rows = session.scalars(query).all()
    owners = {row.request_id for row in rows if row.request_id is not None}
    known = sa.select(R.id, R.reference).where(R.id.in_(owners), visible(actor))
    references = dict(session.execute(known).all()) if owners else {}
    return [_view(row, references.get(row.request_id or 0)) for row in rows]


def search(
    session: Session, actor: Actor, wanted: Search, cursor: str | None, limit: int
) -> Page[EntryView]:
    """Return one page, newest first. Raises Malformed for a cursor that is not ours."""
    query = _published()
    if wanted.kind:
        query = query.where(K.kind == wanted.kind)
    if wanted.topic:
        query = query.where(sa.cast(K.topics, sa.String).contains(f'"{wanted.topic}"'))
    for word in (wanted.q or "").split()[:8]:
        either = (field.icontains(word, autoescape=True) for field in (K.title, K.text))
        query = query.where(sa.or_(*either))
    if cursor:
        query = query.where(K.id < decode(cursor, (int,))[0])
    views = _shown(session, actor, query.order_by(K.id.desc()).limit(limit + 1))
    return cut(views, limit, lambda view: [view.id])


def read_entry(session: Session, actor: Actor, number: int) -> EntryView:
    """Return one entry. Raises NotFound."""
    found = _shown(session, actor, _published().where(K.id == number))
    if not found:
        raise NotFound("knowledge.unknown", "There is no such entry.")
    return found[0]


def _view(row: KnowledgeEntry, reference: str | None) -> EntryView:
    fields = ("id", "kind", "title", "text", "topics", "link", "at")
    return EntryView(request=reference, **{name: getattr(row, name) for name in fields})
