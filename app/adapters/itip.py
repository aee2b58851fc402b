"""A mail that came in, read: what a calendar says in it, else what a person wrote.

Whatever a stranger may send is read here, so nothing in it may raise: what cannot be read is left
out, and what is left is words for a person. No time and no place is ever read from a calendar.
"""

from __future__ import annotations

import email.policy
import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr
from functools import partial
from html.parser import HTMLParser
from typing import Any

from icalendar import Calendar, Component

from cohorts.convenings.guest_mail import CalendarWord, Incoming

TEXT = 8_000  # characters kept of what was written; the original holds the rest
CALENDAR = 256_000  # bytes: a larger calendar is no answer
PARTS = 200

_CALENDARS = ("text/calendar", "application/ics")
_HIDDEN = ("style", "script", "head", "title")
_BREAKS = ("br", "p", "div", "tr", "li", "blockquote")


def read(raw: bytes, now: datetime) -> Incoming:
    """Read a raw message; ``now`` stands in where a calendar's own time stamp is missing."""
    parser = BytesParser(policy=email.policy.default)
    message = _safely(lambda: parser.parsebytes(raw), None)
    if message is None:  # parts nested so deeply that only the head can be read
        message = parser.parsebytes(raw, headersonly=True)
    word, comment = _safely(lambda: _calendar(message, now), (None, ""))
    ident = _header(message, "Message-ID")
    written = _safely(lambda: _written(message), "")
    text = comment if word is not None and not word.counter else comment or written
    return Incoming(
        key=hashlib.sha256(ident.encode("utf-8", "replace") if ident else raw).hexdigest(),
        sender=_plain(parseaddr(_header(message, "From"))[1])[:254],
        text=_plain(text)[:TEXT],
        automatic=_automatic(message, word),
        word=word,
    )


def _safely(reading: Callable[[], Any], otherwise: Any) -> Any:
    try:
        return reading()
    except Exception:
        # Deep nesting, unknown charsets, values that raise only when they are used: all of it
        # comes from strangers, and a mail that cannot be read must not stop the next one.
        return otherwise


def _header(message: EmailMessage, name: str) -> str:
    return " ".join(str(_safely(lambda: message.get(name, ""), "")).split())


def _automatic(message: EmailMessage, word: CalendarWord | None) -> bool:
    """Whether nobody wrote it. Calendars that send the answer of a person mark it as generated."""
    marked = _header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    if marked == "auto-replied":
        return True
    if word is not None:
        return False
    bulk = _header(message, "Precedence").lower() in ("bulk", "junk", "list", "auto_reply")
    report = _safely(message.get_content_type, "") == "multipart/report"
    return marked not in ("", "no") or bulk or report


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    for number, part in enumerate(message.walk()):
        if number >= PARTS:
            return
        if isinstance(part, EmailMessage) and not part.is_multipart():
            yield part


def _calendar(message: EmailMessage, now: datetime) -> tuple[CalendarWord | None, str]:
    """The first REPLY or COUNTER in the mail, with its comment."""
    for part in _parts(message):
        if part.get_content_type() not in _CALENDARS:
            continue
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes) or len(data) > CALENDAR:
            continue
        found: tuple[CalendarWord, str] | None = _safely(partial(_word, data, now), None)
        if found is not None:
            return found
    return None, ""


def _word(data: bytes, now: datetime) -> tuple[CalendarWord, str] | None:
    calendar = Calendar.from_ical(data)
    method = str(calendar.get("METHOD", "")).upper()
    if method not in ("REPLY", "COUNTER"):
        return None
    event = next(iter(calendar.walk("VEVENT")), None)
    if event is None:
        return None
    attendee = next(iter(_all(event, "ATTENDEE")), None)
    params = getattr(attendee, "params", {})
    word = CalendarWord(
        uid=_plain(str(event.get("UID", ""))),
        attendee=_plain(re.sub(r"^mailto:", "", str(attendee or ""), flags=re.I)).lower(),
        partstat=_plain(str(params.get("PARTSTAT", ""))).upper(),
        sequence=_safely(lambda: _number(event.get("SEQUENCE", 0)), 0),
        stamp=_safely(lambda: _instant(event.get("DTSTAMP").dt), now),
        counter=method == "COUNTER",
    )
    return word, "\n".join(str(one) for one in _all(event, "COMMENT"))


def _all(event: Component, name: str) -> list[Any]:
    found = event.get(name, [])
    return list(found) if isinstance(found, list) else [found]


def _number(value: Any) -> int:
    return min(max(int(value), 0), 1_000_000)


def _instant(value: date) -> datetime:
    if not isinstance(value, datetime):
        raise ValueError("a day is no instant")
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _written(message: EmailMessage) -> str:
    """The plain text of a mail, else its page without markup; the subject stands above it."""
    body = message.get_body(("plain", "html"))
    said = ""
    if isinstance(body, EmailMessage):
        said = str(body.get_content())
        if body.get_content_subtype() == "html":
            reader = _Words()
            reader.feed(said[: 20 * TEXT])
            said = "".join(reader.words)
    return f"{_header(message, 'Subject')}\n\n{said}".strip()


def _plain(text: str) -> str:
    """Without NUL, control characters and lone surrogates, which no database keeps."""
    kept = "".join(c if c.isprintable() or c in "\n\t" else " " for c in text.replace("\r\n", "\n"))
    lines = [" ".join(line.split()) for line in kept.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Words(HTMLParser):
    """The words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag in _BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)
