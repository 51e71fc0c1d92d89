"""Merkle trees as RFC 6962 (2.1) draws them: leaves and inner nodes have own prefixes. Pure."""

import hashlib
from collections.abc import Sequence

LEAF, INNER = b"\x00", b"\x01"


def leaf(content: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(LEAF + content).digest()


def _inner(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(INNER + left + right).digest()


def _split(count: int) -> int:
    """Return the largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the hash of the tree over hashed leaves, of which there is at least one."""
    if len(leaves) == 1:
        return leaves[0]
    cut = _split(len(leaves))
    return _inner(root(leaves[:cut]), root(leaves[cut:]))


def path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return what proves the leaf at `index`: its neighbours on the way up, nearest first."""
    if len(leaves) == 1:
        return []
    cut = _split(len(leaves))
    if index < cut:
        return [*path(leaves[:cut], index), root(leaves[cut:])]
    return [*path(leaves[cut:], index - cut), root(leaves[:cut])]


def climbed(content: bytes, index: int, count: int, proof: Sequence[bytes]) -> bytes | None:
    """Return the root that a proof leads to; None when it has not the length it must have."""
    sides: list[bool] = []
    while count > 1:
        cut = _split(count)
        right = index >= cut
        sides.append(right)
        index, count = (index - cut, count - cut) if right else (index, cut)
    if len(sides) != len(proof) or index != 0:
        return None
    found = leaf(content)
    for right, other in zip(reversed(sides), proof, strict=True):
        found = _inner(other, found) if right else _inner(found, other)
    return found
