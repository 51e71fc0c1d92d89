"""Writing a request: the draft, its texts and its needs, with every earlier wording kept."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.directory.tables import CountryRow
from app.engine.packs import Pack, Shelf
from app.kit import clock
from app.kit.errors import Blocker, Conflict, Forbidden, Invalid, NotFound
from app.kit.rows import as_house, hold
from app.requests import access, timeline
from app.requests.schemas import EditNeed, EditRequest, FileRequest, NeedBody
from app.requests.service import words
from app.requests.tables import (
    AssistanceRequest,
    Need,
    ReferenceCount,
    RequestCountry,
    TextVersion,
)

EMPTY: dict[str, Any] = {"regional": False, "cyber_labelled": True, "language": "en"}


def open_draft(session: Session, pack: Pack, actor: Actor, body: FileRequest) -> AssistanceRequest:
    """Open a draft for one or several countries.

    Raises Forbidden unless the actor coordinates one of them, Invalid for an unknown country or
    topic.
    """
    countries = _countries(session, body.countries)
    if not countries & actor.countries("resident_coordinator"):
        raise Forbidden("request.not_your_country", "You do not coordinate any of these countries.")
    _check_needs(pack, body.needs)
    now = clock.now()
    initial = pack.definition.states[pack.definition.initial]
    texts = body.model_dump(exclude={"countries", "needs", "follows"})
    request = AssistanceRequest(
        reference=_reference(session, now.year),
        workflow=pack.name,
        workflow_version=pack.version,
        workflow_hash=pack.sha256,
        state=pack.definition.initial,
        stage=initial.stage,
        revision=1,
        follows=_follows(session, actor, body.follows),
        created_by=actor.person_id,
        created_at=now,
        since=now,
        updated_at=now,
        **texts,
    )
    with as_house(session):  # nobody sees what has no country yet
        session.add(request)
        session.flush()
    hold(session, [request.id])
    session.add_all(RequestCountry(request_id=request.id, country=c) for c in sorted(countries))
    session.add_all(_need(request, n, need, "request") for n, need in enumerate(body.needs, 1))
    pinned = {"workflow": pack.label, "sha256": pack.sha256, "countries": sorted(countries)}
    timeline.begin(session, actor, request, pinned)
    words.keep(session, request)
    return request


def edit(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, body: EditRequest
) -> None:
    """Change a request's texts; the wording before stays readable.

    Raises Conflict or Forbidden (`access.permit`), Conflict too for other countries once it is
    filed, Invalid.
    """
    access.permit(session, shelf, actor, request, "request.edit")
    changes = body.model_dump(exclude_unset=True)
    countries = changes.pop("countries", None)
    before = {name: getattr(request, name) for name in changes}
    if countries is not None:
        before["countries"] = _change_countries(session, actor, request, countries)
    _keep(session, actor, request, "request", before)
    for name, value in changes.items():
        setattr(request, name, EMPTY.get(name, "") if value is None else value)
    timeline.record(
        session, actor, request, "request_edited", {"fields": sorted(body.model_fields_set)}
    )
    words.keep(session, request)


def add_need(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, body: NeedBody
) -> Need:
    """Add a need in the country's words. Raises Conflict, Forbidden, Invalid."""
    access.permit(session, shelf, actor, request, "request.edit")
    check_need(shelf.get(request.workflow, request.workflow_version), body)
    need = _need(request, next_number(session, Need, request), body, "request")
    session.add(need)
    timeline.record(session, actor, request, "need_added", {"need": need.number})
    return need


def edit_need(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    change: tuple[int, EditNeed],
) -> Need:
    """Change one need by number; the wording before stays readable. Raises NotFound, Invalid."""
    access.permit(session, shelf, actor, request, "request.edit")
    number, body = change
    need = session.scalar(
        sa.select(Need).where(Need.request_id == request.id, Need.number == number)
    )
    if need is None:
        raise NotFound("need.unknown", f"This request has no need {number}.")
    changes = body.model_dump(exclude_unset=True)
    if any(changes.get(name, "") is None for name in ("area", "priority", "dropped")):
        raise Invalid("need.required", "Area, priority and dropped cannot be emptied.")
    before = {name: getattr(need, name) for name in changes}
    _keep(session, actor, request, f"need:{number}", before)
    for name, value in changes.items():
        setattr(need, name, value if value is not None else ([] if name == "sensitivities" else ""))
    check_need(shelf.get(request.workflow, request.workflow_version), need)
    timeline.record(session, actor, request, "need_edited", {"need": number})
    return need


