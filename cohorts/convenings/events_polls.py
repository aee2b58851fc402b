"""What happens while a date is sought."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import ClassVar

from cohorts.ground.chronicle import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class PollOpened(Event):
    """Regions were asked which of several dates suits them; ``mailed`` got their link by mail."""

    name: ClassVar[str] = "convenings.poll_opened"
    regions: int
    asked: int
    mailed: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class PollAnswered(Event):
    """An office answered for its region; ``n`` counts the region's answers, ``late`` after the
    respond-by, ``on_behalf`` by an organiser."""

    name: ClassVar[str] = "convenings.poll_answered"
    region: str
    office: str
    n: int
    late: bool
    on_behalf: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class PollDecided(Event):
    """A date was chosen: it became a convening, and ``invited`` offices were invited to it."""

    name: ClassVar[str] = "convenings.poll_decided"
    convening_id: str
    starts_at: dt.datetime
    invited: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class PollCancelled(Event):
    """A poll was called off; whoever had answered is told."""

    name: ClassVar[str] = "convenings.poll_cancelled"
    told: int
