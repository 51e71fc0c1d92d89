"""`python -m bench.crowd`: what pages take where there are a million requests.

One process and one caller at a time: home, the list and its filters, and the reports, for somebody
of the desk, a coordinator (7,200 requests), a focal point (33,000), somebody of two entities, and a
coordinator who is a focal point as well (40,000), by the service's own login on PostgreSQL. Prints
medians in milliseconds; `--size` takes fewer requests.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from fastapi.testclient import TestClient
from pydantic import SecretStr

from app.accounts import service as accounts
from app.accounts import sessions
from app.accounts.sessions import Visitor
from app.config import Settings
from app.directory import service as directory
from app.directory.schemas import GrantBody, PersonBody
from app.jobs.figures import count_anew
from app.kit import clock
from app.main import create_app
from app.wiring.callers import COOKIE
from app.wiring.house import House, open_house
from bench.ground import TOKEN_KEY, Ground, fill, prepare
from bench.machine import describe
from tests import pg

SIZE, TIMES, ENOUGH = 1_000_000, 7, 4.0
KENYA = GrantBody(role="resident_coordinator", country="KEN")
ITU, UNODC = (GrantBody(role="focal_point", entity=one) for one in ("itu", "unodc"))
PEOPLE = {
    "desk": (GrantBody(role="desk_officer"),),
    "coordinator": (KENYA,),
    "focal point": (ITU,),
    "entities": (ITU, UNODC),
    "both": (KENYA, ITU),
}
LISTS = (
    *("/requests", "/requests?stage=matching", "/requests?country=KEN", "/requests?area=B"),
    *("/requests?group=LLDC", "/requests?overdue=true&sort=due", "/requests?q=forensics"),
    *("/requests?open=true", "/requests?sort=-updated", "/requests?topic=B1&open=true"),
    *("/requests?entity=itu", "/requests?region=Oceania&state=screening"),
    *("/requests?q=forensics&sort=-updated", "/requests?q=forensics&area=B"),
)
REPORTS = ("", "/places", "/topics", "/entities", "/maturity")
ADDRESSES = ("/", *LISTS, *(f"/reports{one}" for one in REPORTS))
ASKED = (
    "INSERT INTO involvements (request_id, entity, part, standing, since)"
    " SELECT id, 'itu', CASE id % 3 WHEN 0 THEN 'lead' ELSE 'support' END,"
    " CASE WHEN state = 'offered' THEN 'asked' ELSE 'accepted' END, updated_at"
    " FROM requests WHERE state IN ('offered', 'matching') AND id % 6 = 0"
)
"""What makes one entity's part of the house: every sixth request that is offered or matched."""


def populate(url: str, size: int) -> Ground:
    """Fill an empty database with requests, an entity's part of them, and people to ask."""
    ground = prepare(url)
    fill(ground, range(1, size + 1), fresh=False)
    house = open_house(Settings(database_url=url, token_key=SecretStr(TOKEN_KEY)))
    with house.database.engine.begin() as line:
        line.execute(sa.text(ASKED))
    with house.database.writing() as session:
        for name, grants in PEOPLE.items():
            body = PersonBody(name=name, email=f"{name[:5]}@crowd.example", grants=grants)
            directory.enrol(session, None, body)
        session.execute(sa.text("ANALYZE"))
    count_anew(house.database, clock.now())
    house.database.close()
    return ground.as_service()


def cookies(house: House) -> dict[str, str]:
    """Return a session of each person, as a browser sends it."""
    told = {}
    with house.database.writing() as session:
        for name in PEOPLE:
            address = sa.text("SELECT id FROM people WHERE email = :email")
            found = {"email": f"{name[:5]}@crowd.example"}
            person = session.scalars(address, found).one()
            account = accounts.link_identity(session, person, "https://crowd.example", name)
            opened = sessions.begin(session, account, Visitor("192.0.2.1"), pending=False)
            told[name] = f"{COOKIE}={opened.secret}"
    return told


def measured(url: str) -> Iterator[tuple[str, list[float]]]:
    """Yield the milliseconds of each page, for each person in turn."""
    settings = Settings(database_url=url, token_key=SecretStr(TOKEN_KEY), api_limit=0)
    with TestClient(create_app(settings), base_url="https://crowd.example") as http:
        held = cookies(http.app.state.house)  # type: ignore[attr-defined]  # it is the app's own
        for address in ADDRESSES:
            yield address, [_median(http, address, cookie) for cookie in held.values()]


def _median(http: TestClient, address: str, cookie: str) -> float:
    headers = {"cookie": cookie, "accept": "text/html"}
    taken: list[float] = []
    while len(taken) < TIMES and sum(taken) < ENOUGH * 1000:
        begun = time.perf_counter()
        answer = http.get(address, headers=headers)
        taken.append((time.perf_counter() - begun) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")
    return statistics.median(taken)


def show(kind: str, url: str) -> None:
    """Print what pages take on one database."""
    print(f"\n| {kind} | {' | '.join(PEOPLE)} |\n|---|{'---:|' * len(PEOPLE)}")
    for address, taken in measured(url):
        told = " | ".join(f"{one:,.0f}" for one in taken)
        print(f"| `{address}` | {told} |", flush=True)


def main() -> None:
    """Fill a database of each kind and print what pages take."""
    parser = argparse.ArgumentParser(prog="python -m bench.crowd", description=__doc__)
    parser.add_argument("--size", type=int, default=SIZE)
    size = parser.parse_args().size
    for line in describe():
        print(f"* {line}")
    with tempfile.TemporaryDirectory(prefix="entente-crowd-") as folder:
        show("SQLite", populate(f"sqlite:///{Path(folder) / 'crowd.db'}", size).url)
    with pg.postgres_server() as server, pg.database(server) as url:
        show("PostgreSQL", populate(url, size).url)


if __name__ == "__main__":
    main()
