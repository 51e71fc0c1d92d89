"""Windows of a real browser, and what must not be heard in any: others' hosts, our own refusals."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, WebError

from app.wiring.callers import COOKIE

REFUSED = "Content Security Policy"
"""What Chromium says of whatever the policy of a page does not let it load or run."""
PATIENCE = 30_000
"""How long a page may take to come on a busy machine, in ms; a test that passes never waits so."""


class Window(Protocol):
    """Opens the window of a player, who has given the second factor unless told otherwise."""

    def __call__(self, who: str, *, assured: bool = True) -> Page:
        """Return a page of it."""
        ...


@dataclass
class Watch:
    """Hears all windows of a journey: what they ask for elsewhere, and what our policy refuses.

    `ours` is where our pages are, `provider` the identity provider: its own pages may ask for more.
    """

    browser: Browser
    ours: str
    provider: str = ""
    heard: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, secret: str = "", **how: Any) -> BrowserContext:
        """Open a window at our pages, signed in with the secret of a session if there is one."""
        context = self.browser.new_context(base_url=self.ours, **how)
        context.set_default_timeout(PATIENCE)
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", self._failed)
        if secret:
            know(context, self.ours, {COOKIE: secret})
        self.contexts.append(context)
        return context

    def _asked(self, one: Request) -> None:
        if one.url.startswith(self.ours):
            return
        by = one.headers.get("referer", "")
        if not self.provider or not any(at.startswith(self.provider) for at in (one.url, by)):
            self.heard.append(f"asked for {one.url}")

    def _said(self, one: ConsoleMessage) -> None:
        if REFUSED in one.text and one.page and one.page.url.startswith(self.ours):
            self.heard.append(f"refused: {one.text}")

    def _failed(self, one: WebError) -> None:
        if one.page and one.page.url.startswith(self.ours):
            self.heard.append(f"failed: {one.error}")

    def close(self) -> None:
        """Close the windows; nothing may have been heard in them."""
        for one in self.contexts:
            one.close()
        self.contexts.clear()
        heard, self.heard = self.heard, []
        assert heard == []


@contextmanager
def watched(browser: Browser, ours: str, provider: str = "") -> Iterator[Watch]:
    """Watch the windows of one test."""
    watch = Watch(browser, ours, provider)
    try:
        yield watch
    finally:
        watch.close()


def know(context: BrowserContext, ours: str, cookies: dict[str, str]) -> None:
    """Give a window cookies of ours: they are for `https` alone, which this machine stands for."""
    place = ours.replace("http:", "https:")
    context.add_cookies(
        [{"name": n, "value": v, "url": place, "secure": True} for n, v in cookies.items()]
    )
