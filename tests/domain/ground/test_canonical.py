"""Canonical bytes are those of RFC 8785, by whichever way they are written."""

from __future__ import annotations

import unicodedata

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from cohorts.ground.canonical import EXACT, canonical

TEXT = st.text(st.characters(exclude_categories=("Cs",)))
LEAVES = st.none() | st.booleans() | st.integers(-EXACT, EXACT) | TEXT
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=20
)


def nfc(value: object) -> object:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [nfc(one) for one in value]
    if isinstance(value, dict):
        return {nfc(key): nfc(one) for key, one in value.items()}
    return value


@given(VALUES)
def test_any_value_has_the_bytes_of_the_standard(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(nfc(value))  # type: ignore[arg-type]


def test_every_control_character_is_written_as_the_standard_says() -> None:
    value = {"a": "".join(map(chr, range(0x20))) + "\"\\/\x7f\u2028\u2029€😀"}
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [1.5, {"a": [0.0]}, object()])
def test_what_two_machines_may_write_differently_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical(value)


def test_a_number_that_not_every_reader_holds_exactly_is_refused() -> None:
    with pytest.raises(rfc8785.CanonicalizationError):
        canonical({"n": EXACT + 1})


def test_half_a_character_is_refused() -> None:
    with pytest.raises((UnicodeEncodeError, rfc8785.CanonicalizationError)):
        canonical({"a": "\ud800"})
