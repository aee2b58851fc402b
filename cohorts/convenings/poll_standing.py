"""How a poll stands: what each region says, and the dates in the order in which they suit.

First come the dates on which every required region can come, then those with more who can, then
those with more who can if need be, then the earlier.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cohorts.convenings.poll_tables import (
    Poll,
    PollAnswer,
    PollAsk,
    PollDate,
    PollRegion,
    PollWord,
)
from cohorts.directory.tables import Office, Organisation, Region, Role
from cohorts.ground.body import Body

CAN = ("yes", "if_needed")


@dataclass(frozen=True)
class Voice:
    """One region: the offices asked for it, its answer that holds with the office that gave it,
    and what it says of each date (its number -> yes, if_needed, no)."""

    region: Region
    required: bool
    asks: tuple[PollAsk, ...]
    answer: PollAnswer | None
    by: PollAsk | None
    says: dict[int, str]
    note: str

    def can(self, date: PollDate) -> bool:
        return self.says.get(date.n) in CAN


@dataclass(frozen=True)
class Ranked:
    """A date with what was said of it. ``cannot`` and ``silent`` are required regions: those that
    say no, and those that have not answered."""

    date: PollDate
    yes: int
    if_needed: int
    no: int
    cannot: tuple[Voice, ...]
    silent: tuple[Voice, ...]

    @property
    def required_can(self) -> bool:
        return not self.cannot and not self.silent


@dataclass(frozen=True)
class Standing:
    """A poll as answers stand: regions by name, dates by rank."""

    voices: tuple[Voice, ...]
    ranked: tuple[Ranked, ...]

    @property
    def answered(self) -> int:
        return sum(voice.answer is not None for voice in self.voices)

    @property
    def required(self) -> int:
        return sum(voice.required for voice in self.voices)


def standing(session: Session, poll: Poll) -> Standing:
    """The poll as it stands, in five queries whatever the number of regions."""
    told = voices(session, poll)
    return Standing(tuple(told), tuple(rank(poll.dates, told)))


def voices(session: Session, poll: Poll, region_code: str | None = None) -> list[Voice]:
    """What each region says, by name; one region's alone when it is named."""

    def of(row: type[PollRegion | PollAsk | PollAnswer]) -> sa.ColumnElement[bool]:
        own = row.poll_id == poll.id
        return own if region_code is None else sa.and_(own, row.region_code == region_code)

    regions = session.execute(
        sa.select(Region, PollRegion.required)
        .join(PollRegion, PollRegion.region_code == Region.code)
        .where(of(PollRegion))
        .order_by(Region.name, Region.code)
    ).all()
    asks: dict[str, list[PollAsk]] = defaultdict(list)
    offices = joinedload(PollAsk.office)
    asked = session.scalars(
        sa.select(PollAsk)
        .join(PollAsk.office)
        .join(Office.role)
        .where(of(PollAsk))
        .options(
            offices.joinedload(Office.role),
            offices.joinedload(Office.organisation).joinedload(Organisation.region),
        )
        .order_by(Role.protocol_order, Office.name)
    )
    for ask in asked:
        asks[ask.region_code].append(ask)
    rows = session.execute(
        sa.select(PollAnswer, Body.text)
        .outerjoin(Body, Body.id == PollAnswer.note_id)
        .where(of(PollAnswer))
        .order_by(PollAnswer.n)
    )
    last = {answer.region_code: (answer, note or "") for answer, note in rows}
    words: dict[str, dict[int, str]] = defaultdict(dict)
    spoken = (
        sa.select(PollWord)
        .join(PollAnswer, PollAnswer.id == PollWord.answer_id)
        .where(of(PollAnswer))
    )
    for word in session.scalars(spoken):
        words[word.answer_id][word.date_n] = word.says
    found = []
    for region, required in regions:
        answer, note = last.get(region.code, (None, ""))
        own = asks[region.code]
        by = next((ask for ask in own if answer and ask.id == answer.ask_id), None)
        says = words[answer.id] if answer else {}
        found.append(Voice(region, required, tuple(own), answer, by, says, note))
    return found


def rank(dates: Sequence[PollDate], told: Sequence[Voice]) -> list[Ranked]:
    """The dates in the order in which they suit."""
    found = []
    for date in dates:
        yes, if_needed, no = (
            sum(v.says.get(date.n) == word for v in told) for word in ("yes", "if_needed", "no")
        )
        cannot = tuple(v for v in told if v.required and v.answer and not v.can(date))
        silent = tuple(v for v in told if v.required and not v.answer)
        found.append(Ranked(date, yes, if_needed, no, cannot, silent))
    return sorted(found, key=lambda r: (not r.required_can, -r.yes, -r.if_needed, r.date.starts_at))
