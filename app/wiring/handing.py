"""Handing a document out: its bytes, inert and not to be stored, by whichever door."""

from urllib.parse import quote

from fastapi.responses import StreamingResponse

from app.files.vault import Kept
from app.requests.tables import Attachment
from app.wiring.desk import Desk


def handed_out(desk: Desk, row: Attachment, kept: Kept) -> StreamingResponse:
    """Answer with the bytes of a document, which is never shown inline."""
    vault = desk.house.vault
    vault.prove(kept)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(row.name, safe='')}",
        "Content-Length": str(kept.size),
        "ETag": f'"{kept.sha256[:20]}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    return StreamingResponse(vault.read(kept), 200, headers, "application/octet-stream")
