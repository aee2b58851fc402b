"""Names in braces: replaced once, never code; what is wrong is said by its name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.ground import braces
from cohorts.ground.refusal import Refusal

VALUES = {"jabatan": "Bupati Siak", "tautan": "https://lab.example/u/1", "pakaian": ""}


def test_a_name_stands_for_its_value_however_a_phone_writes_it() -> None:
    assert braces.fill("Yth. {jabatan}, {Jabatan }: {tautan}", VALUES) == (
        "Yth. Bupati Siak, Bupati Siak: https://lab.example/u/1"
    )


def test_two_braces_are_one_and_hold_no_name() -> None:
    assert braces.fill("{{jabatan}} {{{jabatan}}}", VALUES) == "{jabatan} {Bupati Siak}"


def test_a_line_whose_names_all_stand_for_nothing_is_left_out() -> None:
    said = "Kepada {jabatan}\nPakaian: {pakaian}\nPakaian {jabatan}: {pakaian}\nTerima kasih."
    assert braces.fill(said, VALUES) == "Kepada Bupati Siak\nPakaian Bupati Siak: \nTerima kasih."


@pytest.mark.parametrize("wrong", ["{jabatn}", "{}", "{jabatan.office}", "{jabatan!r}", "{0}"])
def test_an_unknown_name_is_refused_and_the_known_ones_are_told(wrong: str) -> None:
    with pytest.raises(Refusal) as refused:
        braces.check(f"Yth. {wrong},", VALUES, "chat")
    assert (refused.value.code, refused.value.field) == ("ground.text_name", "chat")
    assert refused.value.facts["name"] == wrong
    assert refused.value.facts["allowed"] == "{jabatan}, {tautan}, {pakaian}"


@pytest.mark.parametrize("wrong", ["Yth. {jabatan", "jabatan}", "{jab{atan}", "{jabatan\n}", "}"])
def test_a_brace_that_is_not_closed_or_never_opened_is_refused(wrong: str) -> None:
    with pytest.raises(Refusal) as refused:
        braces.check(wrong, VALUES, "chat")
    assert refused.value.code == "ground.text_brace"
    assert refused.value.facts["near"]


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_value_is_printed_as_it_is_and_never_read_again(value: str, around: str) -> None:
    literal = around.replace("{", "{{").replace("}", "}}")
    filled = braces.fill(f"{literal}|{{jabatan}}|", {"jabatan": f"{value}."})
    assert filled == f"{around}|{value}.|"
