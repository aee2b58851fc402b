"""Links are derived, and an unknown, a damaged and a foreign one are one answer."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from cohorts.ground.base import new_id
from cohorts.ground.links import PURPOSES, Link, Links

LINKS = Links(b"k" * 32)
GOOD = LINKS.make("invitation", "A" * 16, 3)


def test_a_link_says_its_id_and_generation_to_whoever_holds_the_key() -> None:
    assert LINKS.read("invitation", GOOD) == Link("A" * 16, 3)


def test_a_link_is_made_again_the_same_way() -> None:
    assert LINKS.make("invitation", "A" * 16, 3) == GOOD


@pytest.mark.parametrize("other", [p for p in PURPOSES if p != "invitation"])
def test_a_link_serves_one_purpose_only(other: str) -> None:
    assert LINKS.read(other, GOOD) is None


def test_another_key_makes_another_link() -> None:
    assert Links(b"l" * 32).read("invitation", GOOD) is None


def test_the_mac_carries_at_least_128_bits() -> None:
    assert len(GOOD.rsplit(".", 1)[1]) * 6 >= 128


@given(st.integers(0, len(GOOD) - 1), st.sampled_from("AB019_-. é"))
def test_no_changed_character_is_accepted(at: int, letter: str) -> None:
    changed = GOOD[:at] + letter + GOOD[at + 1 :]
    assert changed == GOOD or LINKS.read("invitation", changed) is None


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert text == GOOD or LINKS.read("invitation", text) is None


def test_identifiers_are_random_and_do_not_repeat() -> None:
    assert len({new_id() for _ in range(1000)}) == 1000
