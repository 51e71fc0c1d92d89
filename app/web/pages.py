"""How pages are made: templates that hold no rules, and headers that let them load only our own."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.kit.errors import Forbidden, Refusal
from app.wiring.callers import cookie_of, csrf_fits
from app.wiring.house import House

if TYPE_CHECKING:
    from app.accounts.oidc import Provider

Word = Annotated[str, Form(max_length=400)]
STATUS = {"TooMany": 429, "Unauthenticated": 401, "Unavailable": 503, "Forbidden": 403}
HERE = Path(__file__).parent
CSP = "; ".join(
    (
        *("default-src 'none'", "style-src 'self'", "img-src 'self'", "form-action {forms}"),
        *("base-uri 'none'", "frame-ancestors 'none'", "object-src 'none'"),
    )
)
TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "FxiOS": "Firefox",
    "Safari": "Safari",
}
SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}
"""What browsers and systems call themselves, the telling name before those that others borrow."""


def browser(agent: str) -> str:
    """Return what a `User-Agent` says in the words of whoever uses it: "Firefox on Windows"."""
    known = next((name for mark, name in BROWSERS.items() if f"{mark}/" in agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in agent), "")
    return " on ".join(word for word in (known or "A browser", system) if word)


TEMPLATES.filters["browser"] = browser

api = APIRouter(include_in_schema=False)


@api.get("/static/entente.css")
def page_style() -> Response:
    """Give the style of the pages."""
    return Response((HERE / "static" / "entente.css").read_bytes(), media_type="text/css")


def render(name: str, status: int = 200, forms: str = "'self'", **shown: Any) -> HTMLResponse:
    """Return a page. `forms` is where its forms may lead, redirections included."""
    text = TEMPLATES.get_template(name).render(**shown)
    # With no-referrer a browser would call the origin of our own forms "null".
    headers = {
        "Content-Security-Policy": CSP.format(forms=forms),
        "Content-Language": "en",
        "Referrer-Policy": "same-origin",
    }
    return HTMLResponse(text, status, headers)


def status_of(fault: Refusal) -> int:
    """Return the number that a page answers a refusal with."""
    return next((STATUS[k.__name__] for k in type(fault).__mro__ if k.__name__ in STATUS), 422)


def provider_of(http: Request) -> "Provider | None":
    """Return the installation's identity provider, if it has one."""
    found: Provider | None = http.app.state.provider
    return found


def go(place: str) -> RedirectResponse:
    """Send the browser to another page of ours, to be read with GET."""
    return RedirectResponse(place, 303)


def own_form(http: Request, house: House, given: str) -> None:
    """Hold the token of a form against the session. Raises Forbidden."""
    if not csrf_fits(house.ring, cookie_of(http.headers) or "", given):
        raise Forbidden("csrf.token", "This page is too old: load it again, then send it.")
