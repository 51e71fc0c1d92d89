"""`python -m bench.pages`: what a page costs beside the JSON of the same data and a bare template.

One process, calls in turn, so that a busy machine slows all three alike: the page of the list and
of a request, the same data from the REST interface by the same session, and a template of the same
size that only repeats a text. Prints medians in milliseconds, ratios and bytes.
"""

import gzip
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from fastapi.testclient import TestClient
from jinja2 import Environment

from app.accounts import service as accounts
from app.accounts import sessions
from app.accounts.sessions import Visitor
from app.config import Settings
from app.kit.db import Database
from app.kit.schema import migrate
from app.setting_up import load_reference
from app.wiring.callers import COOKIE
from app.wiring.house import open_house
from bench.machine import describe
from tests.factories.clients import Clients

REQUESTS, TIMES = 60, 200
BARE = Environment(autoescape=True).from_string("{% for one in rows %}<p>{{ one }}</p>{% endfor %}")
SUMMARY = "Police and prosecutors meet electronic evidence in most cases of fraud. " * 8


def main() -> None:
    """Print a table of what pages cost."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            database_url=f"sqlite:///{Path(folder) / 'pages.db'}", api_limit=0, filing_limit=0
        )
        database = Database(settings.database_url)
        migrate(database.engine)
        database.close()
        house = open_house(settings)
        with house.database.writing() as session:
            load_reference(session, house.shelf)
        house.database.close()
        with Clients(settings) as clients:
            _measure_all(clients)


def _measure_all(clients: Clients) -> None:
    coordinator = clients.as_("resident_coordinator", "KEN")
    references = []
    for number in range(REQUESTS):
        need = {"area": "D", "topic": "D6a", "text": f"Need {number}: training in evidence."}
        body = {"countries": ["KEN"], "title": f"Request {number}", "summary": SUMMARY}
        filed = coordinator.post("/requests", body | {"needs": [need] * 3}).ok()
        references.append(filed.body["reference"])
    with clients.house.database.writing() as session:
        account = accounts.link_identity(session, coordinator.person_id, "https://bench", "one")
        opened = sessions.begin(session, account, Visitor("127.0.0.1"), pending=False)
    headers = {"cookie": f"{COOKIE}={opened.secret}"}
    one = f"/requests/{references[0]}"
    for line in describe():
        print(f"* {line}")
    print("\n| page | page ms | JSON ms | bare ms | page/JSON | page/bare | bytes | compressed |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    _row(clients.http, headers, "the list", ("/requests", "/api/v1/requests?limit=25"))
    _row(clients.http, headers, "a request", (one, f"/api/v1{one}"))


def _row(http: TestClient, headers: dict[str, str], name: str, addresses: tuple[str, str]) -> None:
    page, plain = addresses
    html = headers | {"accept": "text/html", "accept-encoding": "identity"}
    content = http.get(page, headers=html).text
    pieces = [content[at : at + 200] for at in range(0, len(content), 200)]
    ways: tuple[Callable[[], object], ...] = (
        lambda: http.get(page, headers=html),
        lambda: http.get(plain, headers=headers),
        lambda: BARE.render(rows=pieces),
    )
    taken: list[list[float]] = [[], [], []]
    for _ in range(TIMES):
        for times, way in zip(taken, ways, strict=True):
            began = time.perf_counter()
            way()
            times.append((time.perf_counter() - began) * 1000)
    own, json, bare = (statistics.median(times) for times in taken)
    packed = len(gzip.compress(content.encode(), 6))
    print(
        f"| {name} | {own:.2f} | {json:.2f} | {bare:.2f} | {own / json:.2f} | {own / bare:.1f} "
        f"| {len(content.encode())} | {packed} |"
    )


if __name__ == "__main__":
    main()
