"""The command line on a fresh database, in the name of whoever is asked for."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli.main import app
from app.directory import credentials
from app.directory import service as directory
from app.directory.schemas import EVERY_SCOPE, GrantBody, PersonBody, TokenBody, TokenScope
from app.kit import clock
from app.wiring.house import House

FILING: dict[str, Any] = {
    "countries": ["KEN"],
    "title": "Digital evidence",
    "summary": "Training of investigators in digital evidence.",
    "authority": "Ministry of the Interior",
    "needs": [{"area": "A", "text": "Courses for forty investigators", "priority": 2}],
}


class Terminal:
    """Runs commands on one installation, with a token for each person."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house = house
        self.folder = folder
        self.people: dict[str, int] = {}

    def token(
        self,
        role: Any,
        country: str | None = None,
        scopes: tuple[TokenScope, ...] = EVERY_SCOPE,
        *,
        assured: bool = True,
    ) -> str:
        """Enrol a person with one role and return their token.

        Unless it is not `assured`, the second factor was given with it just now.
        """
        with self.house.database.writing() as session:
            grants = (GrantBody(role=role, country=country),)
            person = directory.enrol(session, None, PersonBody(name="Ana", grants=grants))
            self.people[role] = person.id
            directory.enrol(session, None, PersonBody(name="Second eyes"))
            wanted = (person.id, TokenBody(name="tests", scopes=scopes))
            secret, row = directory.issue_token(session, None, self.house.key, wanted)
            if assured:
                credentials.assure(session, row.id, clock.now())
            return secret

    def run(self, *words: str, token: str = "", given: bytes = b"") -> Result:
        """Run `entente` with these words."""
        surroundings = {"ENTENTE_TOKEN": token}
        return CliRunner().invoke(app, list(words), input=given, env=surroundings)

    def bring_in(self, content: bytes, token: str, *more: str) -> tuple[Result, list[Any]]:
        """Import lines and return the result with what the report says."""
        file, report = self.folder / "in.jsonl", self.folder / "refused.jsonl"
        file.write_bytes(content)
        told = self.run("import", str(file), "--report", str(report), *more, token=token)
        return told, read(report) if report.exists() else []

    def take_out(self, token: str, *more: str) -> list[Any]:
        """Export to a file and return its lines."""
        file = self.folder / "out.jsonl"
        told = self.run("export", str(file), *more, token=token)
        assert told.exit_code == 0, told.output
        return read(file)


def read(file: Path) -> list[Any]:
    """Return the lines of a file."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def written(*filings: Any) -> bytes:
    """Return filings as lines."""
    return b"".join(json.dumps(filing).encode() + b"\n" for filing in filings)


@pytest.fixture
def terminal(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A command line on a fresh database of each kind."""
    monkeypatch.setenv("ENTENTE_DATABASE_URL", house.settings.database_url)
    monkeypatch.setenv("ENTENTE_TOKEN_KEY", house.key)
    folder = tmp_path / "files"
    folder.mkdir()
    return Terminal(house, folder)


Filing = Callable[..., dict[str, Any]]


@pytest.fixture
def filing() -> Filing:
    """Return a filing that may be submitted, with changes."""

    def make(**changes: Any) -> dict[str, Any]:
        return FILING | changes

    return make
