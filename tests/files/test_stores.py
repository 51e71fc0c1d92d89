"""Every place for sealed files keeps the same promises: a folder, and buckets."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from obstore.store import LocalStore, MemoryStore

from app.files.buckets import Bucket, open_bucket
from app.files.stores import Folder, MissingError, Store

NAME = "0123456789abcdef0123456789abcdef"
PIECES = [b"sealed " * 1000, b"", b"\x00\xff" * 40_000]

PLACES: dict[str, Callable[[Path], Store]] = {
    "folder": Folder,
    "bucket in memory": lambda _path: Bucket(MemoryStore()),
    "bucket on disk": lambda path: Bucket(LocalStore(str(path))),
}


@pytest.fixture(params=PLACES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return PLACES[request.param](tmp_path)


def test_what_was_put_is_read_and_named(store: Store) -> None:
    store.put(NAME, iter(PIECES))
    assert b"".join(store.read(NAME)) == b"".join(PIECES)
    assert [name for name, _ in store.names()] == [NAME]


def test_what_was_deleted_is_missing_and_deleting_it_again_is_no_fault(store: Store) -> None:
    store.put(NAME, iter(PIECES))
    store.delete(NAME)
    store.delete(NAME)
    with pytest.raises(MissingError):
        list(store.read(NAME))
    assert list(store.names()) == []


def test_what_breaks_off_leaves_nothing_to_read(store: Store) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise OSError("the line broke")

    with pytest.raises(Exception, match="the line broke"):
        store.put(NAME, broken())
    with pytest.raises(MissingError):
        list(store.read(NAME))


def test_a_bucket_is_opened_by_its_address() -> None:
    assert isinstance(open_bucket("memory:///"), Bucket)
