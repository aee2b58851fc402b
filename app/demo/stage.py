"""The stage on which the story is told: one unit per step, each step once.

A step that was told is written into the chronicle in the step's own transaction. A load
that was interrupted goes on where it stopped, and a second load changes nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.extensions import db
from app.unit import unit
from cohorts.ground.access import COMMAND
from cohorts.ground.chronicle import ChronicleEntry, Event, record


@dataclasses.dataclass(frozen=True, kw_only=True)
class StepTold(Event):
    """A step of the sample story was loaded."""

    name: ClassVar[str] = "demo.step_told"
    step: str


class Stage:
    """Tells the steps of one story in their order, and says how far it is."""

    def __init__(self, story: str, say: Callable[[str], None]) -> None:
        self.story = story
        self.say = say

    def told(self) -> set[str]:
        """The steps that were told before."""
        session = db.session()
        rows = session.scalars(
            sa.select(ChronicleEntry.data).where(
                ChronicleEntry.event == StepTold.name,
                ChronicleEntry.subject_kind == "story",
                ChronicleEntry.subject_id == self.story,
            )
        ).all()
        session.rollback()
        return {str(data["step"]) for data in rows}

    def step(self, name: str, at: datetime, tell: Callable[[Session], None]) -> None:
        """Tell one step at the story's own time, unless it was told before."""
        if name in self.told():
            return
        self.say(f"… {self.story}: {name}")
        with unit() as session:
            tell(session)
            record(session, StepTold(subject=("story", self.story), step=name), COMMAND, at)