def check_need(pack: Pack, need: NeedBody | Need) -> None:
    """Refuse a topic outside the need's area, or a code that the pack does not know.

    Raises Invalid with every fault at once.
    """
    _refuse(list(faults_of(pack, need)))


def _check_needs(pack: Pack, needs: Sequence[NeedBody]) -> None:
    """Refuse the faults of several needs, all of them at once. Raises Invalid."""
    _refuse([fault for need in needs for fault in faults_of(pack, need)])


def _refuse(faults: Sequence[Blocker]) -> None:
    if faults:
        raise Invalid(faults[0].code, "Some codes of the needs are not known here.", faults)


def faults_of(pack: Pack, need: NeedBody | Need) -> Iterator[Blocker]:
    """Yield every code in a need that the pack does not know, or that is out of place."""
    areas = pack.areas
    topic = areas.topic_by_code.get(need.topic)
    if need.topic and (topic is None or need.topic[0] != need.area):
        yield Blocker("need.topic_unknown", "", {"topic": need.topic, "area": need.area})
    if need.kind and need.kind not in {kind.code for kind in areas.assistance_kinds}:
        yield Blocker("need.kind_unknown", "F1", {"kind": need.kind})
    if need.sector and need.sector not in {sector.code for sector in areas.sectors}:
        yield Blocker("need.sector_unknown", "F3a", {"sector": need.sector})
    for one in sorted(set(need.sensitivities) - {known.code for known in areas.sensitivities}):
        yield Blocker("need.sensitivity_unknown", "", {"sensitivity": one})


def next_number(session: Session, table: Any, request: AssistanceRequest) -> int:
    """Return the next free number of a part within its request, whose row the caller has locked."""
    highest = sa.select(sa.func.max(table.number)).where(table.request_id == request.id)
    return (session.scalar(highest) or 0) + 1


def _need(request: AssistanceRequest, number: int, body: NeedBody, origin: str) -> Need:
    content = body.model_dump()
    content["sensitivities"] = list(content["sensitivities"])
    return Need(request_id=request.id, number=number, origin=origin, **content)


def _keep(
    session: Session, actor: Actor, request: AssistanceRequest, part: str, before: dict[str, Any]
) -> None:
    session.add(
        TextVersion(
            request_id=request.id,
            part=part,
            revision=request.revision,
            content=before,
            by=actor.person_id,
            at=clock.now(),
        )
    )


def _countries(session: Session, wanted: tuple[str, ...]) -> frozenset[str]:
    known = set(session.scalars(sa.select(CountryRow.alpha3).where(CountryRow.alpha3.in_(wanted))))
    if unknown := sorted(set(wanted) - known):
        raise Invalid("country.unknown", f"Not a Member or observer State: {', '.join(unknown)}.")
    return frozenset(known)


def _change_countries(
    session: Session, actor: Actor, request: AssistanceRequest, wanted: tuple[str, ...]
) -> list[str]:
    """Let other countries ask, in a draft only, and return those before.

    From the filing on, everything rests on the countries: the assessment above all (F32).
    """
    of_it = RequestCountry.request_id == request.id
    before = sorted(session.scalars(sa.select(RequestCountry.country).where(of_it)))
    countries = _countries(session, wanted)
    if countries == set(before):
        return before
    if request.filed_at is not None:
        raise Conflict("request.countries_settled", "Other countries take a request of their own.")
    if not countries & actor.countries("resident_coordinator"):
        raise Invalid("request.not_your_country", "One of the countries must remain your own.")
    session.execute(sa.delete(RequestCountry).where(of_it))
    session.add_all(RequestCountry(request_id=request.id, country=c) for c in sorted(countries))
    return before


def _follows(session: Session, actor: Actor, reference: str | None) -> int | None:
    return access.find(session, actor, reference).id if reference else None


def _reference(session: Session, year: int) -> str:
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else pg_insert
    statement = (
        insert(ReferenceCount)
        .values(year=year, number=1)
        .on_conflict_do_update(index_elements=["year"], set_={"number": ReferenceCount.number + 1})
        .returning(ReferenceCount.number)
    )
    return f"TA-{year}-{session.execute(statement).scalar_one():05d}"
