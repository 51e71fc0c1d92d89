"""The cells of the pages: every route that is not the API's, and what must come of a call."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from app.policy.rows.pages import ALSO, DOES, DRAWS, SHOWS
from app.policy.rule import Rule
from app.policy.table import RULES
from app.web.pages import masked_token
from tests.policy.asgi import Call, in_form
from tests.policy.findings import Outcome
from tests.policy.people import Principal

TWINS = SHOWS | DRAWS | ALSO | {f"page_{operation}": operation for operation in DOES}
"""The operation of each page that shows or does what one of the API does."""
LINK = {"link": "link_" + "x" * 43, "password": "x" * 15}
FORMS: dict[str, dict[str, str]] = {
    "page_enter": {"login": "nobody@example.org", "password": "x" * 15},
    "page_enter_second_factor": {"code": "123456"},
    "page_enter_recovery": {"code": "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF"},
    "page_language": {"language": "ar"},
    "page_give_step_up": {"code": "123456"},
    "page_change_password": {"present": "x" * 15, "password": "y" * 15},
    "page_confirm_device": {"code": "123456"},
    "page_make_codes": {"code": "123456"},
    "page_ask_reset": {"login": "nobody@example.org"},
    "page_accept_invitation": LINK,
    "page_complete_reset": LINK,
    "page_visit_provider": {"link": ""},
}
"""What each form sends, beside the token of the session."""
SENT: dict[str, dict[str, str]] = {
    "same-origin": {"sec-fetch-site": "same-origin"},
    "cross-site": {"sec-fetch-site": "cross-site"},
    "another origin": {"sec-fetch-site": "same-origin", "origin": "https://elsewhere.example"},
    "unsaid": {},
}
"""What a browser says of the page from which a call comes."""


@dataclass(frozen=True, slots=True)
class Page:
    """One route that is not the API's."""

    name: str
    method: str
    path: str
    rule: Rule


READS = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
"""What a browser says that it reads."""


@dataclass(frozen=True, slots=True)
class Try:
    """How a page is called: what the browser says, and whether the form bears the right token.

    `reads`: by somebody who reads pages; else by a program, which is told codes.
    """

    site: str = "same-origin"
    signed: bool = True
    reads: bool = False


def pages(app: FastAPI) -> Iterator[Page]:
    """Yield every route that the API's description leaves out, once for each method.

    Those that show or do what an operation of the API does are in `twins`.
    """
    yield from (page for page in routes(app) if page.name not in TWINS)


def routes(app: FastAPI) -> Iterator[Page]:
    """Yield the same with the twins of operations."""
    for context in iter_route_contexts(app.routes):
        path = context.path or ""
        if context.include_in_schema and path.startswith("/api/"):
            continue
        name = getattr(context.endpoint, "__name__", "")
        row = RULES["openapi" if path == "/openapi.json" else name]
        for method in sorted(set(context.methods or ()) - {"HEAD"}):
            yield Page(row.operation, method, path, row)


def tries(page: Page) -> Iterator[Try]:
    """Yield the ways in which a page is called."""
    yield from (Try(), Try(reads=True))
    if page.method != "GET":
        yield Try(signed=False)
    yield from (Try(site) for site in SENT if site != "same-origin")


def call_of(page: Page, who: Principal, how: Try) -> Call:
    """Return the call of a cell."""
    headers = who.credential() | SENT[how.site] | (READS if how.reads else {})
    path = (
        page.path.replace(":int}", "}")
        .replace("{number}", "999999")
        .replace("{code}", "activity.dates")
    )
    path = path.replace("{name}", "entente.css")
    call = Call(page.method, path, headers)
    if page.method == "GET":
        return call
    csrf = masked_token(who.csrf if how.signed else "x" * 43)
    kind, body = in_form(FORMS.get(page.name, {}) | ({"csrf": csrf} if page.rule.signed else {}))
    return replace(call, headers=headers | kind, body=body)


PUBLIC: dict[str, Outcome] = {
    "page_enter": Outcome(401),
    "page_enter_second_factor": Outcome(401),
    "page_enter_recovery": Outcome(401),
    "page_accept_invitation": Outcome(422),
    "page_complete_reset": Outcome(422),
    "page_visit_provider": Outcome(400, "oidc.none"),
    "page_come_back": Outcome(422),
    "page_sign_out": Outcome(303),
    "page_language": Outcome(303),
}
"""What comes of pages that are open to all, where it is no page: nobody is known by what is sent."""


OWN: dict[str, Outcome] = {
    "page_end_session": Outcome(404, "session.unknown"),
    "page_move_several": Outcome(303),  # nothing is ticked
    "page_keep_search": Outcome(422, "body.invalid"),
    "page_drop_search": Outcome(404, "search.unknown"),
    "page_change_password": Outcome(403),  # they came by the provider, and have none
    "page_begin_device": Outcome(409, "second_factor.enrolled"),
    "page_confirm_device": Outcome(422),
    "page_make_codes": Outcome(403),  # the code is wrong
    "page_give_step_up": Outcome(403),  # likewise
    "page_read_notices": Outcome(303),
    "page_take_up": Outcome(403, "delegation.none"),
    "page_lay_down": Outcome(303),
    "page_close_opening": Outcome(303),
    "page_remove_device": Outcome(403, "assurance.step_up"),  # no second factor was given just now
}
"""What comes of the forms of one's own account, when it is one's own form."""


def expected(page: Page, who: Principal, how: Try) -> Outcome:
    """Return what must come of a call; who reads pages is led on where that helps."""
    told = _told(page, who, how)
    return for_readers(told, public=page.rule.public) if how.reads else told


def for_readers(told: Outcome, *, public: bool = False) -> Outcome:
    """Return what somebody gets who reads pages: the entrance, the second factor, or a page."""
    leads = told.code == "assurance.step_up" or (told.status == 401 and not public)
    return Outcome(303 if leads else told.status)


def _told(page: Page, who: Principal, how: Try) -> Outcome:
    """Return what a program is told, by the row and by what the browser says."""
    if page.method != "GET" and (code := strange(page, who, how)):
        return Outcome(403, code)
    if page.name in WAITING and who.name == "pending session":
        return Outcome(403)  # the code is wrong
    if page.rule.public:
        return PUBLIC.get(page.name, Outcome(200))
    if not who.valid:
        return Outcome(401, "session.invalid" if who.cookie else "token.missing")
    if page.rule.roles and who.role not in page.rule.roles:
        return Outcome(403, "policy.role")
    return Outcome(200) if page.method == "GET" else OWN[page.name]


WAITING = ("page_enter_second_factor", "page_enter_recovery")


def strange(page: Page, who: Principal, how: Try) -> str:
    """Return why a change is not taken for one that a page of ours sent; nothing when it is."""
    if how.site == "cross-site":
        return "csrf.cross_site"
    if how.site == "another origin" or (how.site == "unsaid" and who.cookie):
        return "csrf.origin"
    own = how.signed and bool(who.cookie)
    return "csrf.token" if page.rule.signed and not own else ""
