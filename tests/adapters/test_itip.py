"""Mail that comes in, as the calendars of this world write it, and as strangers do."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters import itip
from tests import mail_shapes
from tests.mail_shapes import Said

NOW = dt.datetime(2022, 11, 5, tzinfo=dt.UTC)
SAID = Said("convening-abc@living-lab", "bupati@siak.contoh.example")
SHAPES = (mail_shapes.gmail, mail_shapes.outlook, mail_shapes.apple)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
@pytest.mark.parametrize("partstat", ["ACCEPTED", "DECLINED", "TENTATIVE"])
def test_each_shape_says_who_what_and_when_it_was_said(
    shape: Callable[[Said], bytes], partstat: str
) -> None:
    said = dataclasses.replace(SAID, partstat=partstat, sequence=3, comment="Datang pukul 10")
    read = itip.read(shape(said), NOW)
    assert read.word is not None
    assert dataclasses.astuple(read.word) == (
        said.uid, said.attendee, partstat, 3, said.stamp, False)
    assert (read.text, read.automatic) == ("Datang pukul 10", False)
    assert read.sender == said.attendee
    assert read.key == itip.read(mail_shapes.plain(said, "lain"), NOW).key  # one Message-ID


def test_a_counter_is_words_and_nothing_of_its_time_is_read() -> None:
    read = itip.read(mail_shapes.counter(dataclasses.replace(SAID, comment="Bisa 22?")), NOW)
    assert read.word is not None
    assert read.word.counter
    assert read.text == "Bisa 22?"
    assert not any(isinstance(value, dt.datetime) and value != SAID.stamp
                   for value in dataclasses.astuple(read.word))


@pytest.mark.parametrize(("headers", "automatic"), [
    ((), False),
    (("Auto-Submitted: no",), False),
    (("Auto-Submitted: auto-replied",), True),
    (("Auto-Submitted: auto-generated; owner-email=x",), True),
    (("Precedence: bulk",), True),
])
def test_what_nobody_wrote_is_known_as_such(headers: tuple[str, ...], automatic: bool) -> None:
    read = itip.read(mail_shapes.plain(SAID, "Saya cuti.", *headers), NOW)
    assert (read.automatic, read.word) == (automatic, None)


def test_an_automatic_reply_of_a_calendar_is_not_an_answer() -> None:
    raw = mail_shapes.gmail(SAID).replace(b"auto-generated", b"auto-replied")
    assert itip.read(raw, NOW).automatic


def test_a_page_becomes_words() -> None:
    raw = mail_shapes.plain(
        SAID, "<html><head><title>x</title><style>p{}</style></head><body><p>Mohon&nbsp;nomor</p>"
        "<p>surat <b>undangan</b>.<script>alert(1)</script></body></html>")
    text = itip.read(raw.replace(b"text/plain", b"text/html"), NOW).text
    assert text == "Tentang undangan\n\nMohon nomor\nsurat undangan."


@pytest.mark.parametrize("raw", [
    b"", b"\xff\xfe\x00", b"\r\n\r\n", b"Subject: =?x?y?z\r\n\r\nhalo\x00",
    b"From: <<>>\r\nMessage-ID: a b c\r\n\r\nx",
    mail_shapes.gmail(SAID).replace(b"charset=UTF-8", b"charset=tidak-ada"),
    mail_shapes.plain(SAID, "x" * 300_000),
    b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n"
    b"SEQUENCE:banyak\r\nDTSTAMP:kemarin\r\nATTENDEE;PARTSTAT=ACCEPTED\r\nEND:VEVENT\r\n",
    b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
             for n in range(3000)),
], ids=range(9))
def test_whatever_comes_is_read_without_harm(raw: bytes) -> None:
    read = itip.read(raw, NOW)
    assert len(read.key) == 64
    assert "\x00" not in read.text + read.sender
    assert len(read.text) <= itip.TEXT


@settings(max_examples=60)
@given(st.binary(max_size=300), st.integers(0, 2_000), st.sampled_from(SHAPES))
def test_a_damaged_answer_never_stops_the_worker(
    noise: bytes, place: int, shape: Callable[[Said], bytes]
) -> None:
    raw = shape(SAID)
    read = itip.read(raw[:place] + noise + raw[place + len(noise):], NOW)
    assert len(read.text) <= itip.TEXT
