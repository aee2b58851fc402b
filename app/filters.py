"""How moments, numbers and fingerprints are written, in Indonesian and in English.

Every function is pure: value, language (``id`` or ``en``) and, where it matters, the IANA zone of
the place. ``init()`` gives templates the same functions with the reader's language filled in.

A time is never written without its zone: "09.00 WITA", never "09.00". Babel knows the Indonesian
zone names only in Indonesian, so the four zones of the country are named here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Flask
from flask_babel import gettext as _
from markupsafe import Markup

from app.language import language

NBSP = "\u00a0"
ZONES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


def zone_name(zone: str, instant: datetime) -> str:
    """Return WIB, WITA or WIT; elsewhere the distance from UTC at that instant ("UTC+9")."""
    if zone in ZONES:
        return ZONES[zone]
    offset = instant.astimezone(ZoneInfo(zone)).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return "UTC" if not minutes else f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def local(instant: datetime, zone: str) -> datetime:
    """Return an aware instant in ``zone``. Raises ValueError for a naive one: its zone is unknown.
    """
    if instant.tzinfo is None:
        raise ValueError("a moment without its zone cannot be written")
    return instant.astimezone(ZoneInfo(zone))


def hours(instant: datetime, zone: str, lang: str) -> str:
    """Return the bare hours and minutes, 09.00 or 09:00; for columns whose head names the zone."""
    return local(instant, zone).strftime("%H.%M" if lang == "id" else "%H:%M")


def clock(instant: datetime, zone: str, lang: str) -> str:
    """Return "09.00 WITA" or, in English, "09:00 WITA"."""
    return f"{hours(instant, zone, lang)} {zone_name(zone, instant)}"


def both_clocks(instant: datetime, zone: str, also: str | None, lang: str) -> str:
    """Return "09.00 WITA (08.00 WIB)"; one alone where both zones read the same."""
    here = clock(instant, zone, lang)
    if also is None:
        return here
    there = clock(instant, also, lang)
    return here if here == there else f"{here} ({there})"


def long_date(day: date, lang: str) -> str:
    """Return "Senin, 21 November 2022" or "Monday, 21 November 2022"."""
    return format_date(day, "EEEE, d MMMM y", locale=lang)


def plain_date(day: date, lang: str) -> str:
    """Return "21 November 2022", for running text that already names the day."""
    return format_date(day, "d MMMM y", locale=lang)


def short_date(day: date, lang: str) -> str:
    """Return "21 Nov 2022", for tables only."""
    return format_date(day, "d MMM y", locale=lang)


def day_of(instant: datetime, zone: str) -> date:
    """Return the calendar day of ``instant`` at the place."""
    return local(instant, zone).date()


def moment(instant: datetime, zone: str, lang: str, also: str | None = None) -> str:
    """Return "Senin, 21 November 2022 pukul 09.00 WITA (08.00 WIB)"."""
    word = "pukul" if lang == "id" else "at"
    day = long_date(day_of(instant, zone), lang)
    return f"{day} {word} {both_clocks(instant, zone, also, lang)}"


def short_moment(instant: datetime, zone: str, lang: str) -> str:
    """Return "4 Nov 2022, 16.20 WIB", for tables and time lines."""
    return f"{short_date(day_of(instant, zone), lang)}, {clock(instant, zone, lang)}"


def date_range(start: date, end: date, lang: str) -> str:
    """Return "7 s.d. 9 November 2022" or "7 to 9 November 2022"; a single day with its weekday."""
    if start == end:
        return long_date(start, lang)
    to = "s.d." if lang == "id" else "to"
    if (start.year, start.month) == (end.year, end.month):
        first = str(start.day)
    elif start.year == end.year:
        first = format_date(start, "d MMMM", locale=lang)
    else:
        first = plain_date(start, lang)
    return f"{first} {to} {plain_date(end, lang)}"


def decimal(value: Decimal | float | int | str, places: int = 2, lang: str = "id") -> str:
    """Return "3,52" or "3.52", rounded half up."""
    step = Decimal(1).scaleb(-places)
    text = str(Decimal(str(value)).quantize(step, rounding=ROUND_HALF_UP))
    text = text.replace("-", "−")
    return text.replace(".", ",") if lang == "id" else text


def number(value: int, lang: str = "id") -> str:
    """Return "1.234" or "1,234"."""
    text = f"{abs(value):,}"
    text = text.replace(",", ".") if lang == "id" else text
    return ("−" if value < 0 else "") + text


def percent(n: int, of: int, lang: str = "id") -> str:
    """Return "59,6 %" (with a no-break space) or "59.6%". Raises ValueError when ``of`` is 0."""
    if of == 0:
        raise ValueError("there is no share of nothing")
    share = decimal(Decimal(100 * n) / Decimal(of), 1, lang)
    return f"{share}{NBSP}%" if lang == "id" else f"{share}%"


def share(n: int, of: int, lang: str = "id") -> str:
    """Return "31 dari 52 (59,6 %)"; of nothing, "0 dari 0" without a share."""
    word = "dari" if lang == "id" else "of"
    base = f"{number(n, lang)} {word} {number(of, lang)}"
    return f"{base} ({percent(n, of, lang)})" if of else base


def file_size(size: int, lang: str = "id") -> str:
    """Return "84 kB" or "1,2 MB" for a number of bytes."""
    if size < 1000:
        return f"{size}{NBSP}B"
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))}{NBSP}kB"
    return f"{decimal(size / 1_000_000, 1, lang)}{NBSP}MB"


def fingerprint(digest: str | bytes, groups: int | None = None) -> str:
    """Return a hash in groups of four: "7c1e 40d2 …"; ``groups`` keeps only the first ones."""
    text = digest.hex() if isinstance(digest, bytes) else digest
    parts = [text[i : i + 4] for i in range(0, len(text), 4)]
    return " ".join(parts[:groups])


def short_code(code: str) -> str:
    """Return a pass's code of eight characters in two groups of four."""
    return f"{code[:4]} {code[4:]}"


