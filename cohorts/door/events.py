"""What happens at the door besides admissions, which are rows of their own (table ``act``) with
their actor, and would only be told twice."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from cohorts.ground.chronicle import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class StationPrepared(Event):
    """A station was prepared for ``gate``; its one-use code waits for a phone. ``again``: an
    earlier phone of the station stopped working with it."""

    name: ClassVar[str] = "door.station_prepared"
    gate: str
    again: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class StationEnrolled(Event):
    """A phone became the station."""

    name: ClassVar[str] = "door.station_enrolled"
    gate: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class StationRevoked(Event):
    """A station stopped working, with ``unsent`` records as it last said."""

    name: ClassVar[str] = "door.station_revoked"
    gate: str
    unsent: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class AdmissionUndone(Event):
    """An admission was taken back; who and why stand in the act ``act_id``."""

    name: ClassVar[str] = "door.admission_undone"
    act_id: str
    person_id: str
