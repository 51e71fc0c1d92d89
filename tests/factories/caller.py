"""A client that takes a call to the service and its answer back in one crossing of threads."""

import httpx2
from fastapi import FastAPI
from fastapi.testclient import TestClient


class Caller(TestClient):
    """The framework's client of tests, whose own way crosses to the service's loop eight times."""

    def __init__(self, app: FastAPI) -> None:
        """Prepare the service; it starts with the context. An answer of 500 raises nothing."""
        super().__init__(app, raise_server_exceptions=False)
        self._crossing = self._transport
        self._transport = Way(self, app)

    def cross(self, call: httpx2.Request) -> httpx2.Response:
        """Take the framework's way: for a service that is not started, and bodies that flow."""
        return self._crossing.handle_request(call)


class Way(httpx2.BaseTransport):
    """How a call comes to the service."""

    def __init__(self, caller: Caller, app: FastAPI) -> None:
        """Make the way; the caller knows the loop."""
        self._caller = caller
        self._service = httpx2.ASGITransport(
            app, raise_app_exceptions=False, client=("testclient", 50000)
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return the answer to a call."""
        portal = self._caller.portal
        if portal is None or not isinstance(request.stream, httpx2.AsyncByteStream):
            return self._caller.cross(request)
        return portal.call(self._answered, request)

    async def _answered(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self._service.handle_async_request(request)
        # As it came: a compressed answer is unpacked by who reads it.
        body = httpx2.ByteStream(b"".join([piece async for piece in answer.aiter_raw()]))
        return httpx2.Response(answer.status_code, headers=answer.headers, stream=body)
