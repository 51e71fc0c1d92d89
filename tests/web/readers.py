"""People who read pages, without a browser: what they are shown, and what their forms send."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Any

import httpx2

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


class Forms(HTMLParser):
    """The forms of a page by their address: what their fields would send as they are shown."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.found: dict[str, dict[str, list[str]]] = {}
        self._inside: dict[str, list[str]] | None = None
        self._text: list[str] | None = None
        self._pick: list[str] | None = None
        self._first: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take up a form or a field."""
        known = {name: value or "" for name, value in attrs}
        if tag == "form" and known.get("method") == "post":
            self._inside = self.found.setdefault(known.get("action", ""), {})
        if tag == "option" and self._pick is not None:
            self._offer(known)
        if self._inside is None or "name" not in known:
            return
        if tag == "textarea":
            self._text = self._inside.setdefault(known["name"], [])
            self._text.append("")
        elif tag == "select":
            self._pick, self._first = self._inside.setdefault(known["name"], []), []
        elif tag == "input" and sends(known):
            self._inside.setdefault(known["name"], []).append(known.get("value", ""))

    def _offer(self, option: Mapping[str, str]) -> None:
        assert self._pick is not None
        if "selected" in option:
            self._pick.append(option["value"])
        self._first = self._first or [option["value"]]

    def handle_data(self, data: str) -> None:
        """Take up what stands in a text field; the first line break of one is the page's."""
        if self._text is not None:
            self._text[-1] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close a form or a field."""
        if tag == "form":
            self._inside = None
        elif tag == "textarea":
            self._text = None
        elif tag == "select" and self._pick is not None:
            self._pick += [] if self._pick else self._first
            self._pick = None


def sends(known: Mapping[str, str]) -> bool:
    """Whether a field is sent with its form as it stands."""
    return known.get("type") not in ("radio", "checkbox", "file") or "checked" in known


@dataclass(frozen=True)
class Reader:
    """One person in a browser that runs no scripts; `cookies` are those besides the session's."""

    http: httpx2.Client
    secret: str
    cookies: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What a browser sends along with each call."""
        own = f"{COOKIE}={self.secret}"
        return {**BROWSER, "cookie": f"{own}; {self.cookies}" if self.cookies else own}

    def get(self, path: str, language: str = "") -> httpx2.Response:
        """Return the answer at an address; redirections are not followed."""
        spoken = {"accept-language": language} if language else {}
        headers = {**self.headers, **spoken}
        return self.http.get(path, headers=headers, follow_redirects=False)

    def page(self, path: str) -> str:
        """Return the page at an address, which must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {words_of(answer.text)}"
        return answer.text

    def form(self, path: str, shown: str = "", to: str = "") -> dict[str, list[str]]:
        """Return what a form of a page holds; `to` is its address where it is not the page's."""
        forms = Forms(shown or self.page(path)).found
        assert (to or path) in forms, f"no form for {to or path} on {path}, but for {list(forms)}"
        return forms[to or path]

    def send(
        self,
        path: str,
        typed: Mapping[str, Any] | None = None,
        shown: str = "",
        /,
        to: str = "",
        **more: Any,
    ) -> httpx2.Response:
        """Fill in a form of a page (as it is, or as it was `shown`) and send it."""
        held = self.form(path, shown, to)
        return self.post(to or path, {**held, **(typed or {}), **more})

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
