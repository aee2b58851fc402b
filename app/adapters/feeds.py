"""Calendar feeds: many events in one published file, read again by whoever subscribes (RFC 7986).

No attendee stands in it and nobody is asked anything (METHOD:PUBLISH). The UIDs are those of the
invitations. The same facts give the same bytes, so that their fingerprint can be an ETag.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from icalendar import STATUS, TRANSP, Calendar, Event, Timezone, vCalAddress

from app.adapters.ics import (
    PRODID,
    CalendarEvent,
    Organizer,
    common_name,
    identity_of,
    vtimezone,
)

REFRESH = timedelta(hours=4)


@dataclass(frozen=True)
class FeedEvent:
    """An event of a feed; one that was called off stays in it, as cancelled."""

    event: CalendarEvent
    cancelled: bool


def build(name: str, events: Sequence[FeedEvent], organizer: Organizer) -> bytes:
    """The whole feed: CRLF lines, UTF-8, one VTIMEZONE for each zone that occurs.

    A naive or reversed time or an unknown zone raises ValueError.
    """
    entries = [_entry(each, organizer) for each in events]
    calendar = Calendar.new(
        prodid=PRODID, method="PUBLISH", calscale="GREGORIAN", name=name,
        refresh_interval=REFRESH, subcomponents=entries,
    )  # fmt: skip
    calendar["REFRESH-INTERVAL"].params["VALUE"] = "DURATION"  # its grammar demands it
    # Calendar.new() gives the calendar a random UID: the bytes would differ at each reading.
    calendar.pop("UID", None)
    # Outlook reads how often to look only under its older name.
    calendar.add("X-PUBLISHED-TTL", "PT4H")
    zones = sorted({each.event.zone for each in events})
    for at, zone in enumerate(zones):
        calendar.subcomponents.insert(at, Timezone.from_ical(vtimezone(zone)))
    return bytes(calendar.to_ical())


def _entry(each: FeedEvent, organizer: Organizer) -> Event:
    event = each.event
    return Event.new(
        **identity_of(event),
        summary=event.title,
        location=event.place,
        description=event.description,
        organizer=vCalAddress.new(organizer.email, cn=common_name(organizer.name)),
        status=STATUS.CANCELLED if each.cancelled else STATUS.CONFIRMED,
        transparency=TRANSP.TRANSPARENT if each.cancelled else TRANSP.OPAQUE,
    )
