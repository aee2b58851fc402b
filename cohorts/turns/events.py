"""What turns write into the chronicle, beside the events of the rooms they move."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from cohorts.ground.chronicle import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class AgendaFrozen(Event):
    """A convening started; ``lines`` items stood on its agenda then."""

    name: ClassVar[str] = "turns.agenda_frozen"
    lines: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClosingWritten(Event):
    """A convening was closed; ``carried`` items went on unresolved. ``held`` is false when it was
    not quorate: a snapshot, without a count."""

    name: ClassVar[str] = "turns.closing_written"
    closing_id: str
    revision: int
    held: bool
    carried: int
    sha256: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClosingReopened(Event):
    """A closed convening was opened again; its closing stays byte for byte."""

    name: ClassVar[str] = "turns.closing_reopened"
    closing_id: str
    revision: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class ItemsLeft(Event):
    """A region left: so many of its items were dropped as left_cohort, so many claims remain to
    be judged."""

    name: ClassVar[str] = "turns.items_left"
    region_code: str
    dropped: int
    claimed: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class RegionTransferred(Event):
    """A region moved to another cohort with its unfinished items."""

    name: ClassVar[str] = "turns.region_transferred"
    region_code: str
    to_cohort_id: str
    items: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class MandatesLapsed(Event):
    """An appointment ended, and with it so many seats that had been handed to its holder."""

    name: ClassVar[str] = "turns.mandates_lapsed"
    office: str
    mandates: int
