"""The matrix of the pages that show or do what an operation does: as the operation, cell by cell.

An ordinary run calls so many cells that all are reached in turn; a thorough one calls every cell.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pytest

from app.web import visit
from tests.policy.asgi import Call, Heard, hear
from tests.policy.ground import Prepared, Subject
from tests.policy.matrix import operations
from tests.policy.outcomes import Rights
from tests.policy.pages import SENT, TWINS, Try
from tests.policy.people import BROWSERS, Principal
from tests.policy.shown import Reading
from tests.policy.test_matrix import foreign
from tests.policy.twins import TwinCell, allowed, call_of, twin_cells, unreadable
from tests.sampling import THOROUGH

WHO = ("none", *BROWSERS)
CALLS = 100_000 if THOROUGH else 1600
"""How many cells are called, or some more where every page is to be met."""
TRIES = (Try(), Try(reads=True))


def chosen(ground: Prepared) -> Iterator[tuple[str, TwinCell, Try]]:
    """Yield cells in even steps: principals, pages and requests all come in turn."""
    every = [(name, cell) for cell in twin_cells(ground) for name in WHO]
    # Of seventeen principals each one is met, and every page by one of them at least.
    step = max(1, min(len(every) // CALLS, len(WHO) - 1))
    for number, (name, cell) in enumerate(every[::step]):
        yield name, cell, TRIES[number % 4 == 3]


def answers(
    ground: Prepared, cells: Sequence[tuple[str, TwinCell, Try]]
) -> Iterator[tuple[tuple[str, TwinCell, Try], Heard]]:
    """Call cells, and yield each with its answer."""
    calls = [call_of(ground, ground.principals[name], cell, how) for name, cell, how in cells]
    yield from zip(cells, hear(ground.clients.http, calls), strict=True)


def faults(
    ground: Prepared,
    cells: Sequence[tuple[str, TwinCell, Try]],
    closed: Mapping[str, set[str]] = MappingProxyType({}),
) -> list[str]:
    """Return every cell that came out otherwise than its operation, or shows what it must not."""
    rights = Rights(ground.clients.house.shelf.latest("needs_assessment").definition)
    found = []
    for (name, cell, how), answer in answers(ground, cells):
        (twin, subject), who = cell, ground.principals[name]
        told = {(one.status, one.code) for one in allowed(cell, who, how, rights)}
        named = f"{name}: {twin.page.method} {twin.page.path} on {subject.name if subject else ''}"
        if (answer.status, answer.code) not in told:
            found.append(f"{named} {how}: {answer.status} {answer.code}, not {told}")
        if strange := foreign(ground, who, answer):
            found.append(f"{named}: shows {strange}")
        if subject is not None and unreadable(who, subject):
            text = answer.body.decode()
            found += [
                f"{named}: lets read {one!r}" for one in closed.get(subject.name, ()) if one in text
            ]
    return found


def restricted(ground: Prepared) -> dict[str, set[str]]:
    """Return, by request, the texts that stand in restricted fields of its answers and nowhere else.

    Read by the desk, which reads them all, from the API; its description tells the classes.
    """
    document = ground.clients.app.openapi()
    reading = Reading(document)
    desk = ground.principals["desk_officer"]
    wanted = [
        (operation, subject)
        for operation in operations(document)
        if operation.method == "GET" and operation.about_request and operation.answer
        for subject in ground.subjects.values()
    ]
    calls = [_read(operation.path, subject, desk) for operation, subject in wanted]
    closed: dict[str, set[str]] = {name: set() for name in ground.subjects}
    open_to_all: set[str] = set()
    for (operation, subject), answer in zip(wanted, hear(ground.clients.http, calls), strict=True):
        if answer.status != 200:
            continue
        for met in reading.fields(operation.answer, answer.content):
            if isinstance(met.value, str) and " " in met.value:
                (closed[subject.name] if met.kind == "restricted" else open_to_all).add(met.value)
    for pack in ground.clients.house.shelf:  # what stands in the packs is published
        for part in (pack.areas, pack.principles, pack.questionnaire):
            open_to_all |= set(texts_in(part.model_dump()))
    return {name: texts - open_to_all for name, texts in closed.items()}


def texts_in(content: Any) -> Iterator[str]:
    """Yield every text within values."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        yield from (text for one in content.values() for text in texts_in(one))
    elif isinstance(content, list | tuple):
        yield from (text for one in content for text in texts_in(one))


