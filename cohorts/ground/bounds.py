"""Texts that people write, brought into one form and held to the length of their column."""

from __future__ import annotations

import unicodedata

from cohorts.ground.refusal import Refusal


def line(value: str, *, most: int, field: str) -> str:
    """One line: NFC, no control characters, single spaces, no space at the ends. Raises Refusal
    ground.too_long (facts: limit, in characters)."""
    if value.isascii() and value.isprintable():  # nearly all there is, and whole files pass here
        return _held(" ".join(value.split()), most, field)
    normal = unicodedata.normalize("NFC", value)
    plain = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in normal)
    return _held(" ".join(plain.split()), most, field)


def lines(value: str, *, most: int, field: str) -> str:
    """Several lines: NFC, plain line ends, no control characters but tabs. Raises Refusal
    ground.too_long."""
    normal = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(c for c in normal if c in "\n\t" or unicodedata.category(c) != "Cc")
    return _held(plain.strip(), most, field)


def needed(value: str, *, most: int, field: str) -> str:
    """One line that may not be empty. Raises Refusal ground.needed or ground.too_long."""
    kept = line(value, most=most, field=field)
    if not kept:
        raise Refusal("ground.needed", field=field)
    return kept


def _held(value: str, most: int, field: str) -> str:
    if len(value) > most:
        raise Refusal("ground.too_long", field=field, limit=most)
    return value
