"""Workflows: each definition as it is, as a picture, and what the checker proved of it."""

from typing import Annotated, Any, Literal

from fastapi import Path, Query, Response
from pydantic import BaseModel

from app.api.deps import AtDesk, Items, page, router
from app.api.problems import READS, BlockerView, shown, speech_of
from app.engine.check import Report
from app.engine.diagram import Pen, mermaid, svg
from app.engine.packs import Pack
from app.kit.speech import Speech, speech
from app.kit.text import Name
from app.wiring.checking import report_of
from app.wiring.desk import Desk
from app.wiring.tags import seen, tag_of

api = router("workflows")
SVG, MERMAID = "image/svg+xml", "text/vnd.mermaid"
PICTURES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The picture",
        "content": {kind: {"schema": {"type": "string"}} for kind in (SVG, MERMAID)},
    }
}

Version = Annotated[int, Path(ge=1, le=2**31 - 1)]
VARY = "Accept, Accept-Language"
Language = Annotated[
    Literal["ar", "en", "es", "fr", "ru", "zh"] | None,
    Query(description="Of the labels; without it the one of Accept-Language."),
]
Format = Annotated[Literal["svg", "mermaid"] | None, Query(alias="format")]


class WorkflowLine(BaseModel):
    """One version of a definition; `label` is how other places name it: `needs_assessment@1`."""

    name: str
    version: int
    label: str
    title: str
    sha256: str


class WorkflowView(WorkflowLine):
    """A definition as its file says it; `sha256` covers the file and every framework it uses."""

    definition: dict[str, Any]


class ProofView(BaseModel):
    """An invariant, and the shortest path that breaks it; none when it holds on every path."""

    never_reach: str
    without: str
    cite: str
    holds: bool
    path: list[str]


class CheckView(BaseModel):
    """What the checker found: `nodes` is how many standings of a request its search visited."""

    passed: bool
    nodes: int
    faults: list[BlockerView]
    proofs: list[ProofView]
    staff: dict[str, int]


@api.get("/workflows", response_model=Items[WorkflowLine], responses=READS)
def list_workflows(desk: AtDesk) -> Response:
    """List every version of every definition."""
    return page(desk, [WorkflowLine(**_head(desk, pack)) for pack in desk.shelf])


@api.get("/workflows/{name}/{version}", response_model=WorkflowView, responses=READS)
def read_workflow(desk: AtDesk, name: Name, version: Version) -> Response:
    """Read one definition whole."""
    pack = desk.shelf.get(name, version)
    written = pack.definition.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return desk.show(WorkflowView(**_head(desk, pack), definition=written))


@api.get("/workflows/{name}/{version}/diagram", response_class=Response, responses=READS | PICTURES)
def draw_workflow(
    desk: AtDesk,
    name: Name,
    version: Version,
    form: Format = None,
    language: Language = None,
) -> Response:
    """Draw a definition: SVG in one's language, or Mermaid text for those who ask for it."""
    definition = desk.shelf.get(name, version).definition
    if form == "mermaid" or (form is None and _asks_for_mermaid(desk)):
        return _picture(desk, mermaid(definition), MERMAID, "en")
    told = speech(language or desk.language, desk.house.texts)
    pen = Pen(told.text, plain=told.language == "en", rtl=told.direction == "rtl")
    return _picture(desk, svg(definition, pen), SVG, told.language)


@api.get("/workflows/{name}/{version}/check", response_model=CheckView, responses=READS)
def check_workflow(desk: AtDesk, name: Name, version: Version) -> Response:
    """Check a definition: its faults, and each invariant with the path that breaks it, if any."""
    return desk.show(
        _view(report_of(desk.house, desk.shelf.get(name, version)), speech_of(desk.http))
    )


def _head(desk: Desk, pack: Pack) -> dict[str, Any]:
    title = desk.house.texts.text(pack.definition.title, desk.language)
    return {
        "name": pack.name,
        "version": pack.version,
        "label": pack.label,
        "title": title,
        "sha256": pack.sha256,
    }


def _asks_for_mermaid(desk: Desk) -> bool:
    accepted = desk.http.headers.get("accept", "").split(",")[:20]
    kinds = [kind.partition(";")[0].strip().lower() for kind in accepted]
    return MERMAID in kinds and SVG not in kinds


def _picture(desk: Desk, text: str, kind: str, language: str) -> Response:
    body = text.encode()
    headers = {"ETag": tag_of(body), "Content-Language": language, "Vary": VARY}
    # An SVG opened by itself is a document: it may run nothing and fetch nothing.
    headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if headers["ETag"] in seen(desk.http.headers.get("if-none-match")):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=kind, headers=headers)


def _view(report: Report, told: Speech) -> CheckView:
    proofs = [
        ProofView(
            never_reach=proof.invariant.never_reach,
            without=proof.invariant.without,
            cite=proof.invariant.cite,
            holds=proof.holds,
            path=list(proof.path),
        )
        for proof in report.proofs
    ]
    return CheckView(
        passed=report.passed,
        nodes=report.nodes,
        faults=shown(report.faults, told),
        proofs=proofs,
        staff=dict(report.staff),
    )
