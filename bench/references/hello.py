"""The physical limit: an ASGI application that says hello to everything."""

from typing import Any

START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"text/plain"), (b"content-length", b"5")],
}
BODY = {"type": "http.response.body", "body": b"hello"}


async def app(scope: dict[str, Any], _receive: Any, send: Any) -> None:
    """Say hello."""
    if scope["type"] == "http":
        await send(START)
        await send(BODY)
