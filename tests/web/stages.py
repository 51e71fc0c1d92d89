"""A served house without any provider, and people at its pages in real browser windows."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page

from app.config import Settings
from app.directory import service as directory
from app.directory.schemas import GrantBody, PersonBody, Role
from app.main import create_app
from app.wiring.callers import COOKIE
from app.wiring.house import House
from tests.web.readers import signed_in
from tests.web.rooms import PATIENCE


@dataclass
class Stage:
    """A served house, and the windows that are open at it."""

    url: str
    house: House
    browser: Browser
    windows: list[BrowserContext] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def enter(
        self, role: Role, country: str | None = None, *, scripts: bool, name: str = ""
    ) -> Page:
        """Return a page of a window in which a new person with that role is signed in."""
        grant = GrantBody(role=role, country=country)
        with self.house.database.writing() as session:
            body = PersonBody(name=name or role, grants=(grant,))
            person = directory.enrol(session, None, body).id
        context = self.browser.new_context(java_script_enabled=scripts)
        context.set_default_timeout(PATIENCE)
        url = self.url.replace("http:", "https:")
        secret = signed_in(self.house, person)
        context.add_cookies([{"name": COOKIE, "value": secret, "url": url, "secure": True}])
        context.on("weberror", lambda fault: self.faults.append(str(fault.error)))
        self.windows.append(context)
        page = context.new_page()
        page.on("console", self._hear)
        return page

    def _hear(self, said: object) -> None:
        text = str(getattr(said, "text", ""))
        if "Content Security Policy" in text:
            self.faults.append(text)

    def clear(self) -> None:
        """Close every window; whatever a page complained of is a fault."""
        for one in self.windows:
            one.close()
        self.windows.clear()
        assert self.faults == []


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
            yield Stage(url, app.state.house, browser)
        finally:
            server.should_exit = True
            thread.join(30)
