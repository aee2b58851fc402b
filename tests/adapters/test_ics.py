"""Calendar files: read back by a small parser of our own, so that one library's
mistake cannot hide behind its own reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.adapters import ics

BALI = ics.CalendarEvent(
    uid="7K2M9QA4XW3B5C6D@convening.living-lab",
    sequence=0,
    zone="Asia/Makassar",
    start=datetime(2022, 11, 21, 1, 0, tzinfo=UTC),
    end=datetime(2022, 11, 21, 8, 0, tzinfo=UTC),
    title="Pertemuan ke‑3: Penandatanganan Komitmen Bersama",
    place="Kampus UID, Bali",
    url="https://livinglab.example/u/7K2M",
    description="Jawab undangan: https://livinglab.example/u/7K2M\nNarahubung: Rina Contoh",
    created=datetime(2022, 11, 4, 9, 20, tzinfo=UTC),
    revised=datetime(2022, 11, 4, 9, 20, tzinfo=UTC),
)
GUEST = ics.Guest("bupati@siak.example", "Dr. H. Rahmat Contoh, M.Si.")
SECRETARIAT = ics.Organizer("undangan@livinglab.example", "Sekretariat Living Lab")


def parse(data: bytes) -> list[tuple[str, dict[str, str], str]]:
    """Unfold and split: (name, parameters, value) per line, in order."""
    text = data.decode("ascii").replace("\r\n ", "")
    lines = []
    for line in text.split("\r\n"):
        if not line:
            continue
        quoted, cut = False, 0
        parts: list[str] = []
        for i, ch in enumerate(line):
            quoted ^= ch == '"'
            if ch in ";:" and not quoted:
                parts.append(line[cut:i])
                cut = i + 1
                if ch == ":":
                    break
        value = line[cut:]
        parameters = dict(p.split("=", 1) for p in parts[1:])
        lines.append((parts[0], {k: v.strip('"') for k, v in parameters.items()}, value))
    return lines


def inside(
    lines: list[tuple[str, dict[str, str], str]], component: str
) -> dict[str, tuple[dict[str, str], str]]:
    """The properties of the one such component, those of components within it left out."""
    found: dict[str, tuple[dict[str, str], str]] = {}
    stack: list[str] = []
    for name, parameters, value in lines:
        if name == "BEGIN":
            stack.append(value)
        elif name == "END":
            stack.pop()
        elif stack and stack[-1] == component:
            found[name] = (parameters, value)
    return found


def test_the_file_asks_one_guest_and_names_nobody_else() -> None:
    lines = parse(ics.build(BALI, GUEST, "REQUEST", SECRETARIAT))
    attendees = [(p, v) for n, p, v in lines if n == "ATTENDEE"]
    assert attendees == [
        (
            {
                "CN": "Dr. H. Rahmat Contoh, M.Si.",
                "CUTYPE": "INDIVIDUAL",
                "PARTSTAT": "NEEDS-ACTION",
                "ROLE": "REQ-PARTICIPANT",
                "RSVP": "TRUE",
            },
            "mailto:bupati@siak.example",
        )
    ]
    assert [v for n, _, v in lines if n == "METHOD"] == ["REQUEST"]


def test_nine_in_bali_is_written_with_its_zone_and_the_zone_is_explained() -> None:
    lines = parse(ics.build(BALI, GUEST, "REQUEST", SECRETARIAT))
    event = inside(lines, "VEVENT")
    assert event["DTSTART"] == ({"TZID": "Asia/Makassar"}, "20221121T090000")
    assert event["DTEND"] == ({"TZID": "Asia/Makassar"}, "20221121T160000")
    assert inside(lines, "VTIMEZONE")["TZID"] == ({}, "Asia/Makassar")
    assert inside(lines, "STANDARD")["TZOFFSETTO"] == ({}, "+0800")


@pytest.mark.parametrize(
    ("zone", "wall"), [("Asia/Jakarta", "080000"), ("Asia/Jayapura", "100000")]
)
def test_the_same_instant_is_another_hour_elsewhere(zone: str, wall: str) -> None:
    event = inside(
        parse(ics.build(replace(BALI, zone=zone), GUEST, "REQUEST", SECRETARIAT)), "VEVENT"
    )
    assert event["DTSTART"] == ({"TZID": zone}, f"20221121T{wall}")


def test_what_gmail_outlook_and_apple_need_is_present() -> None:
    event = inside(parse(ics.build(BALI, GUEST, "REQUEST", SECRETARIAT)), "VEVENT")
    assert event["UID"][1] == BALI.uid
    assert event["SEQUENCE"][1] == "0"
    assert event["DTSTAMP"][1] == "20221104T092000Z"
    assert event["CREATED"][1] == "20221104T092000Z"
    assert event["LAST-MODIFIED"][1] == "20221104T092000Z"
    assert event["STATUS"][1] == "CONFIRMED"
    assert event["ORGANIZER"] == (
        {"CN": "Sekretariat Living Lab"},
        "mailto:undangan@livinglab.example",
    )
    assert "SENT-BY" not in event["ORGANIZER"][0]


def test_one_reminder_a_day_before() -> None:
    lines = parse(ics.build(BALI, GUEST, "REQUEST", SECRETARIAT))
    alarm = inside(lines, "VALARM")
    assert [v for n, _, v in lines if (n, v) == ("BEGIN", "VALARM")] == ["VALARM"]
    assert alarm["ACTION"][1] == "DISPLAY"
    assert alarm["TRIGGER"][1] == "-P1D"


def test_a_cancellation_says_so_twice_and_asks_nothing() -> None:
    cancelled = replace(BALI, sequence=1, revised=BALI.revised + timedelta(days=1))
    lines = parse(ics.build(cancelled, GUEST, "CANCEL", SECRETARIAT))
    event = inside(lines, "VEVENT")
    assert inside(lines, "VCALENDAR")["METHOD"][1] == "CANCEL"
    assert event["STATUS"][1] == "CANCELLED"
    assert event["SEQUENCE"][1] == "1"
    assert event["UID"][1] == BALI.uid
    assert "RSVP" not in event["ATTENDEE"][0]
    assert "PARTSTAT" not in event["ATTENDEE"][0]
    assert not inside(lines, "VALARM")


def test_who_has_answered_on_the_web_is_not_asked_again() -> None:
    lines = parse(ics.build(BALI, replace(GUEST, answer="ACCEPTED"), "REQUEST", SECRETARIAT))
    parameters = inside(lines, "VEVENT")["ATTENDEE"][0]
    assert parameters["PARTSTAT"] == "ACCEPTED"
    assert "RSVP" not in parameters


def test_the_same_revision_gives_the_same_bytes_and_no_calendar_wide_uid() -> None:
    once = ics.build(BALI, GUEST, "REQUEST", SECRETARIAT)
    assert once == ics.build(BALI, GUEST, "REQUEST", SECRETARIAT)
    assert "UID" not in inside(parse(once), "VCALENDAR")
    assert once.count(b"UID:") == 1


def test_the_file_is_ascii_with_lines_that_every_reader_takes() -> None:
    fancy = replace(
        BALI, title="Pertemuan ke‑3 — “Komitmen” · é", place="Hotel Çelik…", description="a\nb"
    )
    data = ics.build(fancy, GUEST, "REQUEST", SECRETARIAT)
    assert data.isascii()
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    event = inside(parse(data), "VEVENT")
    assert event["SUMMARY"][1] == "Pertemuan ke-3 - 'Komitmen' - e"
    assert event["LOCATION"][1] == "Hotel Celik..."
    assert event["DESCRIPTION"][1] == "a\\nb"


def test_a_name_cannot_add_a_line_or_a_guest() -> None:
    evil = ics.Guest(
        "bupati@siak.example", 'Ir. "H." Ahmad, M.Si;\r\nATTENDEE:mailto:x@evil.example\x00'
    )
    lines = parse(ics.build(BALI, evil, "REQUEST", SECRETARIAT))
    attendees = [(p["CN"], v) for n, p, v in lines if n == "ATTENDEE"]
    assert attendees == [
        ("Ir. 'H.' Ahmad, M.Si, ATTENDEE:mailto:x@evil.example", "mailto:bupati@siak.example")
    ]


@pytest.mark.parametrize(
    "email", ["a@b.example\r\nX:1", "a@b@c", "a b@c.example", "nobody", "é@b.example"]
)
def test_an_address_that_is_not_one_address_is_refused(email: str) -> None:
    with pytest.raises(ValueError, match="address"):
        ics.build(BALI, replace(GUEST, email=email), "REQUEST", SECRETARIAT)


def test_times_without_zone_or_in_the_wrong_order_are_refused() -> None:
    naive = replace(BALI, start=datetime(2022, 11, 21, 9))  # noqa: DTZ001
    reversed_ = replace(BALI, end=BALI.start)
    for event in (naive, reversed_, replace(BALI, zone="Europe/Paris")):
        with pytest.raises(ValueError, match=r"zone|ends after"):
            ics.build(event, GUEST, "REQUEST", SECRETARIAT)
