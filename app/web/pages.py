"""How pages are made: templates that hold no rules, and headers that let them load only our own."""

import gzip
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.engine.packs import Shelf
from app.kit.errors import Forbidden, Refusal
from app.kit.speech import speech
from app.kit.text import LANGUAGES, preferred
from app.web import texts
from app.web.agents import browser
from app.web.candidates import barred, in_words
from app.web.differences import pieces
from app.web.forms import wrong
from app.web.static import ASSETS, HERE
from app.web.tell import ADVICE, TITLES, detail, reason, request_changed, request_in
from app.web.texts import NAMES, speaking
from app.wiring.callers import cookie_of, csrf_fits
from app.wiring.house import House

if TYPE_CHECKING:
    from app.accounts.oidc import Provider

Word = Annotated[str, Form(max_length=400)]
STATUS = {"TooMany": 429, "Unauthenticated": 401, "Unavailable": 503, "Forbidden": 403}
LANGUAGE = "__Host-entente-language"
YEAR = 31_536_000
WORTH, LARGE = 800, 65_536
"""Bytes from which it is worth to compress a page, and from which it is worth twice the work."""
CSP = "; ".join(
    (
        *("default-src 'none'", "style-src 'self'", "img-src 'self'", "form-action {forms}"),
        *("base-uri 'none'", "frame-ancestors 'none'", "object-src 'none'"),
    )
)
SCRIPTS = "; script-src 'self'; connect-src 'self'"
"""What is open besides to who is signed in: where passwords are typed no script runs at all."""
TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
TEMPLATES.globals |= {
    "_": texts._,
    "ngettext": texts.counted,
    "plainly": texts.plainly,
    "advice": ADVICE,
    "assets": ASSETS,
    "detail": detail,
    "pieces": pieces,
    "reason": reason,
    "request_changed": request_changed,
    "request_in": request_in,
    "titles": TITLES,
    "wrong": wrong,
    "languages": NAMES,
    "country_choices": texts.countries,
}
TEMPLATES.filters |= {
    "barred": barred,
    "browser": browser,
    "country": texts.country,
    "day": texts.day,
    "isoday": texts.spelled_day,
    "entity": texts.entity,
    "listed": texts.listed,
    "moment": texts.moment,
    "month": texts.month,
    "named": texts.named,
    "quantity": texts.quantity,
    "reasoned": in_words,
    "said": texts.said,
    "share": texts.share,
    "typed": texts.typed,
    "words": texts.words,
}

api = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Seat:
    """Who looks at a page that is signed in: the name, what their forms bear, and where to go.

    `behalf` says that they act in another's name, `glass` that they read through an opening;
    `number` keeps apart what a browser keeps of several people. `left` is how many seconds the
    session still has if it is not used again.
    """

    name: str
    csrf: str
    places: tuple[tuple[str, str], ...] = ()
    behalf: bool = False
    glass: bool = False
    number: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Face:
    """To whom a page speaks: in which language, and to whom, if somebody is signed in."""

    language: str
    seat: Seat | None = None


@api.post("/language")
async def page_language(language: Word, back: Word = "/") -> Response:
    """Keep the language in which one reads, in the browser, and go back."""
    response = go(place_of_ours(back))
    if language in LANGUAGES:
        speaking_from_now(response, language)
    return response


def speaking_from_now(response: Response, language: str) -> Response:
    """Have the browser ask for pages in a language from this answer on."""
    response.set_cookie(
        LANGUAGE, language, YEAR, path="/", secure=True, httponly=True, samesite="lax"
    )
    return response


def place_of_ours(given: str, otherwise: str = "/") -> str:
    """Return a path within this service to go on to; anything else leads to `otherwise`."""
    plain = given.startswith("/") and not given.startswith(("//", "/\\"))
    return given if plain and given.isprintable() and " " not in given else otherwise


def language_of(http: Request) -> str:
    """Return the language to answer in: the one chosen, else what the browser asks for."""
    chosen = http.cookies.get(LANGUAGE, "")
    if chosen in LANGUAGES:
        return chosen
    return preferred(http.headers.get("accept-language", "en"))


def render(
    http: Request,
    name: str,
    status: int = 200,
    *,
    shown: Mapping[str, Any] | None = None,
    face: Face | None = None,
    forms: str = "'self'",
) -> HTMLResponse:
    """Return a page. `forms` is where its forms may lead, redirections included."""
    face = face or Face(language_of(http))
    text = written(http, name, shown or {}, face)
    # With no-referrer a browser would call the origin of our own forms "null".
    headers = {
        "Content-Security-Policy": CSP.format(forms=forms) + (SCRIPTS if face.seat else ""),
        "Content-Language": face.language,
        "Referrer-Policy": "same-origin",
        "Vary": "Accept-Encoding, Accept-Language, Cookie",
    }
    return _packed(http, text.encode(), status, headers)


def written(http: Request, name: str, shown: Mapping[str, Any], face: Face) -> str:
    """Return the text of a page."""
    house: House = http.app.state.house
    seat = face.seat
    spoken = speech(face.language, house.texts, names_in(house.shelf))
    here = http.url.path + (f"?{http.url.query}" if http.url.query else "")
    whole = {"fault": None, "seat": seat, "here": here, "speech": spoken, "crumbs": ()}
    whole |= {"csrf": masked_token(seat.csrf) if seat else "", **shown}
    with speaking(spoken):
        return TEMPLATES.get_template(name).render(whole)


@cache
def names_in(shelf: Shelf) -> Mapping[str, str]:
    """Return the short names of the entities that the packs know, by code."""
    return {one.code: one.name for pack in shelf for one in pack.mandates.entities}


def _packed(http: Request, page: bytes, status: int, headers: dict[str, str]) -> HTMLResponse:
    """Return a page, compressed where the browser takes that: lines are thin."""
    if len(page) >= WORTH and "gzip" in http.headers.get("accept-encoding", ""):
        page = gzip.compress(page, 6 if len(page) < LARGE else 9, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return HTMLResponse(page, status, headers)


def status_of(fault: Refusal) -> int:
    """Return the number that a page answers a refusal with."""
    return next((STATUS[k.__name__] for k in type(fault).__mro__ if k.__name__ in STATUS), 422)


def provider_of(http: Request) -> "Provider | None":
    """Return the installation's identity provider, if it has one."""
    found: Provider | None = http.app.state.provider
    return found


def forms_of(provider: "Provider | None") -> str:
    """Return where the forms of a page may lead that sends people to the provider."""
    return f"'self' {provider.origin}" if provider else "'self'"


def go(place: str) -> RedirectResponse:
    """Send the browser to another page of ours, to be read with GET."""
    return RedirectResponse(place, 303)


def masked_token(token: str) -> str:
    """Return a token under a fresh mask, so that its compressed bytes betray nothing (BREACH)."""
    mask = secrets.token_bytes(len(token))
    return mask.hex() + bytes(a ^ b for a, b in zip(mask, token.encode(), strict=True)).hex()


def unmasked_token(given: str) -> str:
    """Return the token beneath its mask; what bears none is no token."""
    try:
        content = bytes.fromhex(given)
    except ValueError:
        return ""
    half = len(content) // 2
    pairs = zip(content[:half], content[half:], strict=False)
    return bytes(a ^ b for a, b in pairs).decode("ascii", "replace")


def own_form(http: Request, house: House, given: str) -> None:
    """Hold the token of a form against the session. Raises Forbidden."""
    if not csrf_fits(house.ring, cookie_of(http.headers) or "", unmasked_token(given)):
        raise Forbidden("csrf.token", "This page is too old: load it again, then send it.")
