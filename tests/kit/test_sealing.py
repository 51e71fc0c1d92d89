"""Sealing: opens at its place with its key, and nowhere else."""

import base64

import pytest

from app.kit import keys, sealing
from app.kit.errors import Invalid
from app.kit.sealing import Place

OWNER = Place("requests", 17, "key")
HERE = Place("protected_parts", 4, "text")
SECRET = "قرية في الشمال, 12 families"


def refused(call: object, *given: object) -> str:
    """Return the code with which a call is refused."""
    assert callable(call)
    with pytest.raises(Invalid) as no:
        call(*given)
    assert SECRET not in no.value.detail
    return no.value.code


def test_what_is_sealed_opens_again_at_its_place() -> None:
    key, wrapped = sealing.new_key(keys.make(), OWNER)
    sealed = sealing.seal_text(key, SECRET, HERE)
    assert sealing.unseal_text(key, sealed, HERE) == SECRET
    assert sealing.unseal(key, sealing.seal(key, b"", HERE), HERE) == b""
    assert base64.b64encode(key).decode() not in wrapped


def test_the_same_text_never_looks_the_same_twice() -> None:
    key, _ = sealing.new_key(keys.make(), OWNER)
    assert len({sealing.seal_text(key, SECRET, HERE) for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("protected_parts", 5, "text"),
        Place("protected_parts", 4, "location"),
        Place("risk_assessments", 4, "text"),
        Place("protected_parts4", "", "text"),
        Place("protected_part", "s4", "text"),
    ],
)
def test_what_is_moved_to_another_row_field_or_table_does_not_open(elsewhere: Place) -> None:
    key, _ = sealing.new_key(keys.make(), OWNER)
    sealed = sealing.seal_text(key, SECRET, HERE)
    assert refused(sealing.unseal_text, key, sealed, elsewhere) == "sealed.unreadable"


def test_no_single_bit_can_be_changed() -> None:
    key, _ = sealing.new_key(keys.make(), OWNER)
    sealed = sealing.seal(key, SECRET.encode(), HERE)
    for bit in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        assert refused(sealing.unseal, key, bytes(changed), HERE) == "sealed.unreadable"


@pytest.mark.parametrize("text", ["", "AAAA", "not base64 at all", "é", "====", "A" * 40])
def test_what_was_never_sealed_is_refused(text: str) -> None:
    key, _ = sealing.new_key(keys.make(), OWNER)
    assert refused(sealing.unseal_text, key, text, HERE) == "sealed.unreadable"


def test_the_key_of_one_owner_is_not_taken_for_that_of_another() -> None:
    ring = keys.make()
    key, wrapped = sealing.new_key(ring, OWNER)
    assert sealing.unwrap(ring, wrapped, OWNER) == key
    other = Place("requests", 18, "key")
    assert refused(sealing.unwrap, ring, wrapped, other) == "sealed.unreadable"


@pytest.mark.parametrize("wrapped", ["", "1", "1.", "1.AAAA", "1." + "A" * 80])
def test_a_damaged_wrapped_key_is_refused(wrapped: str) -> None:
    expected = "sealed.unreadable" if wrapped else "key.unknown"
    assert refused(sealing.unwrap, keys.make(), wrapped, OWNER) == expected


def test_without_its_master_key_a_data_key_stays_shut() -> None:
    ring = keys.make()
    _, wrapped = sealing.new_key(keys.rotated(ring, keys.MASTER), OWNER)
    assert refused(sealing.unwrap, ring, wrapped, OWNER) == "key.unknown"
    _, wrapped = sealing.new_key(ring, OWNER)
    assert refused(sealing.unwrap, keys.make(), wrapped, OWNER) == "sealed.unreadable"


def test_a_rotation_keeps_the_data_key_and_changes_its_wrapping() -> None:
    before = keys.make()
    key, wrapped = sealing.new_key(before, OWNER)
    assert sealing.rewrap(before, wrapped, OWNER) is None
    after = keys.rotated(before, keys.MASTER)
    again = sealing.rewrap(after, wrapped, OWNER)
    assert again is not None
    assert again.startswith("2.")
    assert sealing.unwrap(after, again, OWNER) == key
    assert sealing.rewrap(after, again, OWNER) is None
    newest = keys.Keyring({**after.keys, keys.MASTER: {"2": after.get(keys.MASTER, "2")}})
    assert sealing.unwrap(newest, again, OWNER) == key
    assert refused(sealing.unwrap, newest, wrapped, OWNER) == "key.unknown"
