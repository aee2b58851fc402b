"""Texts that organisers write, with names in braces: "Yth. {jabatan}," read for one guest.

A name stands for a value; nothing else happens. There are no conditions, no loops, no attributes,
and a value is never read again, so that no text can become code wherever it is printed. Two braces
are one brace. A line whose names all stand for nothing is left out: "Pakaian: {pakaian}" is not
printed where no dress is set.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from cohorts.ground.refusal import Refusal

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|[{}]")
_SHOWN = 30  # characters of a wrong name that are repeated to whoever wrote it


@dataclass(frozen=True)
class _Name:
    key: str


def check(text: str, allowed: Collection[str], field: str) -> None:
    """Raise Refusal ground.text_name (facts: name, allowed) for a name that is not in ``allowed``,
    ground.text_brace (facts: near) for a brace that is not closed or was never opened."""
    for line in text.split("\n"):
        _parts(line, allowed, field)


def names(text: str, allowed: Collection[str]) -> frozenset[str]:
    """The names that a checked text uses."""
    return frozenset(
        part.key
        for line in text.split("\n")
        for part in _parts(line, allowed, "text")
        if isinstance(part, _Name)
    )


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its names replaced. Refuses as ``check`` does where a name has no value."""
    kept = []
    for line in text.split("\n"):
        parts = _parts(line, values, "text")
        stands = [values[part.key] for part in parts if isinstance(part, _Name)]
        if stands and not any(stands):
            continue
        kept.append("".join(values[p.key] if isinstance(p, _Name) else p for p in parts))
    return "\n".join(kept)


def _parts(line: str, allowed: Collection[str], field: str) -> list[str | _Name]:
    """A line as plain text and names, in their order. Capitals and spaces in a name are forgiven:
    a phone's keyboard writes them."""
    found: list[str | _Name] = []
    end = 0
    for piece in _PIECE.finditer(line):
        found.append(line[end : piece.start()])
        end = piece.end()
        if piece[0] in ("{{", "}}"):
            found.append(piece[0][0])
        elif piece[1] is None:
            near = line[max(0, piece.start() - 10) : piece.start() + 20].strip()
            raise Refusal("ground.text_brace", field=field, near=near)
        else:
            key = piece[1].strip().lower()
            if key not in allowed:
                raise Refusal(
                    "ground.text_name",
                    field=field,
                    name=f"{{{piece[1].strip()[:_SHOWN]}}}",
                    allowed=", ".join(f"{{{one}}}" for one in allowed),
                )
            found.append(_Name(key))
    found.append(line[end:])
    return found
