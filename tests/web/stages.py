"""A served house without any provider, and people at its pages in real browser windows."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

import uvicorn
from playwright.sync_api import Browser, Page

from app.config import Settings
from app.directory import service as directory
from app.directory.schemas import GrantBody, PersonBody, Role
from app.main import create_app
from app.wiring.house import House
from tests.web.readers import signed_in
from tests.web.windows import Watch


@dataclass
class Stage:
    """A served house, and the windows that are open at it."""

    url: str
    house: House
    watch: Watch

    def enter(
        self, role: Role, country: str | None = None, *, scripts: bool, name: str = ""
    ) -> Page:
        """Return a page of a window in which a new person with that role is signed in."""
        grant = GrantBody(role=role, country=country)
        with self.house.database.writing() as session:
            body = PersonBody(name=name or role, grants=(grant,))
            person = directory.enrol(session, None, body).id
        secret = signed_in(self.house, person)
        return self.watch.open(secret, java_script_enabled=scripts).new_page()

    def clear(self) -> None:
        """Close every window; nothing may have been heard in them."""
        self.watch.close()


@contextmanager
def staged(settings: Settings, browser: Browser) -> Iterator[Stage]:
    """Serve a house on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        app = create_app(settings)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, loop="asyncio", ws="none"))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            yield Stage(url, app.state.house, Watch(browser, url))
        finally:
            server.should_exit = True
            thread.join(30)
