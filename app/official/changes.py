"""What differs between two versions of a text, word by word."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from cohorts.pledges.tables import PledgeText
from cohorts.pledges.text import TargetDraft, as_draft


@dataclass(frozen=True)
class Change:
    """``part`` is title, preamble, clause, closing or target; ``number`` counts clauses and
    targets. ``pieces`` are (same | old | new, words) in reading order."""

    part: str
    number: int | None
    pieces: list[tuple[str, str]]


def between(old: PledgeText, new: PledgeText) -> list[Change]:
    """Every part that reads differently, in the order of the text."""
    before, after = as_draft(old), as_draft(new)
    parts: list[tuple[str, int | None, str, str]] = [
        ("title", None, before.title, after.title),
        ("preamble", None, before.preamble, after.preamble),
        *_pairs("clause", before.clauses, after.clauses),
        ("closing", None, before.closing, after.closing),
        *_pairs("target", _lines(before.targets), _lines(after.targets)),
    ]
    return [
        Change(part, number, words(was, now))
        for part, number, was, now in parts
        if was != now
    ]


def words(old: str, new: str) -> list[tuple[str, str]]:
    """The words of both, marked."""
    was, now = old.split(), new.split()
    found: list[tuple[str, str]] = []
    for op, a, b, c, d in difflib.SequenceMatcher(a=was, b=now, autojunk=False).get_opcodes():
        if op == "equal":
            found.append(("same", " ".join(was[a:b])))
            continue
        if b > a:
            found.append(("old", " ".join(was[a:b])))
        if d > c:
            found.append(("new", " ".join(now[c:d])))
    return found


def _pairs(
    part: str, old: Sequence[str], new: Sequence[str]
) -> list[tuple[str, int | None, str, str]]:
    longest = max(len(old), len(new))
    was = [*old, *[""] * (longest - len(old))]
    now = [*new, *[""] * (longest - len(new))]
    return [(part, n, a, b) for n, (a, b) in enumerate(zip(was, now, strict=True), start=1)]


def _lines(targets: Sequence[TargetDraft]) -> list[str]:
    return [
        " ".join(f"{t.title}: {t.baseline} {t.target} {t.unit} {t.due_on:%d/%m/%Y}".split())
        for t in targets
    ]
