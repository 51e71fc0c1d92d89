"""`entente demo`: make a demonstration installation, play it by the API, and serve it."""

import os
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated

import httpx2
import typer
import uvicorn

from app.cli.common import Office, office, told
from app.cli.demo import cast
from app.cli.demo.filings import SEEDS
from app.cli.demo.play import main_play, seed_play
from app.cli.demo.stage import Stage, by
from app.kit import clock, schema
from app.kit.errors import Unavailable
from app.setting_up import load_reference

DATABASE = "sqlite:///entente-demo.db"
COUNTRIES = ("KEN", *dict.fromkeys(c for seed in SEEDS for c in seed["countries"]))


def demo(
    serve: Annotated[bool, typer.Option(help="Serve afterwards.")] = True,
    port: Annotated[int, typer.Option(help="Port to serve on.")] = 8000,
) -> None:
    """Play one request from draft to closed by the API, seed twelve more, and serve it all."""
    os.environ.setdefault("ENTENTE_DATABASE_URL", DATABASE)
    os.environ["ENTENTE_PORT"] = str(port)
    os.environ["ENTENTE_API_LIMIT"] = "0"  # the play is faster than people
    # Without serving afterwards any free port will do.
    with told(), office() as place, _server(place, port if serve else 0) as (server, stage):
        if len(stage.players) > 1:
            _play(stage)
        else:
            _tell_what_is_there(stage)
        if serve:
            _invite(stage, port, _guests(place) if len(stage.players) > 1 else {})
            server.wait()


def _prepare(place: Office) -> dict[str, cast.Player]:
    """Migrate, load what every installation holds, and enrol the cast if nobody is there yet.

    Where the demonstration is already, only the desk officer comes back, with a new token.
    """
    schema.migrate(place.database.engine)
    with place.database.writing() as session:
        load_reference(session, place.shelf)
        key = place.settings.token_key.get_secret_value()
        if cast.present(session):
            return cast.recall(session, key)
        return cast.gather(session, key, cast.everybody(session, COUNTRIES))


class Server:
    """The service, running in a thread of this process."""

    def __init__(self, port: int) -> None:
        """Take the port on loopback; raises Unavailable when it is taken."""
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind(("127.0.0.1", port))
        except OSError:
            self._socket.close()
            words = f"Port {port} is taken; choose another: make demo ARGS='--port {port + 1}'"
            raise Unavailable("demo.port", words) from None
        self.port: int = self._socket.getsockname()[1]
        settings = uvicorn.Config(
            "app.main:create_app",
            factory=True,
            log_level="warning",
            access_log=False,
            loop="uvloop",
            http="httptools",
        )
        self._server = uvicorn.Server(settings)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True
        )

    def start(self) -> None:
        """Start, and return once calls are answered. Raises Unavailable after ten seconds."""
        self._thread.start()
        for _ in range(200):
            if self._server.started:
                return
            time.sleep(0.05)  # uvicorn offers nothing to wait for
        raise Unavailable("demo.start", "The service did not start.")

    def wait(self) -> None:
        """Serve until interrupted."""
        try:
            while self._thread.is_alive():
                self._thread.join(timeout=1)
        except KeyboardInterrupt:
            typer.echo("Stopped.")

    def stop(self) -> None:
        """Stop and wait for the end."""
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._socket.close()


@contextmanager
def _server(place: Office, port: int) -> Iterator[tuple[Server, Stage]]:
    # The port first: a play for which there is no place must leave no half-made cast behind.
    server = Server(port)
    players = _prepare(place)
    server.start()
    with httpx2.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=30) as http:
        try:
            yield server, Stage(by(http), players, typer.echo)
        finally:
            server.stop()


def _play(stage: Stage) -> None:
    typer.secho("People of the demonstration and their tokens:", bold=True)
    for player in stage.players.values():
        if (
            player.part in cast.DESK
            or ":KEN" in player.part.key
            or player.part.entity in cast.SHOWN
        ):
            typer.echo(f"  {player.part.key:<18} {player.part.role:<22} {player.token}")
    reference = main_play(stage, clock.today())
    typer.secho(f"The timeline of {reference}:", bold=True)
    events = stage.timeline("auditor", reference)
    moves = [event for event in events if event["kind"] in ("moved", "request_opened")]
    for event in moves:
        step = event["data"]
        told_step = (
            f"{step['trigger']}: {step['from']} -> {step['to']}" if "to" in step else "opened"
        )
        typer.echo(f"  {event['number']:>4}  {event['at'][:19]}  {told_step}  ({event['actor']})")
    typer.echo(f"  and {len(events) - len(moves)} acts between them.")
    quiet = Stage(stage.send, stage.players)
    with typer.progressbar(SEEDS, label="Twelve more requests") as seeds:
        for seed in seeds:
            seed_play(quiet, clock.today(), seed)


def _tell_what_is_there(stage: Stage) -> None:
    """Tell what an earlier run left, and whether it ended before its end."""
    anew = "Remove entente-demo.db to begin anew."
    if not stage.players:
        typer.echo(f"This database has people of its own: nothing is played. {anew}")
        return
    found = stage.read("desk", "/requests?limit=50")["items"]
    typer.secho("The demonstration is here already. The desk sees:", bold=True)
    for seen in sorted(found, key=lambda seen: str(seen["reference"])):
        typer.echo(f"  {seen['reference']}  {seen['state']:<14} {seen['title']}")
    if SEEDS[-1]["title"] not in [seen["title"] for seen in found]:
        typer.echo("An earlier run was interrupted before its end.")
    typer.echo(anew)


def _guests(place: Office) -> dict[str, str]:
    """Return, by name and address, the secrets of links by which guests come in at the pages."""
    with place.database.writing() as session:
        return {
            f"{part.name} ({part.key}.example)": cast.welcome(session, part) for part in cast.GUESTS
        }


def _invite(stage: Stage, port: int, guests: Mapping[str, str]) -> None:
    base = f"http://127.0.0.1:{port}"
    for name, secret in guests.items():
        typer.secho(f"{name}: choose a password at this address, then sign in", bold=True)
        typer.echo(f"  {base}/sign-in/invitation?link={secret}")
    first = f"{base}/api/v1/requests/TA-{clock.today().year}-00001"
    typer.secho(f"Serving on {base}. Open {base}/healthz, {base}/openapi.json, or try:", bold=True)
    lines = (
        f"export TOKEN={stage.players['desk'].token if stage.players else '...'}",
        f'curl -H "Authorization: Bearer $TOKEN" {base}/api/v1/me',
        f'curl -H "Authorization: Bearer $TOKEN" "{base}/api/v1/requests?limit=20"',
        f'curl -H "Authorization: Bearer $TOKEN" "{base}/api/v1/requests?stage=assessment"',
        f'curl -i -H "Authorization: Bearer $TOKEN" {first}/status',
        f'curl -H "Authorization: Bearer $TOKEN" {first}/timeline',
        f'curl -H "Authorization: Bearer $TOKEN" {base}/api/v1/workflows/needs_assessment/1/check',
    )
    for line in lines:
        typer.echo(f"  {line}")
