"""Files that are looked at before they are saved: kept by their hash, unknown to the database.

Between upload and save a file of people is kept twice: as it was found (``Found``), and with our
own columns (``Ours``), in which cells are mended. The worker sweeps both a day later.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.adapters.sheets import Grid
from app.extensions import settings
from cohorts.directory.columns import COLUMNS
from cohorts.ground.files import FileStore
from cohorts.ground.refusal import Refusal

SHA = re.compile(r"[0-9a-f]{64}")
_FOUND, _OURS = "table as found", "people and offices"


def store() -> FileStore:
    """Where uploaded files lie."""
    return FileStore(settings().files_dir)


@dataclass(frozen=True)
class Found:
    """A table as it was uploaded: its lines with their numbers in the file."""

    name: str
    sheet: str
    sheets: int
    lines: Sequence[tuple[int, Sequence[str]]]


@dataclass(frozen=True)
class Ours:
    """The lines below the header, their cells in the order of COLUMNS; ``found`` is the hash of the
    table they were taken from."""

    name: str
    source: str
    found: str
    lines: Sequence[tuple[int, Sequence[str]]]

    def numbered(self) -> list[tuple[int, dict[str, str]]]:
        """The lines as the domain reads them."""
        return [(n, dict(zip(COLUMNS, cells, strict=True))) for n, cells in self.lines]

    def cell(self, number: int, column: str) -> str:
        """What stands in one cell."""
        at = COLUMNS.index(column)
        return next((cells[at] for n, cells in self.lines if n == number), "")

    def mended(self, given: Mapping[str, str]) -> Ours:
        """The same lines with the cells that a form wrote anew (``cell-<number>-<column>``)."""
        lines = []
        for number, cells in self.lines:
            new = [
                given.get(f"cell-{number}-{column}", cell).strip()[:2000]
                for column, cell in zip(COLUMNS, cells, strict=True)
            ]
            # A region that is written anew is not held to the code that stood beside it.
            if f"cell-{number}-daerah" in given and f"cell-{number}-kode" not in given:
                new[COLUMNS.index("kode")] = ""
            lines.append((number, new))
        return Ours(self.name, self.source, self.found, lines)


def keep(table: Found | Ours) -> str:
    """Write a table down; returns its hash."""
    kind = _FOUND if isinstance(table, Found) else _OURS
    data = json.dumps({"kind": kind, **asdict(table)}, ensure_ascii=False, separators=(",", ":"))
    return store().put(data.encode(), "application/json").sha256


def found_in(grid: Grid, name: str) -> Found:
    """An uploaded grid with the name of its file."""
    return Found(name[:120], grid.sheet, grid.sheets, grid.lines)


def found(sha: str) -> Found:
    """A kept table as it was uploaded. Raises Refusal ground.not_found."""
    held = _held(sha, _FOUND)
    return Found(held["name"], held["sheet"], held["sheets"], held["lines"])


def ours(sha: str) -> Ours:
    """A kept table with our columns. Raises Refusal ground.not_found."""
    held = _held(sha, _OURS)
    return Ours(held["name"], held["source"], held["found"], held["lines"])


def _held(sha: str, kind: str) -> dict[str, Any]:
    if not SHA.fullmatch(sha):
        raise Refusal("ground.not_found")
    try:
        held = json.loads(store().get(sha))
    except (FileNotFoundError, ValueError):
        raise Refusal("ground.not_found") from None
    if not isinstance(held, dict) or held.get("kind") != kind:
        raise Refusal("ground.not_found")
    return held
