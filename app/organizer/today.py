"""What waits for a person today, read from what the rooms know; nothing here is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.filters import utc_now
from app.organizer.menu import next_convening
from cohorts.convenings.tables import Convening
from cohorts.ground.access import Actor
from cohorts.programme.tables import Cohort


@dataclass(frozen=True)
class Task:
    """One thing to do: what, why, by when, and the page where it is done."""

    title: str
    why: str
    when: Any
    button: str
    url: str
    late: bool = False


@dataclass
class Day:
    """Tasks by urgency, and what comes next."""

    now: datetime
    late: list[Task] = field(default_factory=list)
    now_due: list[Task] = field(default_factory=list)
    week: list[Task] = field(default_factory=list)
    cohort: Cohort | None = None
    convening: Convening | None = None

    @property
    def count(self) -> int:
        """How many things wait."""
        return len(self.late) + len(self.now_due) + len(self.week)


def today(actor: Actor, cohorts: Sequence[Cohort]) -> Day:
    """Return what waits for ``actor`` in ``cohorts``."""
    day = Day(utc_now())
    for cohort in cohorts:
        convening = next_convening(cohort.id)
        if convening is not None and convening.state != "closed" and day.convening is None:
            day.cohort, day.convening = cohort, convening
    return day
