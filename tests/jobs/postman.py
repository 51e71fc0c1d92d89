"""A mail server on the loopback, as the standard library allows: ESMTP, STARTTLS, AUTH PLAIN.

It takes mail only from who encrypts and signs in, as the servers of offices do.
"""

import base64
import io
import socket
import socketserver
import ssl
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

HOST = "127.0.0.1"
LOGIN, PASSWORD = "entente@example.org", "a p@ss/word"


@dataclass
class Postman:
    """What was delivered, and what the server is to do wrong."""

    file: Path
    offers_tls: bool = True
    refuses: str = ""
    cut_at: str = ""
    delivered: list[tuple[str, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen."""
        postman = self
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.file)

        class Calling(socketserver.BaseRequestHandler):
            """One client."""

            def handle(self) -> None:
                """Talk until the other side quits, or the server fails."""
                Talk(postman, self.request).go_on()

        self.server = socketserver.ThreadingTCPServer((HOST, 0), Calling)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server.server_address[1])

    def close(self) -> None:
        """Listen no more."""
        self.server.shutdown()
        self.server.server_close()


class Talk:
    """One conversation."""

    def __init__(self, postman: Postman, line: socket.socket) -> None:
        """Begin unencrypted, with nobody known."""
        self.postman, self.line = postman, line
        self.encrypted = self.known = False
        self.to = ""
        self.ears: BinaryIO = line.makefile("rb")

    def go_on(self) -> None:
        """Answer word by word."""
        self.line.sendall(b"220 postman\r\n")
        while words := self.ears.readline().decode().strip():
            verb = words.upper().partition(" ")[0]
            self.postman.said.append(verb)
            if verb == self.postman.cut_at:
                break
            answer = getattr(self, f"on_{verb.lower()}", None)
            self.line.sendall((answer(words) if answer else "250 fine").encode() + b"\r\n")
            if verb == "QUIT":
                break
            if verb == "STARTTLS":
                self._encrypt()
        self.ears.close()
        self.line.close()

    def _encrypt(self) -> None:
        self.ears.close()
        try:
            self.line = self.postman.context.wrap_socket(self.line, server_side=True)
        except OSError:
            self.ears = io.BytesIO()  # the other side did not trust us
            return
        self.ears = self.line.makefile("rb")
        self.encrypted = True

    def on_ehlo(self, _: str) -> str:
        """Say what is offered."""
        open_already = self.encrypted or not self.postman.offers_tls
        return "250-postman\r\n250 " + ("AUTH PLAIN" if open_already else "STARTTLS")

    def on_starttls(self, _: str) -> str:
        """Agree to encrypt."""
        return "220 go on"

    def on_quit(self, _: str) -> str:
        """Say goodbye."""
        return "221 goodbye"

    def on_auth(self, words: str) -> str:
        """Let in who encrypts and knows the password."""
        given = base64.b64decode(words.rpartition(" ")[2]).decode().split("\0")
        self.known = self.encrypted and given[1:] == [LOGIN, PASSWORD]
        return "235 known" if self.known else "535 unknown"

    def on_rcpt(self, words: str) -> str:
        """Note to whom it goes."""
        self.to = words.partition("<")[2].rstrip(">")
        return self.postman.refuses or "250 fine"

    def on_data(self, _: str) -> str:
        """Take the letter of who is known."""
        if not self.known:
            return "530 sign in first"
        self.line.sendall(b"354 say it\r\n")
        text = b""
        while (part := self.ears.readline()) not in (b".\r\n", b""):
            text += part
        self.postman.delivered.append((self.to, text.decode()))
        return "250 taken"
