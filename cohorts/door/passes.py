"""The code on a pass: short, without personal data, and good without a network.

``LL1.<pass>.<generation>.<convening>.<signature>`` with the Ed25519 signature over everything
before its dot, in base 32. All characters belong to the QR's alphanumeric set, which makes the
code a third less dense than the same bytes in base 64: an old camera reads it from farther away.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from cohorts.ground.base import CROCKFORD

PREFIX = "LL1"
_SHAPE = re.compile(rf"{PREFIX}\.([{CROCKFORD}]{{16}})\.([1-9][0-9]{{0,8}})\.([{CROCKFORD}]{{16}})")
_SIGNATURE = 103  # characters of base 32 that 64 bytes take without padding
_CODE = 8  # characters of a short code
_LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


@dataclass(frozen=True)
class PassCode:
    """What a genuine code says; whether the pass still holds is another question."""

    pass_id: str
    generation: int
    convening_id: str


def write_pass(key: Ed25519PrivateKey, pass_id: str, generation: int, convening_id: str) -> str:
    """The text of the QR: 140 characters or so, for level M a code of 41 x 41 modules."""
    said = f"{PREFIX}.{pass_id}.{generation}.{convening_id}"
    if _SHAPE.fullmatch(said) is None:
        raise ValueError("not the identifiers of a pass")
    signature = base64.b32encode(key.sign(said.encode())).decode().rstrip("=")
    return f"{said}.{signature}"


def read_pass(text: str, key: Ed25519PublicKey) -> PassCode | Literal["unknown", "forged"]:
    """What a scanned text says, judged by the public key alone.

    ``unknown``: not one of our codes at all (a foreign QR); ``forged``: made to look like one.
    """
    text = text.strip()
    if len(text) > 400 or not text.upper().startswith(f"{PREFIX}."):
        return "unknown"
    said, _, signature = text.upper().rpartition(".")
    shape = _SHAPE.fullmatch(said)
    if shape is None or len(signature) != _SIGNATURE:
        return "forged"
    try:
        raw = base64.b32decode(signature + "=" * (-len(signature) % 8))
        # 103 characters hold three bits too many: another last character must not pass for ours
        if base64.b32encode(raw).decode().rstrip("=") != signature:
            return "forged"
        key.verify(raw, said.encode())
    except (InvalidSignature, ValueError):
        return "forged"
    return PassCode(shape[1], int(shape[2]), shape[3])


def read_short_code(text: str) -> str | None:
    """Eight Crockford characters as the pass prints them, or None. Case, spaces and dashes do not
    matter, and O, I and L are read as the digits they look like."""
    plain = re.sub(r"[\s\-\u2010-\u2015]", "", text).upper().translate(_LOOKS_LIKE)
    if len(plain) != _CODE or any(c not in CROCKFORD for c in plain):
        return None
    return plain
