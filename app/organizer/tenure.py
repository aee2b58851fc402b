"""The time line of an office's holders: where each stands between the first day and today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from cohorts.directory import timeline
from cohorts.directory.tables import Appointment

LOOKS = {"definitive": "tn-def", "pj": "tn-pj", "plt": "tn-pj", "plh": "tn-pj"}
LEAST = dt.timedelta(days=365)


@dataclass(frozen=True)
class Span:
    """A bar in percent of the width; ``name`` is empty where it would not fit."""

    look: str
    x: str
    width: str
    name: str
    year: str


def spans(held: Sequence[Appointment], today: dt.date) -> list[Span]:
    """Return the bars from the first appointment (at least a year back) to today, oldest first."""
    past = [a for a in held if a.from_on <= today]
    if not past:
        return []
    first = min(min(a.from_on for a in past), today - LEAST)
    whole = max((today - first).days, 1)
    found: list[Span] = []
    pieces = [
        (LOOKS[a.standing], a.from_on, a.until_on or today, a.person.shown.name) for a in past
    ]
    pieces += [
        ("tn-gap", v.from_on, v.until_on or today, "")
        for v in timeline.vacancies(held) if v.from_on < today
    ]
    for look, begins, ends, name in sorted(pieces, key=lambda p: (p[1], p[0])):
        x = 100 * (begins - first).days / whole
        width = max(100 * (min(ends, today) - begins).days / whole, 0.5)
        now = look != "tn-gap" and ends >= today
        found.append(Span(
            "tn-now" if now and look == "tn-pj" else look, f"{x:.2f}", f"{width:.2f}",
            # On a phone a hundredth of the width is three pixels, a letter seven.
            name if width > 2.2 * len(name) else "", str(begins.year) if width > 12 else ""))
    return found
