"""Whether the service is alive, and whether it can do its work."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from app.kit import clock
from app.wiring.house import House
from app.wiring.readiness import alarms, lacks, waiting_entries, waiting_reviews

api = APIRouter(tags=["health"])


@api.get("/healthz", response_class=PlainTextResponse)
def alive() -> str:
    """Say that the process answers."""
    return "alive\n"


@api.get("/readyz", responses={503: {"description": "Not ready"}})
def ready(http: Request) -> Response:
    """Say whether the database can be written and its schema is the one this code expects."""
    house: House = http.app.state.house
    found = lacks(house.database)
    warns = [] if found else alarms(house.database)
    told = {"ready": not found, "lacks": found, "alarms": warns}
    return JSONResponse(told, 503 if found else 200)


@api.get("/metrics", response_class=PlainTextResponse)
def metrics(http: Request) -> str:
    """Give figures in the Prometheus text format."""
    unreviewed, overdue = waiting_reviews(http.app.state.house.database, clock.now())
    waits = waiting_entries(http.app.state.house.database)
    figures = {
        "entente_glass_unreviewed": ("gauge", unreviewed),
        "entente_glass_overdue": ("gauge", overdue),
        "entente_ledger_waiting": ("gauge", waits.entries),
        "entente_ledger_waiting_seconds": ("gauge", int(waits.seconds(clock.now()))),
        "entente_commits_waiting": ("gauge", http.app.state.commits.waiting),
        "entente_commits_total": ("counter", http.app.state.commits.made),
        "entente_moves_total": ("counter", http.app.state.commits.moves),
        "entente_known_tokens": ("gauge", len(http.app.state.house.known)),
    }
    return "".join(
        f"# TYPE {name} {kind}\n{name} {value}\n" for name, (kind, value) in figures.items()
    )
