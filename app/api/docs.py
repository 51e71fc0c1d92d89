"""Readable pages about the API, made from its own OpenAPI document, loading nothing else."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape

from app.kit.errors import NotFound
from app.kit.text import Name
from app.wiring.messages import MESSAGES

api = APIRouter(include_in_schema=False)
PAGES = Path(__file__).parent / "pages"
CSP = "default-src 'none'; style-src 'self'; frame-ancestors 'none'"
TEMPLATES = Environment(
    loader=FileSystemLoader(PAGES), autoescape=select_autoescape(), trim_blocks=True
)
METHODS = ("get", "post", "put", "patch", "delete")


def typed(schema: dict[str, Any]) -> str:
    """Return what a schema is, in a word or two."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    for joined in ("anyOf", "oneOf"):
        if joined in schema:
            return " or ".join(dict.fromkeys(typed(one) for one in schema[joined]))
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {typed(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "any")


def operations(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return every operation under its tag, in the order of the document."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                operation = methods[method] | {"method": method.upper(), "path": path}
                found.setdefault(operation.get("tags", ["other"])[0], []).append(operation)
    return found


@lru_cache(maxsize=1)
def page(app: FastAPI) -> str:
    """Return the page about the whole API."""
    document = app.openapi()
    template = TEMPLATES.get_template("docs.html")
    return template.render(document=document, tags=operations(document), typed=typed)


@api.get("/docs")
def docs(http: Request) -> HTMLResponse:
    """Show every operation with what it takes and gives."""
    return HTMLResponse(page(http.app), headers={"Content-Security-Policy": CSP})


@api.get("/docs/style.css")
def style() -> Response:
    """Give the style of the pages."""
    return Response((PAGES / "style.css").read_bytes(), media_type="text/css")


@api.get("/problems/{code}")
def problem(code: Name) -> HTMLResponse:
    """Say what a problem code means. Raises NotFound for a code that has no sentence."""
    if code not in MESSAGES:
        raise NotFound("problem.unknown", "The problem itself says what there is to say.")
    text = TEMPLATES.get_template("problem.html").render(code=code, sentence=MESSAGES[code])
    return HTMLResponse(text, headers={"Content-Security-Policy": CSP})
