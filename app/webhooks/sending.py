"""The one place where an address that somebody gave is called; it is guarded as it connects.

All answers of the name server are judged, and the connection goes to a judged address: what the
name means a moment later changes nothing. No redirect is followed, no proxy of the environment is
asked, nothing of the answer but its class gets out of here.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import httpcore2
from httpcore2 import NetworkBackend, NetworkStream, SyncBackend

from app.config import Settings
from app.kit.errors import Invalid
from app.webhooks import rules
from app.webhooks.rules import NO_ANSWER, Network

CONNECT_SECONDS, WHOLE_SECONDS = 3.0, 10.0
MOST_READ = 65_536
MOST_ADDRESSES = 3
"""Of a name with several addresses so many are tried, within the time to connect."""
FAILURES = (
    *(httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError),
    *(OSError, UnicodeError),
)
"""How a call ends without an answer; a name that is none is a UnicodeError."""
Resolve = Callable[[str, int], list[str]]


class UncallableError(OSError):
    """An address is not to be called; it is logged, and told as no answer."""


def addresses_of(host: str, port: int) -> list[str]:
    """Return the addresses that a name has. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call: its class, and whether the guard itself refused."""

    answered: str
    refused: bool = False


class Sender:
    """Calls receivers; one for the life of a process."""

    def __init__(
        self, settings: Settings, resolve: Resolve = addresses_of, whole: float = WHOLE_SECONDS
    ) -> None:
        """Take what the operator allows. Raises Invalid for a network or file that is none."""
        self._private = private_networks(settings)
        self._ports = settings.webhook_ports
        self._trusted = trusted(settings)
        self._resolve = resolve
        self._whole = whole

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send a message and return what came of it; it takes at most ten seconds."""
        if rules.unfit(url, self._ports):
            return Answer(NO_ANSWER, refused=True)
        until = time.monotonic() + self._whole
        guarded = Guarded(self._private, self._resolve, until)
        told = {**headers, "content-type": "application/json", "user-agent": "Entente-Webhooks/1"}
        try:
            with (
                httpcore2.ConnectionPool(self._trusted, network_backend=guarded, retries=0) as pool,
                pool.stream("POST", url, headers=list(told.items()), content=body) as answer,
            ):
                read = 0
                for piece in answer.iter_stream():
                    read += len(piece)
                    if read >= MOST_READ:
                        break
                return Answer(rules.class_of(answer.status))
        except UncallableError:
            return Answer(NO_ANSWER, refused=True)
        except FAILURES:
            return Answer(NO_ANSWER)


def private_networks(settings: Settings) -> tuple[Network, ...]:
    """Return the networks within which private receivers may be called. Raises Invalid."""
    try:
        return rules.networks_of(settings.webhook_networks)
    except ValueError as fault:
        raise Invalid("webhook.networks", f"ENTENTE_WEBHOOK_NETWORKS: {fault}.") from None


def trusted(settings: Settings) -> ssl.SSLContext:
    """Return whose certificates are believed. Raises Invalid for a file that holds none."""
    context = ssl.create_default_context()
    if settings.webhook_ca is not None:
        try:
            context.load_verify_locations(settings.webhook_ca)
        except OSError as fault:
            raise Invalid("webhook.ca", f"ENTENTE_WEBHOOK_CA: {fault}.") from None
    return context


class Guarded(NetworkBackend):
    """Connects to judged addresses only, and until a moment of the monotonic clock."""

    def __init__(self, private: tuple[Network, ...], resolve: Resolve, until: float) -> None:
        """Keep what is allowed."""
        self._private, self._resolve, self._until = private, resolve, until
        self._plain = SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - ours is shorter
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> NetworkStream:
        """Connect. Raises UncallableError when any address of the name is not to be called."""
        found = self._resolve(host, port)
        if not found or not all(rules.callable_at(one, self._private) for one in found):
            raise UncallableError("an address of this name is not to be called")
        by = min(time.monotonic() + CONNECT_SECONDS, self._until)
        fault: Exception = UncallableError("no address")
        for address in found[:MOST_ADDRESSES]:
            try:
                plain = self._plain.connect_tcp(
                    address, port, left(by), local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as failed:
                fault = failed
            else:
                return Timed(plain, self._until, by)
        raise fault

    def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002 - the signature of the library
        timeout: float | None = None,  # noqa: ARG002 - likewise
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002 - likewise
    ) -> NetworkStream:
        """Refuse: no receiver is a file."""
        raise UncallableError("no receiver is a file")


class Timed(NetworkStream):
    """A connection whose time as a whole is bounded, however slowly it trickles."""

    def __init__(self, inner: NetworkStream, until: float, by: float) -> None:
        """Take a connection, the moment of its end, and that by which it must be encrypted."""
        self._inner, self._until, self._by = inner, until, by

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        """Read what comes within the time that is left."""
        return self._inner.read(max_bytes, left(self._until))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """Write within the time that is left."""
        self._inner.write(buffer, left(self._until))

    def close(self) -> None:
        """Close it."""
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - ours is shorter
    ) -> NetworkStream:
        """Encrypt it, the name of the receiver being that of its address as it was given."""
        inner = self._inner.start_tls(ssl_context, server_hostname, left(self._by))
        return Timed(inner, self._until, self._by)

    def get_extra_info(self, what: str) -> Any:
        """Return what the connection knows of itself."""
        return self._inner.get_extra_info(what)


def left(until: float) -> float:
    """Return the seconds that are left. Raises httpcore2.ReadTimeout when none are."""
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise httpcore2.ReadTimeout("the time is over")
    return seconds
