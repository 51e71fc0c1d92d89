"""What was typed into a form that cannot be taken now, given back: to be sent after signing in.

A session may end, or the second factor may be due, while somebody writes. Without scripts nothing
keeps the words but the page itself: it comes back with them, and they are sent from it again.
"""

from fastapi import Request, Response
from starlette.datastructures import FormData

from app.kit.errors import Forbidden, Refusal, Unauthenticated
from app.web.labels import label_of
from app.web.pages import Face, render

TYPED = "entente.typed"
"""Where the desk of a page leaves, in the scope of its call, the form that was sent."""
STEP_UP, OLD = "assurance.step_up", "csrf.token"
OURS = frozenset({"csrf", "revision", "once", "asks", "fragment"})
"""What a form bears besides what people type."""
SECRET = frozenset({"password", "present", "code", "link"})
"""What is never given back."""


def kept(http: Request) -> list[tuple[str, str]]:
    """Return what people typed in the form of a call; nothing where it holds a secret."""
    form: FormData = http.scope.get(TYPED) or FormData()
    typed = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    if "csrf" not in form or any(name in SECRET for name, _ in typed):
        return []
    return [(name, value) for name, value in typed if name not in OURS and value.strip()]


def given_back(http: Request, fault: Exception, face: Face) -> Response | None:
    """Return the page that keeps the words of a form; None where there are none, or no need."""
    why = reason_of(fault)
    words = kept(http) if why else []
    if not words:
        return None
    form: FormData = http.scope[TYPED]
    shown = {
        "why": why,
        "words": [(name, label_of(name)[0], value) for name, value in words],
        "old": {name: str(form[name]) for name in ("revision", "once") if name in form},
        "csrf_of_form": str(form["csrf"]),
    }
    return render(http, "kept.html", 401 if why == "ended" else 403, face=face, shown=shown)


def reason_of(fault: Exception) -> str:
    """Return why a form cannot be taken now but later; nothing for every other fault."""
    if isinstance(fault, Unauthenticated):
        return "ended"
    code = fault.code if isinstance(fault, Refusal) else ""
    return {STEP_UP: "step_up", OLD: "old"}.get(code, "") if isinstance(fault, Forbidden) else ""
