"""A file of the compendium by pages: taken in, shown with what it would change, then proposed."""

from functools import partial
from typing import Any

from fastapi import Response
from pydantic import Field, TypeAdapter, ValidationError
from starlette.datastructures import UploadFile

from app.compendium import service as compendium
from app.compendium.exchange.files import LARGEST, TYPES
from app.compendium.schemas import ChangeBody, ChangesBody, ComparedView
from app.kit.errors import Invalid, Refusal
from app.web import acts
from app.web.acts import Act, Params, Sheet, Subject
from app.web.changing import CHANGES, Proposal, names_in, proposed
from app.web.compendium import CRUMB, Moment, shown
from app.web.errors import AGAIN
from app.web.tell import told
from app.web.texts import marked
from app.web.visit import AtVisit, Visit, router
from app.wiring.desk import SAFE

api = router()
PLACE = "/compendium/import"
SENT = "changes"
"""The field that bears what the file would change, from its difference to its proposal."""
MEGABYTE = 1_000_000
BODIES = TypeAdapter(list[ChangeBody])


def page_compare_file(desk: AtVisit) -> Response:
    """Take a file in and show what it would change; nothing is proposed yet."""
    if desk.http.method in SAFE:
        return _asked(desk)
    desk.changes = False
    desk.http.scope[AGAIN] = partial(_again, desk)
    file = desk.form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise Invalid("import.none", "Choose a file first.")
    found = compendium.compared(desk.session, file.filename, file.file)
    raw = BODIES.dump_json(found.changes, exclude_defaults=True).decode()
    act = ACTS[0]
    fields = acts.fields_for(desk, act, {})
    empty = dict.fromkeys((one.name for one in fields), "")
    return acts.page(desk, Sheet(act, fields, empty, _subject(desk, found, raw), acts.once(act)))


api.add_api_route(PLACE, page_compare_file, methods=["GET", "POST"])


def _asked(desk: Visit, refusal: Refusal | None = None) -> Response:
    more = {
        "forms": list(TYPES),
        "most": LARGEST // MEGABYTE,
        "fault": told(refusal) if refusal else None,
        "crumbs": (CRUMB, CHANGES),
    }
    return desk.page("compendium/import.html", shown(desk, "", Moment()) | more)


def _again(desk: Visit, refusal: Refusal, status: int) -> Response:
    desk.changes = False
    with desk.stage(keep=False):
        page = _asked(desk, refusal)
    page.status_code = status
    return page


class FromFile(Proposal):
    """What goes with a file that is proposed: why, and what it would change."""

    changes: str = Field(min_length=1, max_length=2 * LARGEST)


def _read(raw: str) -> list[ChangeBody]:
    try:
        return BODIES.validate_json(raw)
    except ValidationError as fault:
        raise Invalid("import.changes", "Compare the file once more.") from fault


def _subject(desk: Visit, found: ComparedView, raw: str) -> Subject:
    names = names_in(desk, found.difference, recorded=False)
    more: dict[str, Any] = {"raw": raw, "names": names}
    return Subject({}, None, (CRUMB, CHANGES), more=more, shown={"compared": found})


def _sent(desk: Visit, _params: Params) -> Subject:
    """Return what a file would change, as the form bears it; nothing where no file was compared."""
    raw = str(desk.form.get(SENT, ""))
    if not raw:
        return Subject({}, None, (CRUMB, CHANGES, (PLACE, marked("Bring in a file"))))
    return _subject(desk, compendium.weighed(desk.session, _read(raw)), raw)


def _propose(desk: Visit, _params: Params, body: FromFile) -> str:
    try:
        sent = ChangesBody(
            kind="claim" if body.claim else "change",
            title=body.why_title,
            reason=body.why,
            effective_at=body.effective_at,
            changes=_read(body.changes),
        )
    except ValidationError as fault:
        raise Invalid("import.too_many", "A proposal holds at most 500 changes.") from fault
    return proposed(desk, sent)


ACTS = (
    Act(
        "propose_change",
        f"{PLACE}/propose",
        marked("Propose what the file says"),
        _sent,
        _propose,
        FromFile,
        marked("Propose"),
        marked("A second person reviews it. Until then nothing changes for any request."),
        left_out=(SENT,),
        fixed=lambda desk, _params: {SENT: str(desk.form.get(SENT, ""))},
        template="compendium/compared.html",
        called="propose_file",
    ),
)
acts.install(api, ACTS)
