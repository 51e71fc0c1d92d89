"""The seal: whatever is changed, moved, left out or cut off is noticed."""

import secrets
from collections.abc import Callable

import pytest

from app.files.sealed import HEADER, PIECE, TAG, DamagedError, seal, unseal

KEY = secrets.token_bytes(32)
WHOLE = PIECE + TAG
PLAIN = secrets.token_bytes(3 * PIECE + 17)


def sealed(plain: bytes = PLAIN, key: bytes = KEY) -> bytes:
    return b"".join(seal(key, [plain]))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 5 * PIECE + 3])
def test_what_was_sealed_comes_back(size: int) -> None:
    plain = secrets.token_bytes(size)
    pieces = [plain[at : at + 1000] for at in range(0, size, 1000)]
    kept = b"".join(seal(KEY, pieces))
    assert plain[:64] not in kept or size < 8
    assert b"".join(unseal(KEY, [kept[at : at + 777] for at in range(0, len(kept), 777)])) == plain


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "a bit in the head": lambda kept: bytes([kept[0] ^ 1]) + kept[1:],
    "a bit in the nonce": lambda kept: kept[:8] + bytes([kept[8] ^ 1]) + kept[9:],
    "a bit in the first piece": lambda kept: kept[:99] + bytes([kept[99] ^ 1]) + kept[100:],
    "a bit in the last tag": lambda kept: kept[:-1] + bytes([kept[-1] ^ 1]),
    "the end cut off": lambda kept: kept[: HEADER + 2 * WHOLE],
    "a byte cut off": lambda kept: kept[:-1],
    "a byte more": lambda kept: kept + b"x",
    "a piece left out": lambda kept: kept[:HEADER] + kept[HEADER + WHOLE :],
    "two pieces swapped": lambda kept: (
        kept[:HEADER]
        + kept[HEADER + WHOLE : HEADER + 2 * WHOLE]
        + kept[HEADER : HEADER + WHOLE]
        + kept[HEADER + 2 * WHOLE :]
    ),
    "a piece of another file": lambda kept: (
        kept[:HEADER] + sealed()[HEADER : HEADER + WHOLE] + kept[HEADER + WHOLE :]
    ),
    "another file under the same key": lambda kept: sealed(key=secrets.token_bytes(32)),
    "nothing left": lambda kept: b"",
    "the head alone": lambda kept: kept[:HEADER],
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_noticed(change: str) -> None:
    with pytest.raises(DamagedError):
        list(unseal(KEY, [CHANGES[change](sealed())]))


def test_two_seals_of_one_document_have_nothing_in_common() -> None:
    one, other = sealed(), sealed()
    assert one[len(b"ENTF1") : 64] != other[len(b"ENTF1") : 64]
