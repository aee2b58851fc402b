"""Days that a region keeps besides the national holidays: an anniversary, a feast, an election.

A province's day holds for every region in it. Such a day speaks against a date, it forbids nothing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cohorts.directory.day_tables import RegionalDay
from cohorts.directory.events_days import (
    RegionalDayChanged,
    RegionalDayEnded,
    RegionalDayRecorded,
)
from cohorts.directory.regions import region
from cohorts.directory.tables import Region
from cohorts.ground import bounds, chronicle
from cohorts.ground.access import Actor, demand
from cohorts.ground.base import new_id
from cohorts.ground.refusal import Refusal

EARLIEST, LATEST = 1900, 2100


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """All that is said of a regional day. The English name falls back to the Indonesian."""

    region_code: str
    day: dt.date
    name_id: str
    name_en: str = ""
    yearly: bool = False
    day_off: bool = False

    def checked(self) -> Wanted:
        """With its names in one form. Raises Refusal ground.needed, ground.too_long and
        directory.day_year."""
        if not EARLIEST <= self.day.year <= LATEST:
            raise Refusal("directory.day_year", field="day", first=EARLIEST, last=LATEST)
        own = bounds.needed(self.name_id, most=120, field="name_id")
        english = bounds.line(self.name_en, most=120, field="name_en")
        return dataclasses.replace(self, name_id=own, name_en=english or own)


FIELDS = tuple(field.name for field in dataclasses.fields(Wanted))


@dataclass(frozen=True)
class Falls:
    """A regional day as it falls on ``day``."""

    day: dt.date
    kept: RegionalDay


def add(session: Session, wanted: Wanted, actor: Actor, now: dt.datetime) -> RegionalDay:
    """Record a day of a region. The same once more is recorded once.

    Raises Refusal directory.region_unknown, directory.day_known when the region has a day of that
    name on that date already, and those of ``Wanted.checked``.
    """
    demand(actor, "directory.edit")
    wanted = wanted.checked()
    region(session, wanted.region_code)
    known = _same(session, wanted)
    if known is not None:
        if all(getattr(known, name) == getattr(wanted, name) for name in FIELDS):
            return known
        raise Refusal("directory.day_known", field="name_id")
    made = RegionalDay(
        id=new_id(), recorded_at=now, recorded_by=actor.id, version=1, **dataclasses.asdict(wanted)
    )
    session.add(made)
    session.flush()
    chronicle.record(
        session,
        RegionalDayRecorded(
            subject=("regional_day", made.id), region=made.region_code, day=made.day
        ),
        actor,
        now,
    )
    return made


def edit(
    session: Session, day_id: str, wanted: Wanted, version: int, actor: Actor, now: dt.datetime
) -> RegionalDay:
    """Write a changed day over the version that the editor saw.

    Raises Refusal ground.stale (facts: changed), directory.day_ended, directory.region_unknown,
    directory.day_known and those of ``Wanted.checked``.
    """
    demand(actor, "directory.edit")
    found = _locked(session, day_id)
    wanted = wanted.checked()
    changed = tuple(name for name in FIELDS if getattr(found, name) != getattr(wanted, name))
    if not changed:
        return found  # a double click: everything stands already
    if found.ended_at is not None:
        raise Refusal("directory.day_ended")
    if found.version != version:
        raise Refusal("ground.stale", changed=changed)
    region(session, wanted.region_code)
    if _same(session, wanted, but=day_id) is not None:
        raise Refusal("directory.day_known", field="name_id")
    for name in changed:
        setattr(found, name, getattr(wanted, name))
    found.version += 1
    session.flush()
    chronicle.record(
        session,
        RegionalDayChanged(subject=("regional_day", day_id), changed=changed),
        actor,
        now,
    )
    return found


def end(session: Session, day_id: str, actor: Actor, now: dt.datetime) -> RegionalDay:
    """Keep a day no longer. Ending twice is ending once."""
    demand(actor, "directory.edit")
    found = _locked(session, day_id)
    if found.ended_at is None:
        found.ended_at = now
        session.flush()
        chronicle.record(
            session,
            RegionalDayEnded(subject=("regional_day", day_id), region=found.region_code),
            actor,
            now,
        )
    return found


def kept(session: Session, day_id: str) -> RegionalDay:
    """A regional day. Raises Refusal ground.not_found."""
    found = session.get(RegionalDay, day_id)
    if found is None:
        raise Refusal("ground.not_found")
    return found


def listed(session: Session) -> list[RegionalDay]:
    """Every day that is kept, by region and date, with its region; one query."""
    return list(
        session.scalars(
            sa.select(RegionalDay)
            .join(Region, Region.code == RegionalDay.region_code)
            .where(RegionalDay.ended_at.is_(None))
            .options(joinedload(RegionalDay.region))
            .order_by(Region.name, Region.code, RegionalDay.day, RegionalDay.name_id)
        )
    )


def falling(session: Session, codes: Iterable[str], first: dt.date, last: dt.date) -> list[Falls]:
    """What the regions, and their provinces, keep from ``first`` to ``last``, both included; by
    day and region, in one query. ``last`` lies within a year of ``first``."""
    wanted = set(codes) | {code[:2] for code in codes}
    rows = session.scalars(
        sa.select(RegionalDay)
        .where(
            RegionalDay.ended_at.is_(None),
            RegionalDay.region_code.in_(wanted),
            RegionalDay.day <= last,
            sa.or_(RegionalDay.yearly, RegionalDay.day >= first),
        )
        .options(joinedload(RegionalDay.region))
    )
    found = [Falls(day, row) for row in rows for day in _days(row, first, last)]
    return sorted(found, key=lambda f: (f.day, f.kept.region.name, f.kept.name_id, f.kept.id))


def _days(row: RegionalDay, first: dt.date, last: dt.date) -> list[dt.date]:
    """The days in the span on which it falls; the 29th of February only in a leap year."""
    if not row.yearly:
        return [row.day] if first <= row.day <= last else []
    found = []
    for year in range(max(first.year, row.day.year), last.year + 1):
        try:
            day = row.day.replace(year=year)
        except ValueError:
            continue
        if first <= day <= last:
            found.append(day)
    return found


def _same(session: Session, wanted: Wanted, but: str = "") -> RegionalDay | None:
    return session.scalar(
        sa.select(RegionalDay).where(
            RegionalDay.region_code == wanted.region_code,
            RegionalDay.day == wanted.day,
            RegionalDay.name_id == wanted.name_id,
            RegionalDay.ended_at.is_(None),
            RegionalDay.id != but,
        )
    )


def _locked(session: Session, day_id: str) -> RegionalDay:
    found = session.get(RegionalDay, day_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Refusal("ground.not_found")
    return found
