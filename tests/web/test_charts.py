"""Geometry of the charts: every square can be counted and every bar ends where it should."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import charts


def test_thirty_one_of_fifty_two_squares_are_filled() -> None:
    drawn = charts.units(31, 52)
    assert (drawn.on.count("M"), drawn.off.count("M")) == (31, 21)
    assert (drawn.width, drawn.height) == (282, 84)


@given(st.integers(1, 200).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_as_many_squares_as_there_are(numbers: tuple[int, int]) -> None:
    n, of = numbers
    drawn = charts.units(n, of)
    assert (drawn.on.count("M"), drawn.off.count("M")) == (n, of - n)


@pytest.mark.parametrize(("n", "of"), [(1, 0), (3, 2), (-1, 2)])
def test_a_figure_that_cannot_be_is_not_drawn(n: int, of: int) -> None:
    with pytest.raises(ValueError, match="needs"):
        charts.units(n, of)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=6))
def test_the_parts_of_a_bar_fill_it_without_gap_or_overlap(numbers: list[int]) -> None:
    parts = charts.stack([(f"c{i}", n) for i, n in enumerate(numbers)])
    assert [p.n for p in parts] == [n for n in numbers if n]
    at = 0.0
    for part in parts:
        assert float(part.x) == pytest.approx(at, abs=0.1)
        at += float(part.width)
    assert not parts or at == pytest.approx(100, abs=0.1)


def test_every_region_has_its_square_on_the_map_and_in_the_list() -> None:
    regions = [("32", 3)] * 9 + [("33", 0)] * 2 + [("91", 1)]
    drawn = charts.tile_map(regions)
    assert [c.count("M") for c in drawn.classes] == [2, 1, 0, 9]
    assert len(drawn.labels) == 38
    assert sum(has for *_, has in drawn.labels) == 3
    [strip] = charts.strips({"Jawa": [level for _, level in regions]})
    assert [c.count("M") for c in strip.classes] == [2, 1, 0, 9]
    assert strip.count == 12


def test_the_flow_conserves_what_it_carries() -> None:
    stops = [
        charts.Stop("ke-1", "1 Nov", 0, 74, 0, 0),
        charts.Stop("ke-2", "9 Nov", 62, 130, 11, 1),
        charts.Stop("ke-3", "21 Nov", 160, 132, 40, 4),
    ]
    drawn = charts.flow(stops)
    assert [n.anchor for n in drawn.nodes] == ["start", "middle", "end"]
    last = {look: float(h) for look, _, h in drawn.nodes[-1].bars}
    total = 160 + 132 + 40 + 4
    assert last["u"] / sum(last.values()) == pytest.approx(160 / total, abs=0.01)
    assert set(drawn.bands) == {"u", "v", "d"}
    with pytest.raises(ValueError, match="two closings"):
        charts.flow(stops[:1])


def test_a_line_ends_at_its_last_share() -> None:
    [line] = charts.survival([("ke-1", [(30, 0.66), (241, 0.39)])], 245)
    assert line.share == 39
    assert line.path == "M0 0H30V34H241V61"
    assert float(line.end_x) == pytest.approx(98.37)
