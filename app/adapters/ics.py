"""The calendar file of an invitation: one guest, one VEVENT (iTIP, RFC 5546).

What mail clients agree on: a UID that never changes, a SEQUENCE that rises on every
material change and on CANCEL (else Outlook and Apple ignore it), an ORGANIZER equal to
the mail's From, and a file of plain ASCII, because one transport cannot carry its
charset.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from icalendar import (
    CLASS,
    CUTYPE,
    PARTSTAT,
    ROLE,
    STATUS,
    TRANSP,
    Alarm,
    Calendar,
    Event,
    Timezone,
    vCalAddress,
)

Method = Literal["REQUEST", "CANCEL"]
Answer = Literal["NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE"]

PRODID = "-//Living Lab//Living Lab 1//ID"
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Asia/Pontianak")
_MAX_NAME = 120


@dataclass(frozen=True)
class Guest:
    """The one guest of the file. Others' addresses never stand in it."""

    email: str
    name: str
    answer: Answer = "NEEDS-ACTION"


@dataclass(frozen=True)
class Organizer:
    """Equal to the mail's From and to the address that receives replies."""

    email: str
    name: str


@dataclass(frozen=True)
class CalendarEvent:
    """One revision of a convening, as its calendar file says it.

    `start` and `end` are aware; they are written as wall-clock time of `zone`.
    `revised` is when this revision was made, never when it is sent again: the same
    revision gives the same bytes.
    """

    uid: str
    sequence: int
    zone: str
    start: datetime
    end: datetime
    title: str
    place: str
    url: str
    description: str
    created: datetime
    revised: datetime


@lru_cache(maxsize=16)
def vtimezone(zone: str) -> bytes:
    """The VTIMEZONE of a zone, as it stands in a file."""
    # Indonesia keeps no summer time, so one STANDARD rule is right and small.
    return bytes(
        Timezone.from_tzid(zone, first_date=date(2020, 1, 1), last_date=date(2038, 1, 1)).to_ical()
    )


def common_name(name: str) -> str:
    """A name as a CN parameter can carry it in every client.

    The parameter travels in quotes and RFC 6868 escapes are not read by Outlook, so
    quotes become apostrophes and line breaks become spaces; readers that cut a line at every
    semicolon, quoted or not, are common enough to give them commas.
    """
    plain = name.replace('"', "'").replace(";", ",")
    clean = "".join(ch if ch.isprintable() else " " for ch in plain)
    return " ".join(clean.split())[:_MAX_NAME]


_PUNCTUATION = str.maketrans(
    {
        "–": "-", "—": "-", "‑": "-", "·": "-", "…": "...", "“": "'", "”": "'",
        "‘": "'", "’": "'", "\u00a0": " ", "\u202f": " ",
    }
)  # fmt: skip


def _ascii(text: str) -> str:
    """Letters lose their accents and typographic marks their curls; nothing else is lost.

    A letter without an ASCII base (rare in Indonesian names) becomes a question mark.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_PUNCTUATION))
    kept = "".join(ch for ch in plain if not unicodedata.combining(ch))
    return kept.encode("ascii", "replace").decode("ascii")


def _address(email: str) -> str:
    if not email.isascii() or not email.isprintable() or " " in email or email.count("@") != 1:
        raise ValueError("not an address that a calendar can carry")
    return email


def identity_of(event: CalendarEvent) -> dict[str, Any]:
    """What makes an entry one event, at one time, in one revision, wherever it is written: an
    invitation and a feed say the same.

    A naive or reversed time or an unknown zone raises ValueError.
    """
    if event.start.tzinfo is None or event.end.tzinfo is None:
        raise ValueError("start and end carry their zone")
    if event.end <= event.start:
        raise ValueError("a convening ends after it starts")
    if event.zone not in ZONES:
        raise ValueError(f"unknown zone {event.zone}")
    zone = ZoneInfo(event.zone)
    return {
        "uid": event.uid,
        "sequence": event.sequence,
        "stamp": event.revised.astimezone(UTC),
        "created": event.created.astimezone(UTC),
        "last_modified": event.revised.astimezone(UTC),
        "start": event.start.astimezone(zone),
        "end": event.end.astimezone(zone),
        "url": event.url,
        "classification": CLASS.PUBLIC,
    }


def build(event: CalendarEvent, guest: Guest, method: Method, organizer: Organizer) -> bytes:
    """The file for one guest: CRLF lines, ASCII only, no random part.

    A CANCEL must come with a SEQUENCE above that of the REQUEST it withdraws; the
    caller counts. A naive or reversed time, an unknown zone or an address that is not
    one plain address raises ValueError.
    """
    identity = identity_of(event)
    cancelled = method == "CANCEL"
    answered = guest.answer != "NEEDS-ACTION"
    attendee = vCalAddress.new(
        _address(guest.email),
        cn=_ascii(common_name(guest.name)),
        cutype=CUTYPE.INDIVIDUAL,
        role=ROLE.REQ_PARTICIPANT,
        partstat=None if cancelled else PARTSTAT(guest.answer),
        rsvp=None if cancelled or answered else True,
    )
    entry = Event.new(
        **identity,
        summary=_ascii(event.title),
        location=_ascii(event.place),
        description=_ascii(event.description),
        organizer=vCalAddress.new(
            _address(organizer.email), cn=_ascii(common_name(organizer.name))
        ),
        attendees=[attendee],
        status=STATUS.CANCELLED if cancelled else STATUS.CONFIRMED,
        transparency=TRANSP.OPAQUE,
    )
    if not cancelled:
        entry.add_component(
            Alarm.new_display(description=_ascii(event.title), trigger=timedelta(days=-1))
        )
    calendar = Calendar.new(
        prodid=PRODID, method=method, calscale="GREGORIAN", subcomponents=[entry]
    )
    # Calendar.new() gives the calendar a random UID: the bytes would differ at each resend.
    calendar.pop("UID", None)
    calendar.subcomponents.insert(0, Timezone.from_ical(vtimezone(event.zone)))
    return bytes(calendar.to_ical())
