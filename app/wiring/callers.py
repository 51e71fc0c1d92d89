"""Who calls: by which credential, from which address, and whether a page of ours sent it."""

import hmac
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, cookie_parser

from app.accounts import sessions
from app.accounts.sessions import Visitor, csrf_of
from app.config import Settings
from app.kit.errors import Unauthenticated
from app.kit.keys import Keyring
from app.wiring.edge import Scope

COOKIE = "__Host-entente"
API = "/api/"
ENTRIES = frozenset(
    ("POST", f"/api/v1/{path}")
    for path in (
        "session",
        "password-resets",
        "password-resets/completion",
        "invitations/acceptance",
    )
)
"""Where people come in: no session is looked at, and one that is over must not stand in the way."""
SENT_BY_PAGES = frozenset({"same-origin", "none"})
TYPES = frozenset({"application/json", "application/merge-patch+json", "multipart/form-data"})


def credential_of(headers: Mapping[str, str]) -> str:
    """Return the token or the session that a call comes with; a token goes before a cookie.

    Raises Unauthenticated when there is neither.
    """
    header = headers.get("authorization")
    if header is None:
        secret = cookie_of(headers)
        if secret is not None:
            return secret
    return bearer(header)


def bearer(header: str | None) -> str:
    """Return the token of an Authorization header. Raises Unauthenticated.

    The identifier of a session is no token: it comes as a cookie, with what goes with cookies.
    """
    scheme, _, token = (header or "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or len(token) > 200:
        raise Unauthenticated("token.missing", "Send a token: Authorization: Bearer ent_...")
    if token.startswith(sessions.PREFIX):
        raise Unauthenticated("token.invalid", "Send a valid token: Authorization: Bearer ent_...")
    return token


def cookie_of(headers: Mapping[str, str]) -> str | None:
    """Return the identifier of a session in the cookies of a call, if there is one."""
    secret = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
    return secret if secret.startswith(sessions.PREFIX) and len(secret) <= 200 else None


def foreign(scope: Scope, settings: Settings, ring: Keyring) -> str | None:
    """Return why a change was not sent by a page of ours; None when it was, or came by a token.

    What the browser says of its origin is believed whenever it says so; at the API a session's
    change must besides bear the session's own token and be of a type that no form can send. A page
    without scripts sends forms: its door compares the token in the form (`csrf_fits`).
    """
    headers, method, path = Headers(scope=scope), scope["method"], scope["path"]
    if "authorization" in headers:
        return None
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site not in SENT_BY_PAGES:
        return "csrf.cross_site"
    if origin is not None and not _own(origin, headers, settings):
        return "csrf.origin"
    secret = cookie_of(headers)
    if secret is None:
        return None
    if path.startswith(API):
        return _unsigned(headers, None if (method, path) in ENTRIES else secret, ring)
    return "csrf.origin" if site is None and origin is None else None


def _unsigned(headers: Headers, secret: str | None, ring: Keyring) -> str | None:
    """Return what a change at the API lacks, if anything; without a secret it needs no token."""
    if not _unformed(headers):
        return "csrf.content_type"
    fits = secret is None or csrf_fits(ring, secret, headers.get("x-csrf-token", ""))
    return None if fits else "csrf.token"


def csrf_fits(ring: Keyring, secret: str, given: str) -> bool:
    """Whether a token is that of a session."""
    return hmac.compare_digest(csrf_of(ring, secret).encode(), given.encode())


def visitor_of(http: HTTPConnection, settings: Settings) -> Visitor:
    """Return from where a call comes; proxies are believed only when they are ours."""
    address = http.client.host if http.client else ""
    passed = http.headers.getlist("x-forwarded-for")
    named = [part.strip() for header in passed for part in header.split(",")]
    while named and _is_proxy(address, settings):
        address = named.pop()
    return Visitor(address[:60], http.headers.get("user-agent", ""))


def _own(origin: str, headers: Headers, settings: Settings) -> bool:
    """Whether an origin is this service's: by its public address, else by the host called."""
    if settings.public_url:
        ours = urlsplit(settings.public_url)
        return origin == f"{ours.scheme}://{ours.netloc}"
    return urlsplit(origin).netloc == headers.get("host", "")


def _unformed(headers: Headers) -> bool:
    """Whether the content is of a type that we take with a cookie, or there is none."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if not kind:
        return headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers
    return kind in TYPES


def _is_proxy(address: str, settings: Settings) -> bool:
    try:
        place = ip_address(address)
    except ValueError:
        return False
    return any(place in ip_network(one) for one in settings.trusted_proxies)
