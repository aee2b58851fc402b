"""What a signatory puts on the page: a typed name or a drawing. Both weigh the same.

A drawing is a list of polylines of whole numbers on a pad of 328 x 176; the picture is made by us.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

from cohorts.ground import bounds
from cohorts.ground.canonical import canonical, sha256
from cohorts.ground.refusal import Refusal

WIDTH, HEIGHT = 328, 176
MOST_STROKES = 300
MOST_POINTS = 6000
LEAST_POINTS = 8


@dataclass(frozen=True)
class Mark:
    """``method`` is typed or drawn; the other of ``typed`` and ``strokes`` is empty."""

    method: str
    typed: str
    strokes: list[list[list[int]]] | None

    @property
    def sha256(self) -> str:
        """Hash of what was typed or drawn."""
        return sha256(canonical({"typed": self.typed, "strokes": self.strokes or []}))


def typed(value: str, *, name: str) -> Mark:
    """A typed signature. It must share a word with the signatory's registered name, titles aside.

    Raises Refusal pledges.name_missing, pledges.name_differs (facts: name), ground.too_long.
    """
    kept = bounds.line(value, most=300, field="typed")
    if not kept:
        raise Refusal("pledges.name_missing", field="typed")
    if not _words(kept) & _words(name):
        raise Refusal("pledges.name_differs", field="typed", name=name)
    return Mark("typed", kept, None)


def drawn(value: Any) -> Mark:
    """A drawn signature from decoded JSON. Raises Refusal pledges.strokes_missing or
    pledges.strokes_invalid; nothing of the client's is kept but whole numbers on the pad."""
    if not value:
        raise Refusal("pledges.strokes_missing", field="strokes")
    if not isinstance(value, list) or len(value) > MOST_STROKES:
        raise Refusal("pledges.strokes_invalid", field="strokes")
    strokes = []
    points = 0
    for line in value:
        if not isinstance(line, list):
            raise Refusal("pledges.strokes_invalid", field="strokes")
        points += len(line)
        if points > MOST_POINTS:
            raise Refusal("pledges.strokes_invalid", field="strokes")
        strokes.append([_point(point) for point in line])
    if points < LEAST_POINTS:
        raise Refusal("pledges.strokes_missing", field="strokes")
    return Mark("drawn", "", [line for line in strokes if line])


def _point(point: Any) -> list[int]:
    if not isinstance(point, list) or len(point) != 2:
        raise Refusal("pledges.strokes_invalid", field="strokes")
    x, y = point
    if type(x) is not int or type(y) is not int or not (0 <= x <= WIDTH and 0 <= y <= HEIGHT):
        raise Refusal("pledges.strokes_invalid", field="strokes")
    return [x, y]


def _words(name: str) -> set[str]:
    """Words of at least three letters, without case and accents."""
    plain = "".join(
        c if c.isalnum() else " "
        for c in unicodedata.normalize("NFKD", name)
        if not unicodedata.combining(c)
    )
    return {word for word in plain.casefold().split() if len(word) >= 3}
