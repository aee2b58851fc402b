"""The Merkle tree of RFC 6962: hashes of leaves, the root, and proofs that a leaf is in it."""

from __future__ import annotations

import hashlib


def leaf_hash(data: bytes) -> bytes:
    """Hash of one leaf's bytes."""
    return hashlib.sha256(b"\x00" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(n: int) -> int:
    """The largest power of two smaller than n."""
    return 1 << ((n - 1).bit_length() - 1)


def root(leaves: list[bytes]) -> bytes:
    """Tree head over leaf hashes; the hash of nothing for an empty tree."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = _split(len(leaves))
    return _node(root(leaves[:k]), root(leaves[k:]))


def inclusion(leaves: list[bytes], index: int) -> list[bytes]:
    """The path that proves leaf ``index`` belongs to the tree over ``leaves``."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if index < k:
        return [*inclusion(leaves[:k], index), root(leaves[k:])]
    return [*inclusion(leaves[k:], index - k), root(leaves[:k])]


def root_from(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root that a proof leads to, or None when its length does not fit the size."""
    if not 0 <= index < size:
        return None
    node, last, current = index, size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if node % 2 == 1 or node == last:
            current = _node(step, current)
            while node % 2 == 0 and node != 0:
                node, last = node >> 1, last >> 1
        else:
            current = _node(current, step)
        node, last = node >> 1, last >> 1
    return current if last == 0 else None
