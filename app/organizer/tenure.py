"""The time line of an office's holders: where each stands between the first day and today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Vacancy:
    """Days on which nobody held the office: the first, and the first after."""

    from_on: dt.date
    until_on: dt.date


def vacancies(held: Sequence[Appointment], today: dt.date) -> list[Vacancy]:
    """Return the gaps between appointments (given latest first), and the one open now."""
    found: list[Vacancy] = []
    covered: dt.date | None = None
    for each in sorted(held, key=lambda a: a.from_on):
        if each.from_on > today:
            break
        if covered is not None and each.from_on > covered:
            found.append(Vacancy(covered, each.from_on))
        until = each.until_on or today
        covered = until if covered is None else max(covered, until)
    if covered is not None and covered < today and not any(a.until_on is None for a in held):
        found.append(Vacancy(covered, today))
    return found


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
    pieces += [("tn-gap", v.from_on, v.until_on, "") for v in vacancies(held, today)]
    for look, begins, ends, name in sorted(pieces, key=lambda p: (p[1], p[0])):
        x = 100 * (begins - first).days / whole
        width = max(100 * (min(ends, today) - begins).days / whole, 0.5)
        now = look != "tn-gap" and ends >= today
        found.append(Span(
            "tn-now" if now and look == "tn-pj" else look, f"{x:.2f}", f"{width:.2f}",
            # On a phone a hundredth of the width is three pixels, a letter seven.
            name if width > 2.2 * len(name) else "", str(begins.year) if width > 12 else ""))
    return found
