"""Days and hours of a place. Rules receive ``now`` as an aware UTC instant; none reads a clock."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo


def local(instant: dt.datetime, zone: str) -> dt.datetime:
    """The instant as the wall clock of the IANA ``zone`` shows it."""
    return instant.astimezone(ZoneInfo(zone))


def day_in(instant: dt.datetime, zone: str) -> dt.date:
    """The calendar day of the instant in the zone."""
    return local(instant, zone).date()


def end_of_day(day: dt.date, zone: str) -> dt.datetime:
    """The first instant (UTC) after ``day`` is over in the zone."""
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ZoneInfo(zone))
    return midnight.astimezone(dt.UTC)


def at(day: dt.date, hour: dt.time, zone: str) -> dt.datetime:
    """Wall-clock time of a place as a UTC instant."""
    return dt.datetime.combine(day, hour, ZoneInfo(zone)).astimezone(dt.UTC)
