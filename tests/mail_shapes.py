"""Answers as calendars send them: Gmail's, Outlook's and Apple's shapes, and a plain mail.

Each function gives the raw bytes of a mail. What the shapes have that a naive reader stumbles on:
a missing ORGANIZER, zones by their Windows name, folded and quoted parameters, an address written
as MAILTO, a time that differs from the invitation's, text in base64.
"""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """What the calendar of `attendee` says about the event `uid`."""

    uid: str
    attendee: str
    partstat: str = "ACCEPTED"
    sequence: int = 0
    stamp: dt.datetime = dt.datetime(2022, 11, 4, 3, 0, tzinfo=dt.UTC)
    comment: str = ""
    ident: str = "CAx1@mail.contoh.example"
    to: str = "undangan@living-lab.example"

    @property
    def utc(self) -> str:
        return f"{self.stamp.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def gmail(said: Said) -> bytes:
    """Google Calendar: marked as generated, the calendar twice, COMMENT as plain text above it."""
    ics = "\r\n".join([
        "BEGIN:VCALENDAR", "PRODID:-//Google Inc//Google Calendar 70.9054//EN", "VERSION:2.0",
        "CALSCALE:GREGORIAN", "METHOD:REPLY", "BEGIN:VEVENT", "DTSTART:20221122T010000Z",
        "DTEND:20221122T080000Z", f"DTSTAMP:{said.utc}",
        f"ORGANIZER;CN=Living Lab:mailto:{said.to}", f"UID:{said.uid}",
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=" + said.partstat
        + ";CN=Baj", " u Contoh;X-NUM-GUESTS=0:mailto:" + said.attendee,
        *([f"COMMENT:{said.comment}"] if said.comment else []),
        "CREATED:20221104T010000Z", "LAST-MODIFIED:20221104T030000Z",
        f"SEQUENCE:{said.sequence}", "STATUS:CONFIRMED", "SUMMARY:Rapat", "TRANSP:OPAQUE",
        "END:VEVENT", "END:VCALENDAR", ""])
    return _mail(said, "Accepted: Penandatanganan", [
        ("text/plain; charset=UTF-8", b"Baju Contoh has accepted this invitation."),
        ('text/calendar; charset=UTF-8; method=REPLY', ics.encode()),
        ('application/ics; name="invite.ics"', ics.encode())],
        "Auto-Submitted: auto-generated", "Sender: Google Calendar <calendar@google.example>")


def outlook(said: Said, method: str = "REPLY") -> bytes:
    """Outlook and Exchange: no ORGANIZER, zones by their Windows name, COMMENT with a language."""
    ics = "\r\n".join([
        "BEGIN:VCALENDAR", f"METHOD:{method}", "PRODID:Microsoft Exchange Server 2010",
        "VERSION:2.0",
        "BEGIN:VTIMEZONE", "TZID:Singapore Standard Time", "BEGIN:STANDARD",
        "DTSTART:16010101T000000", "TZOFFSETFROM:+0800", "TZOFFSETTO:+0800", "END:STANDARD",
        "END:VTIMEZONE", "BEGIN:VEVENT",
        f'ATTENDEE;PARTSTAT={said.partstat};CN="Bupati, Siak (TU)":MAILTO:{said.attendee.upper()}',
        *([f"COMMENT;LANGUAGE=id-ID:{said.comment}\\n"] if said.comment else []),
        f"UID:{said.uid}", "SUMMARY;LANGUAGE=id-ID:Accepted: Rapat",
        "DTSTART;TZID=Singapore Standard Time:20221121T130000",
        "DTEND;TZID=Singapore Standard Time:20221121T200000", "CLASS:PUBLIC", "PRIORITY:5",
        f"DTSTAMP:{said.utc}", "TRANSP:OPAQUE", "STATUS:CONFIRMED",
        f"SEQUENCE:{said.sequence}", "LOCATION;LANGUAGE=id-ID:Tempat lain",
        "X-MICROSOFT-CDO-APPT-SEQUENCE:0", "END:VEVENT", "END:VCALENDAR", ""])
    return _mail(said, "Accepted: Penandatanganan", [
        ("text/plain; charset=us-ascii", b""),
        (f'text/calendar; charset="utf-8"; method={method}', ics.encode())])


def apple(said: Said) -> bytes:
    """Apple: the address once more as EMAIL, a body that only says which file hangs on it."""
    ics = "\r\n".join([
        "BEGIN:VCALENDAR", "METHOD:REPLY", "PRODID:-//Apple Inc.//iOS 16.1//EN",
        "CALSCALE:GREGORIAN", "VERSION:2.0", "BEGIN:VEVENT", f"UID:{said.uid}",
        f"DTSTAMP:{said.utc}", f"SEQUENCE:{said.sequence}",
        f'ORGANIZER;CN="Living Lab":mailto:{said.to}',
        f'ATTENDEE;CN="Ir. H. Ahmad\\, M.Si";CUTYPE=INDIVIDUAL;EMAIL="{said.attendee}";PARTSTAT='
        f"{said.partstat};ROLE=REQ-PARTICIPANT:mailto:{said.attendee}",
        *([f"COMMENT:{said.comment}"] if said.comment else []),
        "DTSTART;TZID=Asia/Makassar:20221121T090000", "DTEND;TZID=Asia/Makassar:20221121T160000",
        "SUMMARY:Rapat", "END:VEVENT", "END:VCALENDAR", ""])
    return _mail(said, "Rapat", [
        ("text/plain; charset=us-ascii", b"\r\n"),
        ('text/calendar; name="iCal-20221104-100000.ics"; charset=utf-8; method=REPLY',
         ics.encode())])


def counter(said: Said) -> bytes:
    """Another time is proposed; the comment stands in the mail itself."""
    return outlook(said, "COUNTER")


def plain(said: Said, words: str, *headers: str) -> bytes:
    """A mail that a person writes."""
    return _mail(said, "Tentang undangan", [("text/plain; charset=UTF-8", words.encode())],
                 *headers)


def _mail(said: Said, subject: str, parts: list[tuple[str, bytes]], *headers: str) -> bytes:
    head = [
        f"From: Ajudan <{said.attendee}>", f"To: {said.to}", f"Message-ID: <{said.ident}>",
        f"Subject: {subject}", "Date: Fri, 4 Nov 2022 10:00:00 +0700", "MIME-Version: 1.0",
        *headers, 'Content-Type: multipart/alternative; boundary="=_batas"']
    body = "".join(
        f"--=_batas\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(data).decode().replace("\n", "\r\n") + "\r\n"
        for kind, data in parts)
    return ("\r\n".join(head) + "\r\n\r\n" + body + "--=_batas--\r\n").encode()
