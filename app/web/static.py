"""The few files that pages load, each under an address that changes with its content."""

import gzip
import hashlib
from pathlib import Path

from fastapi import APIRouter, Request, Response

from app.kit.errors import NotFound

HERE = Path(__file__).parent
FOLDER = HERE / "static"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOREVER = "public, max-age=31536000, immutable"

api = APIRouter(include_in_schema=False)


def _read() -> dict[str, tuple[bytes, bytes]]:
    files = sorted(one for one in FOLDER.iterdir() if one.suffix in KINDS)
    return {
        one.name: (one.read_bytes(), gzip.compress(one.read_bytes(), 9, mtime=0)) for one in files
    }


FILES = _read()
"""Each file, plain and compressed."""
ASSETS = {
    name: f"/static/{name}?{hashlib.sha256(plain).hexdigest()[:12]}"
    for name, (plain, _) in FILES.items()
}
"""The address of each file."""


@api.get("/static/{name}")
def page_static(http: Request, name: str) -> Response:
    """Give a file of the pages; the browser may keep it for good."""
    if name not in FILES:
        raise NotFound("file.unknown", "There is no such file.")
    plain, packed = FILES[name]
    headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    if "gzip" in http.headers.get("accept-encoding", ""):
        return Response(packed, 200, headers | {"Content-Encoding": "gzip"}, _kind(name))
    return Response(plain, 200, headers, _kind(name))


def _kind(name: str) -> str:
    return KINDS[Path(name).suffix]
