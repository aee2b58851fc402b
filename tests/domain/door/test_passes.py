"""The code on a pass is verified by the public key alone, and carries nobody's name."""

from __future__ import annotations

import base64
import json
import string
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from cohorts.door.passes import PassCode, read_pass, read_short_code, write_pass
from cohorts.ground.base import CROCKFORD

KEY = Ed25519PrivateKey.from_private_bytes(b"p" * 32)
PUBLIC = KEY.public_key()
PASS, CONVENING = "7Q2F9XK3M0000001", "8R3G0YM4N0000002"
CODE = write_pass(KEY, PASS, 1, CONVENING)


def test_a_genuine_code_says_which_pass_of_which_convening() -> None:
    assert read_pass(CODE, PUBLIC) == PassCode(PASS, 1, CONVENING)
    assert read_pass(f"  {CODE.lower()}\n", PUBLIC) == PassCode(PASS, 1, CONVENING)


def test_a_program_that_has_only_the_public_key_and_no_network_verifies_it() -> None:
    """Written with nothing of ours, from the format as it is documented."""
    program = """
import base64, json, sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
key, code = json.load(sys.stdin)
said, _, signature = code.rpartition(".")
raw = base64.b32decode(signature + "=" * (-len(signature) % 8))
Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(raw, said.encode())
print(said.split(".")[1])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60,
        input=json.dumps([PUBLIC.public_bytes_raw().hex(), CODE]),
    )
    assert done.stdout.strip() == PASS


def test_every_changed_character_makes_it_forged_or_foreign() -> None:
    for place in range(len(CODE)):
        other = "A" if CODE[place] != "A" else "B"
        assert read_pass(CODE[:place] + other + CODE[place + 1 :], PUBLIC) in ("forged", "unknown")


def test_no_flipped_bit_of_the_signature_is_accepted() -> None:
    said, _, signature = CODE.rpartition(".")
    for bit in range(512):
        raw = bytearray(base64.b32decode(signature + "="))
        raw[bit // 8] ^= 1 << bit % 8
        flipped = base64.b32encode(bytes(raw)).decode().rstrip("=")
        assert read_pass(f"{said}.{flipped}", PUBLIC) == "forged", bit


def test_one_signature_is_written_in_one_way_only() -> None:
    """The last of 103 characters has three bits to spare; only ours is accepted."""
    good = [c for c in string.ascii_uppercase + "234567"
            if read_pass(CODE[:-1] + c, PUBLIC) != "forged"]
    assert good == [CODE[-1]]


def test_a_code_signed_with_another_key_is_forged() -> None:
    other = Ed25519PrivateKey.from_private_bytes(b"q" * 32)
    assert read_pass(write_pass(other, PASS, 1, CONVENING), PUBLIC) == "forged"


@pytest.mark.parametrize(
    "text",
    ["", "https://example.org/pass", "BEGIN:VCARD", "LL2.X", "WIFI:S:x;;", "LL1", "x" * 5000],
)
def test_a_foreign_code_is_unknown(text: str) -> None:
    assert read_pass(text, PUBLIC) == "unknown"


@given(st.text(max_size=300))
def test_no_text_whatever_is_taken_for_a_pass(text: str) -> None:
    assert read_pass(text, PUBLIC) in ("unknown", "forged")
    assert read_pass("LL1." + text, PUBLIC) == ("forged" if len(text) <= 396 else "unknown")


def test_it_is_short_enough_for_a_coarse_code() -> None:
    """All in the alphanumeric set of QR codes, within version 6 at level M: 41 x 41 modules."""
    assert set(CODE) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert len(CODE) <= 154


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("K7Q4MDXZ", "K7Q4MDXZ"),
        ("k7q4 mdxz", "K7Q4MDXZ"),
        (" k7q4-mdxz ", "K7Q4MDXZ"),
        ("K7Q4\u2013MDXZ", "K7Q4MDXZ"),
        ("KOQ4MDIL", "K0Q4MD11"),
        ("K7Q4MDX", None),
        ("K7Q4MDXZZ", None),
        ("K7Q4MDXU", None),
        ("K7Q4MDX'", None),
        ("", None),
    ],
)
def test_a_typed_code_forgives_case_spaces_dashes_and_look_alikes(
    typed: str, read: str | None
) -> None:
    assert read_short_code(typed) == read


def test_reading_folds_to_what_crockford_writes() -> None:
    assert all(read_short_code(c * 8) == c * 8 for c in CROCKFORD)
