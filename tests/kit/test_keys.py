"""The keyring: made once, readable for ever, never half written."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.kit import keys
from app.kit.errors import Invalid


def test_the_first_start_makes_a_keyring_that_only_its_owner_can_read(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    ring = keys.load(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert keys.load(file) == ring
    assert {len(key) for held in ring.keys.values() for key in held.values()} == {keys.LENGTH}


def test_of_many_first_starts_one_keyring_remains(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(keys.load, [file] * 8))
    assert all(ring == rings[0] for ring in rings)
    assert [one.name for one in tmp_path.iterdir()] == ["keys"]


def test_an_earlier_key_stays_readable_after_a_rotation(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    before = keys.load(file)
    keys.write(file, keys.rotated(before, keys.LEDGER))
    after = keys.load(file)
    assert after.get(keys.LEDGER, "1") == before.get(keys.LEDGER, "1")
    assert after.current(keys.LEDGER)[0] == "2"
    assert after.current(keys.LEDGER)[1] != before.current(keys.LEDGER)[1]
    assert after.current(keys.MASTER) == before.current(keys.MASTER)


def test_a_newer_key_takes_no_name_that_is_in_use_when_an_earlier_one_was_taken_out() -> None:
    ring = keys.rotated(keys.make(), keys.MASTER)
    alone = keys.Keyring({**ring.keys, keys.MASTER: {"2": ring.get(keys.MASTER, "2")}})
    after = keys.rotated(alone, keys.MASTER)
    assert after.get(keys.MASTER, "2") == ring.get(keys.MASTER, "2")
    assert after.current(keys.MASTER)[0] == "3"


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"ledger": {"1": "AAAA"}}', "\x00"])
def test_a_file_that_is_no_keyring_is_refused_and_left_alone(tmp_path: Path, content: str) -> None:
    file = tmp_path / "keys"
    file.write_text(content)
    with pytest.raises(Invalid) as refused:
        keys.load(file)
    assert refused.value.code == "keys.unreadable"
    assert file.read_text() == content


def test_a_key_that_is_not_here_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        keys.make().get(keys.MASTER, "7")
    assert "master/7" in refused.value.detail
