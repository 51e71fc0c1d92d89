"""Pictures of the pages: `make screenshots` (a page, a role, two languages, two widths).

Plays the demonstration into a folder of its own (`--demo`, kept for the next time), signs a person
of each role in, and writes `screenshots/<page>-<language>-<width>.png`. Names of pages narrow it.
"""

import argparse
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import sqlalchemy as sa
import uvicorn
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from app.accounts import service as accounts
from app.accounts import sessions
from app.accounts.sessions import Visitor
from app.config import Settings
from app.directory.tables import RoleGrant
from app.main import create_app
from app.requests.tables import AssistanceRequest
from app.wiring.callers import COOKIE
from app.wiring.house import House
from scripts.browser import program
from scripts.pictures import PICTURES, Picture

ROOT = Path(__file__).resolve().parents[1]
SWITCHES = ("--no-sandbox", "--disable-gpu", "--force-device-scale-factor=1")
WIDTHS, LANGUAGES = (1280, 360), ("en", "ar")
ISSUER = "https://screenshots.example"


def played(folder: Path) -> Settings:
    """Return settings for a played demonstration; it is played once a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "entente-demo.db"
    url = f"sqlite:///{file}"
    if not file.exists():
        command = [
            sys.executable,
            "-c",
            "from app.cli.main import app; app()",
            "demo",
            "--no-serve",
        ]
        known = {**os.environ, "ENTENTE_DATABASE_URL": url, "PYTHONPATH": str(ROOT)}
        subprocess.run(command, check=True, cwd=ROOT, env=known, stdout=subprocess.DEVNULL)
    return Settings(database_url=url)


@contextmanager
def served(settings: Settings) -> Iterator[tuple[str, House]]:
    """Serve the demonstration on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        app = create_app(settings)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none"))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}", app.state.house
        finally:
            server.should_exit = True
            thread.join(10)


def signed_in(house: House, role: str) -> str:
    """Return the session of a new sign-in by the first person who holds a role."""
    name, _, scope = role.partition(":")
    place = (RoleGrant.country == scope) | (RoleGrant.entity == scope)
    with house.database.writing() as session:
        wanted = sa.select(RoleGrant.person_id).where(RoleGrant.role == name)
        person = session.scalars(wanted.where(place) if scope else wanted).first()
        if person is None:
            raise SystemExit(f"Nobody in the demonstration is {role}.")
        account = accounts.link_identity(session, person, ISSUER, f"{role} {os.urandom(4).hex()}")
        return sessions.begin(session, account, Visitor("127.0.0.1"), pending=False).secret


def by_state(house: House) -> dict[str, str]:
    """Return a reference of a request in each state."""
    with house.database.reading() as session:
        wanted = sa.select(AssistanceRequest.state, AssistanceRequest.reference)
        rows = session.execute(wanted.order_by(AssistanceRequest.id.desc())).all()
        return {row.state: row.reference for row in rows}


def take(browser: Browser, url: str, house: House, wanted: list[Picture], out: Path) -> None:
    """Take every picture in each language and width."""
    secrets = {role: signed_in(house, role) for role in {one.role for one in wanted} if role}
    references = by_state(house)
    for width in WIDTHS:
        for language in LANGUAGES:
            for one in wanted:
                context = browser.new_context(viewport={"width": width, "height": 900})
                cookies = {"__Host-entente-language": language}
                cookies |= {COOKIE: secrets[one.role]} if one.role else {}
                _sign(context, url, cookies)
                page = context.new_page()
                page.goto(url + one.path.format(**references))
                file = out / f"{one.name}-{language}-{width}.png"
                page.screenshot(path=file, full_page=True)
                wide = page.evaluate("document.documentElement.scrollWidth")
                told = f" WIDER than the window: {wide}" if wide > width else ""
                print(f"{file.name}{told}")
                context.close()


def _sign(context: BrowserContext, url: str, cookies: dict[str, str]) -> None:
    context.add_cookies(
        [
            {"name": name, "value": value, "url": url.replace("http:", "https:"), "secure": True}
            for name, value in cookies.items()
        ]
    )


def main() -> None:
    """Take the pictures that were asked for; all without a name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="Which pages, by the beginning of their name.")
    parser.add_argument("--demo", type=Path, default=ROOT / "screenshots" / "demo")
    parser.add_argument("--out", type=Path, default=ROOT / "screenshots")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    names = tuple(given.names)
    wanted = [one for one in PICTURES if not names or one.name.startswith(names)]
    found = program()
    if found is None:
        raise SystemExit("No Chromium here: run scripts/install-test-needs.")
    with served(played(given.demo)) as (url, house), sync_playwright() as kit:
        browser = kit.chromium.launch(executable_path=found, args=list(SWITCHES))
        take(browser, url, house, wanted, given.out)
        browser.close()


if __name__ == "__main__":
    main()
