"""The doctor: sound installations are left alone, every fault is found and told how to mend."""

import shutil
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from app.cli.doctor import Fault, examine, ground, paper, place
from app.config import ROOT, Settings
from app.engine import release
from app.kit import clock
from app.kit.diagnosis import Picture, triggers_of_migrations
from app.wiring.house import House
from tests.cli.conftest import Terminal

KEY = "k" * 40
LOCKED = "a==1.0 \\\n    --hash=sha256:0\n    # via entente\n"


def settings(house: House, **changes: Any) -> Settings:
    return Settings(**{"database_url": house.settings.database_url, "token_key": KEY} | changes)


def marks(faults: list[Fault], part: str) -> list[str]:
    """The marks of the lines that speak of something."""
    found = [fault.mark.strip() for fault in faults if part in fault.what.partition("://")[0]]
    assert found, [fault.what for fault in faults]
    return found


def change(house: House, *statements: str) -> None:
    with house.database.engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def test_a_sound_installation_has_no_grave_fault(terminal: Terminal) -> None:
    terminal.token("administrator")
    found = examine(settings(terminal.house), {})
    assert [fault.what for fault in found if fault.grave] == []
    for part in ("Python", "token key", "database: ", "keeps", "clocks", "schema", "gate"):
        assert set(marks(found, part)) == {"ok"}
    for part in ("195 countries", "entities", "administers", "taken out as PDF"):
        assert marks(found, part) == ["ok"]


def test_everything_wrong_comes_with_a_way_to_mend_it(house: House, tmp_path: Path) -> None:
    nowhere = settings(house, workflows=tmp_path, database_url=f"sqlite:///{tmp_path}/none.db")
    found = examine(nowhere, {"ENTENTE_HOSTS": "x"})
    assert marks(found, "no packs") == marks(found, "no database") == ["FAIL"]
    assert all(fault.mend.endswith((".", "?")) for fault in found if fault.mark != "ok  ")
    assert not (tmp_path / "none.db").exists()


def test_a_gate_that_was_taken_out_of_the_database_is_missed(house: House) -> None:
    kind = house.database.engine.dialect.name
    table = "" if kind == "sqlite" else " ON requests"
    change(
        house,
        f"DROP TRIGGER entente_gate_request_moved{table}"
        if kind == "sqlite"
        else f"DROP TRIGGER entente_request_moved{table}",
    )
    (fault,) = [f for f in ground.database(house.settings.database_url) if "the gate" in f.what]
    assert fault.grave
    assert "request_moved" in fault.what


def test_a_gate_that_is_switched_off_is_missed(house: House) -> None:
    if house.database.sqlite:
        change(house, "DROP TRIGGER entente_log_changed")
    else:
        change(house, "ALTER TABLE request_events DISABLE TRIGGER entente_event_changed")
    assert marks(list(ground.database(house.settings.database_url)), "gate") == ["FAIL"]


def test_an_older_schema_and_missing_reference_data_are_seen(house: House) -> None:
    change(
        house,
        "UPDATE alembic_version SET version_num = '0001'",
        "DELETE FROM country_groups",
        "DELETE FROM countries",
    )
    found = list(ground.database(house.settings.database_url))
    assert marks(found, "schema") == marks(found, "countries") == ["FAIL"]
    assert marks(found, "administers") == ["warn"]


def test_an_empty_database_is_told_to_migrate(tmp_path: Path) -> None:
    file = tmp_path / "empty.db"
    file.touch()
    found = list(ground.database(f"sqlite:///{file}"))
    assert marks(found, "schema") == ["FAIL"]
    assert found[-1].mend == "Run `entente migrate`."


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://u:secret@127.0.0.1:1/x",
        "postgresql+absent://u:secret@127.0.0.1/x",
        "mysql://u:secret@127.0.0.1/x",
        "no url",
        "sqlite:////dev/null/x.db",
    ],
)
def test_a_database_that_cannot_be_reached_is_said_without_its_password(url: str) -> None:
    (fault,) = ground.database(url)
    assert fault.grave
    assert "secret" not in fault.what + fault.mend


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("sqlite", "journal_mode", "delete"),
        ("sqlite", "synchronous", "1"),
        ("sqlite", "foreign_keys", "0"),
        ("postgresql", "fsync", "off"),
        ("postgresql", "synchronous_commit", "local"),
        ("postgresql", "server_version_num", "140010"),
    ],
)
def test_a_setting_that_can_lose_what_was_confirmed_is_grave(
    kind: str, name: str, value: str
) -> None:
    right = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "fsync": "on"}
    right |= {"full_page_writes": "on", "synchronous_commit": "on", "server_version_num": "150000"}
    sound = Picture(kind, right, clock.now(), "1", frozenset())
    assert not [fault for fault in ground.settings_of(sound) if fault.mend]
    wrong = Picture(kind, right | {name: value}, clock.now(), "1", frozenset())
    assert [fault.grave for fault in ground.settings_of(wrong) if fault.mend] == [True]