def _read(path: str, subject: Subject, who: Principal) -> Call:
    where = path.replace("{ref}", subject.reference).replace("{number}", "1")
    return Call("GET", where.replace("{code}", "x"), who.credential())


def test_every_page_answers_as_its_operation_does(sqlite_ground: Prepared) -> None:
    cells = list(chosen(sqlite_ground))
    assert {name for name, _, _ in cells} == set(WHO)
    told = {cell[0].page.name for _, cell, _ in cells}
    assert told == set(TWINS)
    closed = restricted(sqlite_ground)
    assert len(closed["in delivery"]) > 5
    assert all(not text.startswith("Help marker") for texts in closed.values() for text in texts)
    found = faults(sqlite_ground, cells, closed)
    assert found == [], "\n".join(found)


def test_no_form_is_taken_that_a_page_of_ours_did_not_send(sqlite_ground: Prepared) -> None:
    who = "resident_coordinator's session"
    posts = [
        cell
        for cell in twin_cells(sqlite_ground)
        if cell[0].page.method == "POST" and (cell[1] is None or cell[1].name == "own")
    ]
    codes = {"cross-site": "csrf.cross_site", "another origin": "csrf.origin"}
    tries = {Try(signed=False): "csrf.token", Try("unsaid"): "csrf.origin"}
    tries |= {Try(site): code for site, code in codes.items()}
    assert {how.site for how in tries} == set(SENT)
    cells = [(who, cell, how) for cell in posts for how in tries]
    for (_, cell, how), answer in answers(sqlite_ground, cells):
        assert (answer.status, answer.code) == (403, tries[how]), (cell[0].page.path, how)


def test_who_is_not_signed_in_comes_back_to_the_page_after_the_entrance(
    sqlite_ground: Prepared,
) -> None:
    gets = [
        cell
        for cell in twin_cells(sqlite_ground)
        if cell[0].page.method == "GET" and (cell[1] is None or cell[1].name == "own")
    ]
    cells = [("none", cell, Try(reads=True)) for cell in gets]
    for (_, cell, _), answer in answers(sqlite_ground, cells):
        where = call_of(sqlite_ground, sqlite_ground.principals["none"], cell, Try()).path
        assert answer.headers["location"] == f"/sign-in?next={where}", where


@pytest.fixture
def overviews(sqlite_ground: Prepared) -> list[tuple[str, TwinCell, Try]]:
    """The overview of every request, by those who may see few of them."""
    return [
        (name, cell, Try())
        for cell in twin_cells(sqlite_ground)
        if cell[0].page.name in {"page_request", "page_edit_request"}
        for name in ("assessor's session", "focal_point's session")
    ]


def test_the_matrix_notices_a_page_of_what_is_not_one_s_own(
    sqlite_ground: Prepared,
    overviews: list[tuple[str, TwinCell, Try]],
    see_all: Callable[[], None],
) -> None:
    assert faults(sqlite_ground, overviews) == []
    see_all()
    found = "\n".join(faults(sqlite_ground, overviews))
    assert "assessor's session: GET /requests/{ref} on foreign country's" in found
    assert "shows {'marker" in found


def test_the_matrix_notices_a_form_that_cannot_be_sent(
    sqlite_ground: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = [
        ("auditor's session", cell, Try())
        for cell in twin_cells(sqlite_ground)
        if cell[0].form and cell[1] is not None and cell[1].name == "in delivery"
    ]
    assert faults(sqlite_ground, cells) == []
    monkeypatch.setattr(visit.Visit, "hold_acts", lambda _self: None)
    found = faults(sqlite_ground, cells)
    assert any("GET /requests/{ref}/delivery/activities/new" in one for one in found), found
