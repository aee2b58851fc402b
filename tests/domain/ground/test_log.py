"""The log: the tree of RFC 6962, numbered once, its heads signed."""

import datetime as dt

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from cohorts.ground import log, merkle
from cohorts.ground.log import LogKey

NOW = dt.datetime(2022, 11, 21, 8, 0, tzinfo=dt.UTC)

# The inputs and roots that Certificate Transparency publishes for trees of one to eight leaves.
INPUTS = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [merkle.leaf_hash(bytes.fromhex(text)) for text in INPUTS]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_root_is_that_of_certificate_transparency(size: int) -> None:
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size - 1]


@pytest.mark.parametrize("size", range(1, 9))
def test_every_leaf_can_be_proved_and_no_other_in_its_place(size: int) -> None:
    leaves = LEAVES[:size]
    for index, leaf in enumerate(leaves):
        path = merkle.inclusion(leaves, index)
        assert merkle.root_from(leaf, index, size, path) == merkle.root(leaves)
        assert merkle.root_from(merkle.leaf_hash(b"x"), index, size, path) != merkle.root(leaves)


def test_leaves_are_numbered_once_in_the_order_they_came(session: Session) -> None:
    first = log.append(session, "closing", {"sha256": "a"}, NOW)
    assert log.number(session) == 1
    second = log.append(session, "closing", {"sha256": "b"}, NOW)
    assert log.number(session) == 1
    assert log.number(session) == 0
    hashes = [bytes.fromhex(leaf.leaf_hash) for leaf in (first, second)]
    assert log.leaves(session) == hashes


def test_a_checkpoint_covers_what_is_numbered_and_its_signature_holds(session: Session) -> None:
    key = LogKey(Ed25519PrivateKey.generate())
    log.append(session, "closing", {"sha256": "a"}, NOW)
    log.number(session)
    row = log.checkpoint(session, key, NOW)
    assert row is not None
    assert row.root == merkle.root(log.leaves(session)).hex()
    assert log.note_holds(row.note, key.private.public_key())
    assert not log.note_holds(row.note.replace("\n1\n", "\n2\n"), key.private.public_key())
    assert log.checkpoint(session, key, NOW) is None  # nothing new to sign