def ordinal(n: int, lang: str = "id") -> str:
    """Return "ke-3" or "3rd"."""
    if lang == "id":
        return f"ke-{n}"
    if n % 100 in (11, 12, 13):
        return f"{n}th"
    return f"{n}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th') }"


def together(text: str) -> Markup:
    """Return a title whose ordinals ("ke-3") do not break at their hyphen."""
    parts = re.split(r"(ke-\d+)", text)
    return Markup("").join(
        Markup('<span class="nowrap">{}</span>').format(part) if i % 2 else part
        for i, part in enumerate(parts)
    )


def spelled(n: int, lang: str = "id") -> str:
    """Return a small number as a word, for headings ("Delapan hal menunggu Anda"); else digits."""
    words = {
        "id": "nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas dua_belas",
        "en": "zero one two three four five six seven eight nine ten eleven twelve",
    }[lang].split()
    return words[n].replace("_", " ") if 0 <= n < len(words) else number(n, lang)


def days_away(day: date, today: date) -> str:
    """Return "hari ini", "besok", "kemarin", "sebelas hari lagi" or "dua hari lalu" (translated).
    """
    distance = (day - today).days
    near = {0: _("hari ini"), 1: _("besok"), -1: _("kemarin")}
    if distance in near:
        return str(near[distance])
    n = spelled(abs(distance), language())
    return str(_("%(n)s hari lagi", n=n) if distance > 0 else _("%(n)s hari lalu", n=n))


def phone_digits(phone: str) -> str:
    """Return a number as wa.me wants it, digits with country code: "0812-0000-0000" becomes
    "6281200000000"."""
    digits = "".join(c for c in phone if c.isascii() and c.isdigit())
    return "62" + digits[1:] if digits.startswith("0") else digits


def whatsapp(text: str = "", phone: str = "") -> str:
    """Return the address that opens WhatsApp with ``text`` ready to send; nobody is chosen unless
    ``phone`` is given."""
    words = f"?text={quote(text, safe='')}" if text else ""
    return f"https://wa.me/{phone_digits(phone)}{words}"


def _time_tag(instant: datetime, zone: str, lang: str) -> Markup:
    stamp = local(instant, zone).isoformat(timespec="minutes")
    return Markup('<time class="time" datetime="{}">{} <abbr class="zone">{}</abbr></time>').format(
        stamp, hours(instant, zone, lang), zone_name(zone, instant)
    )


def when(instant: datetime, zone: str, also: str | None = None, lang: str = "id") -> Markup:
    """Return the hour as markup, with the reader's own zone in brackets where it differs."""
    here = _time_tag(instant, zone, lang)
    if also is None or clock(instant, zone, lang) == clock(instant, also, lang):
        return here
    return Markup("{} ({})").format(here, _time_tag(instant, also, lang))


def when_full(instant: datetime, zone: str, also: str | None = None, lang: str = "id") -> Markup:
    """Return day and hour as markup: "Senin, 21 November 2022 pukul 09.00 WITA (08.00 WIB)"."""
    word = "pukul" if lang == "id" else "at"
    day = long_date(day_of(instant, zone), lang)
    return Markup("{} {} {}").format(day, word, when(instant, zone, also, lang))


def when_short(instant: datetime, zone: str, lang: str = "id") -> Markup:
    """Return day and hour for tables, as markup: "4 Nov 2022, 16.20 WIB"."""
    return Markup("{}, {}").format(
        short_date(day_of(instant, zone), lang), _time_tag(instant, zone, lang)
    )


def utc_now() -> datetime:
    """Return the present, for pages only; a rule gets its ``now`` as an argument."""
    return datetime.now(UTC)


WITH_LANGUAGE: Mapping[str, Callable[..., Any]] = {
    "hours": hours,
    "clock": clock,
    "long_date": long_date,
    "plain_date": plain_date,
    "short_date": short_date,
    "moment": moment,
    "short_moment": short_moment,
    "date_range": date_range,
    "decimal": decimal,
    "number": number,
    "percent": percent,
    "share": share,
    "file_size": file_size,
    "ordinal": ordinal,
    "spelled": spelled,
    "when": when,
    "when_full": when_full,
    "when_short": when_short,
}
AS_THEY_ARE: Mapping[str, Callable[..., Any]] = {
    "fingerprint": fingerprint,
    "short_code": short_code,
    "days_away": days_away,
    "day_of": day_of,
    "zone_name": zone_name,
    "whatsapp": whatsapp,
    "phone_digits": phone_digits,
    "together": together,
}


def _in_readers_language(function: Callable[..., Any]) -> Callable[..., Any]:
    def filled(*args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("lang", language())
        return function(*args, **kwargs)

    return filled


def init(app: Flask) -> None:
    """Give templates every function, as a filter and as a global of the same name."""
    for name, function in WITH_LANGUAGE.items():
        app.jinja_env.filters[name] = app.jinja_env.globals[name] = _in_readers_language(function)
    for name, function in AS_THEY_ARE.items():
        app.jinja_env.filters[name] = app.jinja_env.globals[name] = function
