"""Released files: fixed by their digest, and any later change is seen."""

import hashlib
from pathlib import Path

import pytest

from app.engine.release import changed, release, released
from app.kit.errors import Conflict


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    file = tmp_path / "areas" / "un" / "v1.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("name: un\n")
    return file


def test_nothing_is_released_where_there_is_no_lock(tmp_path: Path) -> None:
    assert (released(tmp_path), changed(tmp_path)) == ({}, [])


def test_a_release_keeps_the_digest_of_each_file(tmp_path: Path, pack: Path) -> None:
    digest = hashlib.sha256(b"name: un\n").hexdigest()
    assert release(tmp_path, [pack]) == {"areas/un/v1.yaml": digest}
    assert (tmp_path / "released.lock").read_text() == f"{digest}  areas/un/v1.yaml\n"
    assert changed(tmp_path) == []


def test_a_released_file_that_changes_or_goes_is_seen(tmp_path: Path, pack: Path) -> None:
    release(tmp_path, [pack])
    pack.write_text("name: other\n")
    assert changed(tmp_path) == ["areas/un/v1.yaml"]
    pack.unlink()
    assert changed(tmp_path) == ["areas/un/v1.yaml"]


def test_a_released_file_cannot_be_released_again_with_other_content(
    tmp_path: Path, pack: Path
) -> None:
    before = release(tmp_path, [pack])
    pack.write_text("name: other\n")
    with pytest.raises(Conflict, match=r"release\.changed"):
        release(tmp_path, [pack])
    assert released(tmp_path) == before


def test_releasing_twice_changes_nothing_and_a_next_version_is_added(
    tmp_path: Path, pack: Path
) -> None:
    release(tmp_path, [pack])
    following = pack.with_name("v2.yaml")
    following.write_text("name: un\nmore: true\n")
    assert list(release(tmp_path, [following, pack])) == ["areas/un/v1.yaml", "areas/un/v2.yaml"]
