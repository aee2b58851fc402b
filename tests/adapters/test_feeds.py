"""The published calendar: many events, nobody asked, the same bytes for the same facts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.adapters import feeds
from app.adapters.feeds import FeedEvent
from tests.adapters.test_ics import BALI, SECRETARIAT

BALI_FEED = FeedEvent(BALI, cancelled=False)
SORONG = FeedEvent(
    replace(BALI, uid="sorong", zone="Asia/Jayapura", title="Sorong", sequence=3), cancelled=True
)


def text(*events: FeedEvent) -> str:
    return feeds.build("Kohort 2022", events, SECRETARIAT).decode().replace("\r\n ", "")


def test_it_is_published_and_asks_nobody() -> None:
    said = text(BALI_FEED)
    assert "\r\nMETHOD:PUBLISH\r\n" in said
    assert "ATTENDEE" not in said
    assert "VALARM" not in said
    assert "\r\nX-WR-CALNAME:Kohort 2022\r\n" in said
    assert "\r\nREFRESH-INTERVAL;VALUE=DURATION:PT4H\r\n" in said
    assert "\r\nX-PUBLISHED-TTL:PT4H\r\n" in said


@pytest.mark.parametrize(
    ("zone", "wall"),
    [("Asia/Jakarta", "080000"), ("Asia/Makassar", "090000"), ("Asia/Jayapura", "100000")],
)
def test_each_event_is_written_by_the_clock_of_its_own_venue(zone: str, wall: str) -> None:
    said = text(FeedEvent(replace(BALI, zone=zone), cancelled=False))
    assert f"\r\nDTSTART;TZID={zone}:20221121T{wall}\r\n" in said
    assert said.count("BEGIN:VTIMEZONE") == 1


def test_two_zones_are_both_explained_once_before_the_events() -> None:
    said = text(BALI_FEED, SORONG, BALI_FEED)
    assert said.count("BEGIN:VTIMEZONE") == 2
    assert said.rindex("END:VTIMEZONE") < said.index("BEGIN:VEVENT")


def test_what_was_called_off_stays_as_cancelled_with_its_number() -> None:
    entry = text(BALI_FEED, SORONG).split("BEGIN:VEVENT")[2]
    assert "\r\nSTATUS:CANCELLED\r\n" in entry
    assert "\r\nSEQUENCE:3\r\n" in entry
    assert "\r\nTRANSP:TRANSPARENT\r\n" in entry


def test_the_same_facts_give_the_same_bytes() -> None:
    assert text(BALI_FEED, SORONG) == text(BALI_FEED, SORONG)
    assert "\r\nUID:" not in text().split("BEGIN:VEVENT")[0]


def test_an_empty_feed_is_a_calendar_too() -> None:
    assert text().endswith("END:VCALENDAR\r\n")


@pytest.mark.parametrize(
    "wrong",
    [{"zone": "Europe/Berlin"}, {"end": BALI.start}, {"start": BALI.start.replace(tzinfo=None)}],
)
def test_an_event_that_cannot_be_is_an_error(wrong: dict[str, object]) -> None:
    event = replace(BALI, **wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError):  # noqa: PT011
        feeds.build("Kohort", [FeedEvent(event, cancelled=False)], SECRETARIAT)
