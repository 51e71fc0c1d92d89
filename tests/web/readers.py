"""People who read pages, without a browser: what they are shown, and what their forms send."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

import httpx2
from fastapi.testclient import TestClient

from app.accounts import service as accounts
from app.accounts import sessions
from app.accounts.sessions import Visitor
from app.kit import clock
from app.wiring.callers import COOKIE
from app.wiring.house import House

ISSUER = "https://provider.example"
HIDDEN = re.compile(r'<input type="hidden" name="([a-z_.]+)" value="([^"]*)"')
BROWSER = {"accept": "text/html", "accept-encoding": "identity", "sec-fetch-site": "same-origin"}


def signed_in(house: House, person: int, *, assured: bool = False) -> str:
    """Return the secret of a new session of a person; `assured`: a second factor was just given."""
    with house.database.writing() as session:
        account = accounts.link_identity(session, person, ISSUER, f"person {person}")
        opened = sessions.begin(session, account, Visitor("192.0.2.1"), pending=False)
        opened.row.assured_at = clock.now() if assured else None
        return opened.secret


@dataclass(frozen=True)
class Reader:
    """One person in a browser that runs no scripts; `cookies` are those besides the session's."""

    http: TestClient
    secret: str
    cookies: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What a browser sends along with each call."""
        return {**BROWSER, "cookie": f"{COOKIE}={self.secret}; {self.cookies}"}

    def get(self, path: str) -> httpx2.Response:
        """Return the answer at an address; redirections are not followed."""
        return self.http.get(path, headers=self.headers, follow_redirects=False)

    def page(self, path: str) -> str:
        """Return the page at an address, which must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {words_of(answer.text)}"
        return answer.text

    def send(self, path: str, form: Mapping[str, Any], page: str | None = None) -> httpx2.Response:
        """Send the form of a page (at its own address) with these fields."""
        shown = self.page(path) if page is None else page
        return self.post(path, hidden(shown) | dict(form))

    def post(self, path: str, form: Mapping[str, Any], files: Any = None) -> httpx2.Response:
        """Send fields to an address."""
        headers = self.headers
        return self.http.post(path, headers=headers, data=form, files=files, follow_redirects=False)


def hidden(page: str) -> dict[str, str]:
    """Return what the last form of a page bears besides its fields; the first ones are the head's."""
    return {name: unescape(value) for name, value in HIDDEN.findall(page) if name != "back"}


def words_of(page: str) -> str:
    """Return the words of a page's main part, as they are read."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))
