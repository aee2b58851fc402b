"""Geometry of the charts: numbers in, SVG path data and percentages out.

Pure functions; templates/macros/charts.html draws what they return. Text sits at percentages and
keeps its size, bands and lines are stretched inside, so the same markup serves 320 and 1280 px.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

UNITS_IN_ROW = 13
TILES_IN_ROW = 4
STRIP_IN_ROW = 11


def short(value: float) -> str:
    """Return a coordinate with at most two decimals: "66.13", "24", "0"."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _square(x: float, y: float, side: float) -> str:
    s = short(side)
    return f"M{short(x)} {short(y)}h{s}v{s}h-{s}z"


@dataclass(frozen=True)
class Units:
    """A square for each of N: width and height of the view, path of the filled and of the empty."""

    width: int
    height: int
    on: str
    off: str


def units(n: int, of: int, in_row: int = UNITS_IN_ROW) -> Units:
    """Return ``of`` squares in rows, the first ``n`` filled. Needs 0 <= n <= of and of > 0."""
    if not 0 <= n <= of or of == 0:
        raise ValueError("needs 0 <= n <= of, and at least one")
    on: list[str] = []
    off: list[str] = []
    for i in range(of):
        x, y = (i % in_row) * 22, (i // in_row) * 22
        (on if i < n else off).append(
            _square(x, y, 18) if i < n else _square(x + 0.75, y + 0.75, 16.5)
        )
    rows = (of + in_row - 1) // in_row
    columns = min(of, in_row)
    return Units(columns * 22 - 4, rows * 22 - 4, "".join(on), "".join(off))


@dataclass(frozen=True)
class Part:
    """A piece of a stacked bar: CSS class, number, where it begins and how wide it is (percent)."""

    look: str
    n: int
    x: str
    width: str


def stack(parts: Iterable[tuple[str, int]], of: int | None = None) -> list[Part]:
    """Return the pieces of one bar; ``of`` is what its full length means (default: their sum)."""
    listed = [(look, n) for look, n in parts]
    total = sum(n for _, n in listed) if of is None else of
    found, at = [], 0
    for look, n in listed:
        if n and total:
            found.append(Part(look, n, short(100 * at / total), short(100 * n / total)))
        at += n
    return found


@functools.cache
def grid() -> Mapping[str, Mapping[str, Any]]:
    """Return province code -> short name, column and row of the tile map."""
    text = (resources.files("cohorts") / "data" / "province_grid.csv").read_text(encoding="utf-8")
    return {
        row["code"]: {"abbr": row["abbr"], "col": int(row["col"]), "row": int(row["row"])}
        for row in csv.DictReader(text.splitlines())
    }


@dataclass(frozen=True)
class TileMap:
    """The map of squares: size, outline of the provinces, a path per class 0..3, and labels."""

    width: int
    height: int
    cells: str
    classes: list[str]
    labels: list[tuple[int, int, str, bool]]  # x, y, name, whether it has members


def tile_map(regions: Iterable[tuple[str, int]]) -> TileMap:
    """Return the map for (province code, class 0..3) of each region; the best class comes first."""
    held: dict[str, list[int]] = {}
    for province, level in regions:
        held.setdefault(province[:2], []).append(level)
    where = grid()
    rows = {place["row"] for place in where.values()}
    extra: dict[int, int] = {}  # additional height a crowded province needs, by grid row
    for province, levels in held.items():
        lines = (len(levels) + TILES_IN_ROW - 1) // TILES_IN_ROW
        need = max(0, 21 + 14 * lines - 2 - 47)
        row = where[province]["row"]
        extra[row] = max(extra.get(row, 0), need)
    top, at = {}, 0
    for row in range(max(rows) + 1):
        top[row] = at
        at += 53 + extra.get(row, 0)
    cells, labels = [], []
    classes: list[list[str]] = [[], [], [], []]
    for province, place in where.items():
        x, y = place["col"] * 66, top[place["row"]]
        levels = sorted(held.get(province, ()), reverse=True)
        lines = (len(levels) + TILES_IN_ROW - 1) // TILES_IN_ROW
        labels.append((x + 5, y + 14, place["abbr"], bool(levels)))
        if levels:
            height = max(47, 21 + 14 * lines - 2)
            cells.append(f"M{x} {y}h61v{height}h-61z")
        for i, level in enumerate(levels):
            classes[level].append(
                _square(x + 5.5 + 13 * (i % TILES_IN_ROW), y + 19.5 + 14 * (i // TILES_IN_ROW), 11)
            )
    width = (max(place["col"] for place in where.values()) + 1) * 66
    return TileMap(width, at, "".join(cells), ["".join(c) for c in classes], labels)


@dataclass(frozen=True)
class Strip:
    """A row of squares of one island group, for a phone."""

    name: str
    count: int
    width: int
    height: int
    classes: list[str]


def strips(groups: Mapping[str, Sequence[int]]) -> list[Strip]:
    """Return a strip for each group of classes 0..3, the best class first."""
    found = []
    for name, levels in groups.items():
        classes: list[list[str]] = [[], [], [], []]
        for i, level in enumerate(sorted(levels, reverse=True)):
            x, y = (i % STRIP_IN_ROW) * 19, (i // STRIP_IN_ROW) * 19
            classes[level].append(
                _square(x + 0.5, y + 0.5, 15) if level == 0 else _square(x, y, 16)
            )
        lines = (len(levels) + STRIP_IN_ROW - 1) // STRIP_IN_ROW
        width = min(len(levels), STRIP_IN_ROW) * 19 - 3
        found.append(
            Strip(name, len(levels), width, lines * 19 - 3, ["".join(c) for c in classes])
        )
    return found


@dataclass(frozen=True)
class Stop:
    """One closing in the flow: what came in, what is new, and all that was settled by then."""

    name: str
    day: str
    open: int
    new: int
    verified: int
    dropped: int


@dataclass(frozen=True)
class FlowNode:
    """A column of the flow: position, its rectangles (class, y, height), and where texts stand."""

    x: str
    shift: int
    anchor: str
    bars: list[tuple[str, str, str]]
    stop: Stop
    last: bool
    new_y: str
    verified_y: str
    dropped_y: str


@dataclass(frozen=True)
class Flow:
    """The flow between closings: height, bands by class (u open, v verified, d dropped), nodes."""

    height: int
    bands: dict[str, str]
    nodes: list[FlowNode]


def _band(x0: float, a0: float, a1: float, x1: float, b0: float, b1: float) -> str:
    m = (x0 + x1) / 2
    p = [short(v) for v in (x0, a0, m, b0, x1, b1, a1)]
    left, top, middle, to_top, right, to_bottom, bottom = p
    return (
        f"M{left} {top}C{middle} {top} {middle} {to_top} {right} {to_top}V{to_bottom}"
        f"C{middle} {to_bottom} {middle} {bottom} {left} {bottom}z"
    )


def flow(stops: Sequence[Stop], height: int = 348, top: int = 44) -> Flow:
    """Return the flow of action items from closing to closing.

    Each stop holds what was open before it (``open``: carried in), what was raised until then
    (``new``) and the totals verified and dropped by then. Needs at least two stops.
    """
    if len(stops) < 2:
        raise ValueError("a flow needs two closings")
    most = max(s.open + s.new + s.verified + s.dropped for s in stops)
    scale = (height - top - 24 - 24) / most if most else 0
    places = []
    for s in stops:
        u, n, v, d = (k * scale for k in (s.open, s.new, s.verified, s.dropped))
        v_top = top + u + n + 12
        places.append({"u": u, "n": n, "v": v, "d": d, "v_top": v_top, "d_top": v_top + v + 12})
    bands: dict[str, list[str]] = {"u": [], "v": [], "d": []}
    step = 100 / (len(stops) - 1)
    for i in range(len(stops) - 1):
        a, b, x0, x1 = places[i], places[i + 1], i * step, (i + 1) * step
        after = stops[i + 1]
        verified = max(0, after.verified - stops[i].verified) * scale
        dropped = max(0, after.dropped - stops[i].dropped) * scale
        stay = top + b["u"]
        bands["u"].append(_band(x0, top, stay, x1, top, stay))
        bands["v"].append(_band(x0, stay, stay + verified, x1, b["v_top"], b["v_top"] + verified))
        bands["v"].append(
            _band(x0, a["v_top"], a["v_top"] + a["v"],
                  x1, b["v_top"] + verified, b["v_top"] + verified + a["v"]))
        low = stay + verified
        bands["d"].append(_band(x0, low, low + dropped, x1, b["d_top"], b["d_top"] + dropped))
        bands["d"].append(
            _band(x0, a["d_top"], a["d_top"] + a["d"],
                  x1, b["d_top"] + dropped, b["d_top"] + dropped + a["d"]))
    nodes = []
    for i, (s, place) in enumerate(zip(stops, places, strict=True)):
        first, last = i == 0, i == len(stops) - 1
        rects = (
            ("u", top, place["u"]), ("new", top + place["u"], place["n"]),
            ("v", place["v_top"], place["v"]), ("d", place["d_top"], place["d"]),
        )
        nodes.append(FlowNode(
            x=short(i * step), shift=0 if first else -10 if last else -5,
            anchor="start" if first else "end" if last else "middle",
            bars=[(look, short(y), short(h)) for look, y, h in rects if h > 0],
            stop=s, last=last,
            new_y=short(top + place["u"] + place["n"] / 2 + 5),
            verified_y=short(place["v_top"] + place["v"] / 2 + 5),
            dropped_y=short(place["d_top"] + place["d"] / 2 + 8),
        ))
    return Flow(height, {k: "".join(v) for k, v in bands.items()}, nodes)


@dataclass(frozen=True)
class Line:
    """One survival line: its path in a 100-high view, its end in percent and px, its last share."""

    path: str
    end_x: str
    end_y: str
    share: int
    name: str


def survival(
    vintages: Sequence[tuple[str, Sequence[tuple[int, float]]]], days: int, height: int = 300
) -> list[Line]:
    """Return step lines of (day, share still open 0..1) for each vintage; ``days`` is the axis."""
    found = []
    for name, points in vintages:
        path, level, at = ["M0 0"], 1.0, 0
        for day, share in points:
            path.append(f"H{day}V{short(100 * (1 - share))}")
            level, at = share, day
        found.append(Line(
            "".join(path), short(100 * at / days) if days else "0",
            short(8 + (height - 42) * (1 - level)), round(100 * level), name))
    return found


def with_looks(
    stages: Sequence[tuple[str, object]], counts: Sequence[int]
) -> list[tuple[str, int]]:
    """Pair the CSS class of each stage with its number."""
    return [(look, n) for (look, _), n in zip(stages, counts, strict=True)]


def renamed(counts: Iterable[tuple[str, int]], looks: Mapping[str, str]) -> list[tuple[str, int]]:
    """Replace the name of each state by the CSS class that shows it."""
    return [(looks[state], n) for state, n in counts]
