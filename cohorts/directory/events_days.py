"""What happens to the days that a region keeps."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import ClassVar

from cohorts.ground.chronicle import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class RegionalDayRecorded(Event):
    """A day that a region keeps was recorded."""

    name: ClassVar[str] = "directory.regional_day_recorded"
    region: str
    day: dt.date


@dataclasses.dataclass(frozen=True, kw_only=True)
class RegionalDayChanged(Event):
    """A regional day was corrected; ``changed`` names the fields."""

    name: ClassVar[str] = "directory.regional_day_changed"
    changed: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class RegionalDayEnded(Event):
    """A regional day is kept no longer."""

    name: ClassVar[str] = "directory.regional_day_ended"
    region: str
