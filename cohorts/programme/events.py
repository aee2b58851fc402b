"""What happens in the programme. Regions are named by code and string, people never."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

from cohorts.ground.chronicle import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class CohortCreated(Event):
    """A cohort was set up."""

    name: ClassVar[str] = "programme.cohort_created"
    slug: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class CohortEdited(Event):
    """A cohort's description was changed; ``changed`` maps each field to (before, after), and
    ``version`` is what the cohort became by it."""

    name: ClassVar[str] = "programme.cohort_edited"
    version: int
    changed: dict[str, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ThresholdSet(Event):
    """The index by which "mengikuti jejak" is read was set, from a day on."""

    name: ClassVar[str] = "programme.threshold_set"
    instrument: str
    value: Decimal
    effective_on: dt.date


@dataclasses.dataclass(frozen=True, kw_only=True)
class RegionJoined(Event):
    """A region became a member."""

    name: ClassVar[str] = "programme.region_joined"
    region: str
    entry_path: str
    joined_on: dt.date


@dataclasses.dataclass(frozen=True, kw_only=True)
class RegionLeft(Event):
    """A region ceased to be a member; ``left_on`` is the first day without it."""

    name: ClassVar[str] = "programme.region_left"
    region: str
    left_on: dt.date
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class VisitRecorded(Event):
    """A visit to the reference region was recorded; ``region`` is empty for an institution."""

    name: ClassVar[str] = "programme.visit_recorded"
    region: str | None
    visited_on: dt.date | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class VisitCorrected(Event):
    """A visit's record was superseded by a better one, or withdrawn; the old row stays."""

    name: ClassVar[str] = "programme.visit_corrected"
    supersedes: str
    withdrawn: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class VisitsImported(Event):
    """A file of visits was taken over in one piece."""

    name: ClassVar[str] = "programme.visits_imported"
    added: int
    corrected: int
    unchanged: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScoreRecorded(Event):
    """A region's value of an instrument for a year was recorded."""

    name: ClassVar[str] = "programme.score_recorded"
    region: str
    instrument: str
    year: int
    kind: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScoreCorrected(Event):
    """A score was superseded by a better one, or withdrawn; the old row stays."""

    name: ClassVar[str] = "programme.score_corrected"
    supersedes: str
    withdrawn: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScoresImported(Event):
    """A file of scores was taken over in one piece."""

    name: ClassVar[str] = "programme.scores_imported"
    added: int
    corrected: int
    unchanged: int
