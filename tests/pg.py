"""A throw-away PostgreSQL for the tests: a server of one's own, and databases in it."""

import atexit
import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

BINARIES = Path("/usr/lib/postgresql")
PATIENCE = 30.0
"""Seconds that a server may take to answer, on a machine under load."""

_MISSING = (
    "no PostgreSQL for the tests: run scripts/install-test-needs as root, or name a server in "
    "ENTENTE_TEST_PG_URL (its user must be allowed to create databases)"
)


class NoServerError(RuntimeError):
    """The tests need PostgreSQL and cannot have it; the message says what is missing."""


@contextmanager
def postgres_server() -> Iterator[str]:
    """Give the SQLAlchemy URL of a server on which databases may be created and dropped.

    ENTENTE_TEST_PG_URL comes first; then Debian's binaries, started for the time of the context.
    Raises NoServerError: a test never passes because a server was missing.
    """
    named = os.environ.get("ENTENTE_TEST_PG_URL", "")
    if named:
        yield make_url(named).set(drivername="postgresql+psycopg").render_as_string(False)
        return
    with _own_server() as url:
        yield url.render_as_string(hide_password=False)


def by_socket(server: str) -> str:
    """Return the URL of our own server by its socket; a server that was named stays as it is.

    The socket stands in a folder that only its owner may enter, so that no password is reckoned:
    to connect costs a tenth, and tests do little as often.
    """
    if os.environ.get("ENTENTE_TEST_PG_URL", ""):
        return server
    url = make_url(server)
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        found = connection.execute("SHOW unix_socket_directories").fetchone()
    where = {"host": found[0] if found else "", "port": str(url.port)}
    near = url.set(host=None, port=None).update_query_dict(where)
    return near.render_as_string(hide_password=False)


@contextmanager
def database(server: str) -> Iterator[str]:
    """Create an empty database on `server`, give its SQLAlchemy URL, and drop it at the end."""
    url = make_url(server)
    name = f"entente_{secrets.token_hex(6)}"
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(plain, autocommit=True) as connection:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))


@contextmanager
def _own_server() -> Iterator[URL]:
    binaries = _binaries()
    home = Path(tempfile.mkdtemp(prefix="entente-pg-"))
    running: list[subprocess.Popen[bytes]] = []

    def clear() -> None:
        for server in running:
            _stop(server)
        running.clear()
        shutil.rmtree(home, ignore_errors=True)

    atexit.register(clear)
    try:
        as_owner = _owner_prefix(home)
        password = _make_cluster(binaries, home, as_owner)
        for _ in range(5):
            port = _free_port()
            running.append(_start(binaries, home, as_owner, port))
            url = URL.create(
                "postgresql+psycopg", "entente", password, "127.0.0.1", port, "postgres"
            )
            if _answers(running[-1], url):
                break
        else:
            raise NoServerError("PostgreSQL does not start:\n" + (home / "log").read_text()[-2000:])
        yield url
    finally:
        clear()
        atexit.unregister(clear)


def _binaries() -> Path:
    """Return the folder of the newest server binaries, version 15 or later."""
    found = {
        int(folder.parent.name): folder
        for folder in BINARIES.glob("*/bin")
        if folder.parent.name.isdigit() and (folder / "initdb").exists()
    }
    if not found or max(found) < 15:
        raise NoServerError(_MISSING)
    return found[max(found)]


def _owner_prefix(home: Path) -> list[str]:
    """Return the words that run a program as the owner of `home`, and end it when we end.

    PostgreSQL refuses to run as root. The death signal is the kernel's: it also reaches the
    server when this program is killed and runs no code of its own any more.
    """
    words = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() != 0:
        return words
    try:
        owner = pwd.getpwnam("postgres")
    except KeyError:
        owner = pwd.getpwnam("nobody")
    os.chown(home, owner.pw_uid, owner.pw_gid)
    user = ["--reuid", str(owner.pw_uid), "--regid", str(owner.pw_gid), "--clear-groups"]
    return [words[0], *user, *words[1:]]


def _make_cluster(binaries: Path, home: Path, as_owner: list[str]) -> str:
    """Make an empty cluster under `home` and return its owner's password."""
    password = secrets.token_hex(16)
    secret = home / "password"
    secret.write_text(password)
    os.chown(secret, home.stat().st_uid, home.stat().st_gid)
    command = [*as_owner, str(binaries / "initdb"), "--pgdata", str(home / "cluster"), "--no-sync"]
    command += ["--username", "entente", "--pwfile", str(secret)]
    command += ["--auth-local", "trust", "--auth-host", "scram-sha-256"]
    command += ["--encoding", "UTF8", "--locale", "C.UTF-8"]
    made = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)
    if made.returncode:
        raise NoServerError(f"initdb refused:\n{made.stdout}\n{made.stderr}")
    return password


def _start(binaries: Path, home: Path, as_owner: list[str], port: int) -> subprocess.Popen[bytes]:
    """Start a server on a loopback port. Durability stays as in production: fsync is on."""
    settings = {
        "listen_addresses": "127.0.0.1",
        "jit": "off",  # what it compiles is run too seldom here to earn it
        "autovacuum": "off",
        "port": str(port),
        "unix_socket_directories": str(home),
        "synchronous_commit": "on",
        "max_connections": "200",
    }
    command = [*as_owner, str(binaries / "postgres"), "-D", str(home / "cluster")]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with (home / "log").open("ab") as log:
        return subprocess.Popen(command, cwd=home, stdout=log, stderr=log)


def _answers(server: subprocess.Popen[bytes], url: URL) -> bool:
    """Wait until `server` answers; false when it ended by itself, say over a taken port."""
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            psycopg.connect(plain, connect_timeout=3).close()
        except psycopg.OperationalError:
            if _ended(server, 0.02):
                return False
        else:
            return server.poll() is None
    return False


def _ended(server: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        server.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _stop(server: subprocess.Popen[bytes]) -> None:
    """End a server as a machine does: rollback what is open, then, if need be, at once."""
    if server.poll() is None:
        server.send_signal(2)
    if not _ended(server, 10):
        server.kill()
        server.wait()


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def version(server: str) -> int:
    """Return the major version of the server behind a SQLAlchemy URL."""
    plain = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        found = re.match(r"\d+", connection.info.parameter_status("server_version") or "0")
    return int(found.group()) if found else 0
