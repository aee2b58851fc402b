"""Bytes that mean one thing: JSON by RFC 8785 over NFC strings, without floats.

What is signed, chained or logged is stored as these bytes and never derived a second time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import rfc8785

EXACT = 2**53 - 1


def canonical(value: Any) -> bytes:
    """Canonical bytes of a JSON-like value. Dates become ISO, instants RFC 3339 UTC, decimals
    strings; a float raises TypeError, because two machines may print it differently."""
    plain = _plain(value)
    if _simple(plain):
        # The same bytes, eight times faster: a closing of a large cohort has ten megabytes.
        text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return text.encode()
    return rfc8785.dumps(plain)


def sha256(data: bytes) -> str:
    """Hex SHA-256."""
    return hashlib.sha256(data).hexdigest()


def _simple(value: Any) -> bool:
    """Whether the standard library writes a plain value exactly as RFC 8785 does: every key is
    ASCII (the two sort other keys differently) and every number is exact in any JSON reader."""
    if isinstance(value, dict):
        return all(key.isascii() for key in value) and all(map(_simple, value.values()))
    if isinstance(value, list):
        return all(map(_simple, value))
    return not isinstance(value, int) or abs(value) <= EXACT


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            raise ValueError("a canonical instant carries its zone")
        return value.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_plain(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise TypeError(f"no canonical form for {type(value).__name__}")
