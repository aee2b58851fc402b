"""How the durations of a programme add up to the convening's hours: pure sums, nothing is stored.

A convening says when it begins and when it ends. On its only day these are the hours to be filled;
of several days the first begins and the last ends with it, and what lies between takes its hours
from the sessions themselves. Each minute of a day's hours counts once: as plenary where a plenary
runs, else as parallel, else as break, else as free. So the four add up to the hours.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from cohorts.convenings.sessions import Entry, Speaker
from cohorts.convenings.tables import SESSION_KINDS, Convening
from cohorts.ground.clock import day_in

RANKS = ("plenary", "parallel", "break")
"""Which of the sessions that run at once a minute counts for."""

assert set(RANKS) == set(SESSION_KINDS)


@dataclass(frozen=True)
class Placed:
    """A session among the others of its day. ``free_before`` are the minutes in which nothing runs
    before it. ``overlaps`` are earlier sessions whose time it shares although they are not parallel
    in different rooms; ``double`` are names that would have to be in two sessions at once.
    ``outside``: part of it lies before the convening begins or after it ends."""

    entry: Entry
    free_before: int
    overlaps: tuple[Entry, ...]
    double: tuple[str, ...]
    outside: bool

    @property
    def free_from(self) -> dt.datetime:
        return self.entry.starts_at - dt.timedelta(minutes=self.free_before)


@dataclass(frozen=True)
class Day:
    """One day: its hours and their minutes by what they are for. plenary + parallel + breaks + free
    = minutes. ``outside`` are the minutes planned outside of the hours."""

    day: dt.date
    begins: dt.datetime
    ends: dt.datetime
    placed: tuple[Placed, ...]
    plenary: int
    parallel: int
    breaks: int
    free: int
    free_after: int
    outside: int

    @property
    def minutes(self) -> int:
        return _minutes(self.ends - self.begins)

    @property
    def free_after_from(self) -> dt.datetime:
        return self.ends - dt.timedelta(minutes=self.free_after)

    @property
    def fits(self) -> bool:
        """Nothing free, nothing outside, nothing at once that cannot be."""
        return not (self.free or self.outside or any(p.overlaps or p.double for p in self.placed))


def days(convening: Convening, entries: Sequence[Entry]) -> list[Day]:
    """The days of the convening and of its sessions, in order, each with its sums."""
    zone = convening.timezone
    first, last = day_in(convening.starts_at, zone), day_in(convening.ends_at, zone)
    if last > first and day_in(convening.ends_at - dt.timedelta(microseconds=1), zone) < last:
        last -= dt.timedelta(days=1)  # it ends at midnight: the next day has nothing of it
    by_day: dict[dt.date, list[Entry]] = {
        first + dt.timedelta(days=n): [] for n in range((last - first).days + 1)
    }
    for entry in entries:
        by_day.setdefault(day_in(entry.starts_at, zone), []).append(entry)
    return [_day(convening, day, by_day[day], first, last) for day in sorted(by_day)]


def _day(
    convening: Convening, day: dt.date, entries: list[Entry], first: dt.date, last: dt.date
) -> Day:
    empty = convening.starts_at if day == first else convening.ends_at
    starts = min((e.starts_at for e in entries), default=empty)
    stops = max((e.ends_at for e in entries), default=starts)
    if not first <= day <= last:
        begins = ends = starts
    else:
        begins = convening.starts_at if day == first else min(starts, convening.ends_at)
        ends = convening.ends_at if day == last else max(stops, begins)
    counted = dict.fromkeys((*RANKS, "free"), dt.timedelta())
    for since, until in _pieces(begins, ends, entries):
        counted[_kind(entries, since)] += until - since
    inside = [max(dt.timedelta(), min(e.ends_at, ends) - max(e.starts_at, begins)) for e in entries]
    outside = sum((e.ends_at - e.starts_at for e in entries), dt.timedelta()) - sum(
        inside, dt.timedelta()
    )
    return Day(
        day=day,
        begins=begins,
        ends=ends,
        placed=tuple(_placed(entries, n, begins, ends) for n in range(len(entries))),
        plenary=_minutes(counted["plenary"]),
        parallel=_minutes(counted["parallel"]),
        breaks=_minutes(counted["break"]),
        free=_minutes(counted["free"]),
        free_after=max(0, _minutes(ends - max(stops, begins))) if entries else 0,
        outside=_minutes(outside),
    )


def _pieces(
    begins: dt.datetime, ends: dt.datetime, entries: Sequence[Entry]
) -> list[tuple[dt.datetime, dt.datetime]]:
    """The hours cut wherever a session begins or ends."""
    cuts = {begins, ends}
    cuts |= {t for e in entries for t in (e.starts_at, e.ends_at) if begins < t < ends}
    ordered = sorted(cuts)
    return list(pairwise(ordered))


def _kind(entries: Sequence[Entry], at: dt.datetime) -> str:
    running = {e.kind for e in entries if e.starts_at <= at < e.ends_at}
    return next((kind for kind in RANKS if kind in running), "free")


def _placed(entries: Sequence[Entry], n: int, begins: dt.datetime, ends: dt.datetime) -> Placed:
    entry, before = entries[n], entries[:n]
    reached = max([begins, *(e.ends_at for e in before)])
    at_once = [e for e in before if e.starts_at < entry.ends_at and entry.starts_at < e.ends_at]
    here = {_who(s) for s in entry.speakers}
    double = dict.fromkeys(s.name for e in at_once for s in e.speakers if _who(s) in here)
    return Placed(
        entry=entry,
        free_before=max(0, _minutes(entry.starts_at - reached)),
        overlaps=tuple(e for e in at_once if not _side_by_side(e, entry)),
        double=tuple(double),
        outside=entry.starts_at < begins or entry.ends_at > ends,
    )


def _who(speaker: Speaker) -> tuple[str | None, str | None, str]:
    known = speaker.person_id or speaker.office_id
    return speaker.person_id, speaker.office_id, "" if known else speaker.name.casefold()


def _side_by_side(one: Entry, other: Entry) -> bool:
    """Whether two sessions may run at once: both parallel, and not in one room."""
    apart = not one.room or one.room.casefold() != other.room.casefold()
    return one.kind == other.kind == "parallel" and apart


def _minutes(length: dt.timedelta) -> int:
    return round(length / dt.timedelta(minutes=1))