def test_clocks_may_be_five_seconds_apart_and_no_more() -> None:
    assert [fault.grave for fault in ground.clocks(timedelta(seconds=5))] == [False]
    assert [fault.grave for fault in ground.clocks(timedelta(seconds=5.1))] == [True]


@pytest.mark.parametrize(
    ("key", "host", "mark"),
    [
        (None, "127.0.0.1", "warn"),
        (None, "localhost", "warn"),
        (None, "::1", "warn"),
        (None, "0.0.0.0", "FAIL"),  # noqa: S104 - named, not listened on
        (None, "entente.example", "FAIL"),
        ("short", "127.0.0.1", "warn"),
        (KEY, "entente.example", "ok"),
    ],
)
def test_the_key_for_development_is_for_this_machine_alone(
    key: str | None, host: str, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ENTENTE_TOKEN_KEY", raising=False)
    chosen = Settings(host=host) if key is None else Settings(host=host, token_key=SecretStr(key))
    (fault,) = place.token_key(chosen)
    assert fault.mark.strip() == mark


def test_a_misspelt_setting_is_seen_and_the_right_name_proposed() -> None:
    (fault,) = place.names({"ENTENTE_TOKENKEY": "x", "ENTENTE_PORT": "1", "PATH": "x"})
    assert "ENTENTE_TOKENKEY" in fault.what
    assert "Is ENTENTE_TOKEN_KEY meant?" in fault.mend
    (right,) = place.names({"ENTENTE_TOKEN_KEY": "x", "ENTENTE_TOKEN": "y"})
    assert right.mark == "ok  "


@pytest.mark.parametrize(
    ("lock", "mark"),
    [
        (f"pytest=={pytest.__version__} \\\n", "ok"),
        ("pytest==0.1 \\\n", "warn"),
        ("no-such-package-here==1 \\\n", "warn"),
        ("no-such-package-here==1 ; sys_platform == 'win32' \\\n", "ok"),
    ],
)
def test_packages_are_held_against_the_lock(lock: str, mark: str, tmp_path: Path) -> None:
    file = tmp_path / "requirements.lock"
    file.write_text(lock + "    --hash=sha256:0\n    # via entente\n")
    assert [fault.mark.strip() for fault in place.packages(file)] == [mark]


def test_an_old_python_is_grave() -> None:
    assert [fault.grave for fault in place.python((3, 10))] == [True]
    assert [fault.grave for fault in place.python(sys.version_info[:2])] == [False]


def test_a_released_file_that_was_changed_is_grave(tmp_path: Path) -> None:
    folder = tmp_path / "workflows"
    shutil.copytree(ROOT / "workflows", folder)
    file = folder / "areas" / "un_cyber" / "v1.yaml"
    release.release(folder, [file])
    assert marks(list(place.packs(folder)), "released") == ["ok"]
    file.write_text(file.read_text("utf-8") + "# changed\n", "utf-8")
    assert marks(list(place.packs(folder)), "released") == ["FAIL"]


def test_a_pack_that_cannot_be_read_is_grave(tmp_path: Path) -> None:
    folder = tmp_path / "workflows"
    shutil.copytree(ROOT / "workflows", folder)
    (folder / "definitions" / "needs_assessment" / "v1.yaml").write_text("{", "utf-8")
    assert [fault.grave for fault in place.packs(folder)] == [True]


def test_the_gate_is_made_of_triggers_on_both_kinds() -> None:
    for kind in ("sqlite", "postgresql"):
        assert len(triggers_of_migrations(kind)) > 10


def test_the_command_ends_with_1_when_something_grave_was_found(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert terminal.run("doctor").exit_code == 0
    monkeypatch.setenv("ENTENTE_WORKFLOWS", str(terminal.folder))
    told = terminal.run("doctor")
    assert told.exit_code == 1
    assert "FAIL  no packs" in told.output


def test_a_server_without_the_extra_or_its_fonts_is_told_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "none.conf").write_text("<fontconfig></fontconfig>")
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "none.conf"))
    monkeypatch.setattr(paper, "_tried", paper._tried.__wrapped__)  # noqa: SLF001 - tried anew
    assert [(one.mark, "fonts-droid" in one.mend) for one in paper.paper()] == [("warn", True)]
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    assert [(one.mark, "entente[pdf]" in one.what) for one in paper.paper()] == [("ok  ", True)]
