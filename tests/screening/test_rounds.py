"""Rounds follow one another: their tags never meet again, and conditions keep their last date."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.engine.packs import Pack
from app.kit import clock
from app.requests.tables import AssistanceRequest, Condition
from app.screening import service
from app.screening.service.rounds import verdicts_of
from tests.factories.clients import Client, Clients
from tests.screening.dossiers import REFERENCE, in_screening

PATH = f"/requests/{REFERENCE}/screening"


@pytest.fixture
def officer(clients: Clients) -> Client:
    """Someone who screens a request in its first round."""
    officer = clients.as_("screening_officer")
    clients.as_("screening_officer", nth=2)
    in_screening(clients.house, officer.person_id)
    return officer


@contextmanager
def at_hand(clients: Clients) -> Iterator[tuple[Session, Pack, AssistanceRequest]]:
    with clients.house.database.writing() as session:
        request = session.scalars(sa.select(AssistanceRequest)).one()
        yield session, clients.house.shelf.latest("needs_assessment"), request


def conditioned(clients: Clients, due_on: date) -> list[date | None]:
    """Set the same condition in the round at hand, pass, and return the dates of all duties."""
    with at_hand(clients) as (session, pack, request):
        row = service.current(session, request)
        found = verdicts_of(session, row.id)["P1.1"]
        found.condition, found.due_on = "Cover it in the work plan.", due_on
        session.flush()
        service.carry_conditions(session, pack, request.id)
        return list(session.scalars(sa.select(Condition.due_on)))


def test_no_tag_of_one_round_fits_another(clients: Clients, officer: Client) -> None:
    verdict = {"verdict": "met", "reason": "Seen in the file."}
    seen = {officer.get(PATH).ok().headers["etag"]}
    seen.add(officer.change("PUT", f"{PATH}/criteria/P1.1", verdict, of=PATH).ok().headers["etag"])
    with at_hand(clients) as (session, pack, request):
        service.open_round(session, pack, request.id, clock.now())
    again = {officer.get(PATH).ok().headers["etag"]}
    again.add(officer.change("PUT", f"{PATH}/criteria/P1.1", verdict, of=PATH).ok().headers["etag"])
    assert not seen & again
    assert len(seen | again) == 4


def test_a_condition_set_again_takes_its_new_date(clients: Clients, officer: Client) -> None:
    assert officer.get(PATH).status == 200
    assert conditioned(clients, date(2027, 1, 31)) == [date(2027, 1, 31)]
    with at_hand(clients) as (session, pack, request):
        service.open_round(session, pack, request.id, clock.now())
    assert conditioned(clients, date(2027, 6, 30)) == [date(2027, 6, 30)]
