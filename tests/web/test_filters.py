"""How moments, numbers and fingerprints are written in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import force_locale

from app import filters

BALI = datetime(2022, 11, 21, 1, 0, tzinfo=UTC)  # 09.00 at Asia/Makassar


@pytest.mark.parametrize(("zone", "name"), [
    ("Asia/Jakarta", "WIB"), ("Asia/Pontianak", "WIB"), ("Asia/Makassar", "WITA"),
    ("Asia/Jayapura", "WIT"), ("Asia/Tokyo", "UTC+9"), ("Asia/Kathmandu", "UTC+5:45"),
    ("UTC", "UTC"), ("America/New_York", "UTC-5"),
])
def test_a_zone_is_called_as_people_call_it(zone: str, name: str) -> None:
    assert filters.zone_name(zone, BALI) == name


@pytest.mark.parametrize(("lang", "written"), [
    ("id", "Senin, 21 November 2022 pukul 09.00 WITA (08.00 WIB)"),
    ("en", "Monday, 21 November 2022 at 09:00 WITA (08:00 WIB)"),
])
def test_nine_in_bali_is_eight_in_jakarta(lang: str, written: str) -> None:
    assert filters.moment(BALI, "Asia/Makassar", lang, "Asia/Jakarta") == written


def test_one_hour_alone_where_the_reader_stands_at_the_venue() -> None:
    assert filters.both_clocks(BALI, "Asia/Makassar", "Asia/Makassar", "id") == "09.00 WITA"
    assert filters.both_clocks(BALI, "Asia/Jakarta", "Asia/Pontianak", "id") == "08.00 WIB"


def test_a_moment_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without its zone"):
        filters.clock(datetime(2022, 11, 21, 1, 0), "Asia/Jakarta", "id")  # noqa: DTZ001


def test_the_markup_of_a_moment_is_read_by_machines_too() -> None:
    assert str(filters.when(BALI, "Asia/Makassar", "Asia/Jakarta")) == (
        '<time class="time" datetime="2022-11-21T09:00+08:00">09.00 '
        '<abbr class="zone">WITA</abbr></time> '
        '(<time class="time" datetime="2022-11-21T08:00+07:00">08.00 '
        '<abbr class="zone">WIB</abbr></time>)')


def test_midnight_in_jayapura_belongs_to_the_next_day() -> None:
    late = datetime(2022, 11, 20, 15, 30, tzinfo=UTC)
    assert filters.day_of(late, "Asia/Jakarta") == date(2022, 11, 20)
    assert filters.day_of(late, "Asia/Jayapura") == date(2022, 11, 21)


@pytest.mark.parametrize(("start", "end", "written"), [
    (date(2022, 11, 7), date(2022, 11, 9), "7 s.d. 9 November 2022"),
    (date(2022, 11, 30), date(2022, 12, 2), "30 November s.d. 2 Desember 2022"),
    (date(2022, 12, 30), date(2023, 1, 2), "30 Desember 2022 s.d. 2 Januari 2023"),
    (date(2022, 11, 7), date(2022, 11, 7), "Senin, 7 November 2022"),
])
def test_days_from_and_until(start: date, end: date, written: str) -> None:
    assert filters.date_range(start, end, "id") == written


def test_days_in_english_and_in_tables() -> None:
    assert filters.date_range(date(2022, 11, 7), date(2022, 11, 9), "en") == (
        "7 to 9 November 2022")
    assert filters.short_date(date(2022, 8, 17), "id") == "17 Agu 2022"
    assert filters.short_date(date(2022, 8, 17), "en") == "17 Aug 2022"
    assert filters.short_moment(BALI, "Asia/Makassar", "id") == "21 Nov 2022, 09.00 WITA"


@pytest.mark.parametrize(("value", "places", "indonesian", "english"), [
    ("3.52", 2, "3,52", "3.52"), (3.5, 2, "3,50", "3.50"), ("2.245", 2, "2,25", "2.25"),
    ("-0.06", 2, "−0,06", "−0.06"), (7, 1, "7,0", "7.0"),
])
def test_the_decimal_comma(value: object, places: int, indonesian: str, english: str) -> None:
    assert filters.decimal(value, places, "id") == indonesian  # type: ignore[arg-type]
    assert filters.decimal(value, places, "en") == english  # type: ignore[arg-type]


def test_a_share_always_names_n_and_of() -> None:
    assert filters.share(31, 52, "id") == "31 dari 52 (59,6\u00a0%)"
    assert filters.share(31, 52, "en") == "31 of 52 (59.6%)"
    assert filters.share(0, 0, "id") == "0 dari 0"
    with pytest.raises(ValueError, match="share of nothing"):
        filters.percent(0, 0)


def test_large_numbers_and_files() -> None:
    assert filters.number(12345) == "12.345"
    assert filters.number(12345, "en") == "12,345"
    assert filters.file_size(84_200) == "84\u00a0kB"
    assert filters.file_size(1_240_000) == "1,2\u00a0MB"
    assert filters.file_size(5) == "5\u00a0B"


def test_a_fingerprint_stands_in_groups_of_four() -> None:
    assert filters.fingerprint("7c1e40d2b09a5f33") == "7c1e 40d2 b09a 5f33"
    assert filters.fingerprint(bytes.fromhex("7c1e40d2b09a5f33"), 2) == "7c1e 40d2"
    assert filters.short_code("K7Q4MD23") == "K7Q4 MD23"


@pytest.mark.parametrize(("n", "written"), [
    (1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (13, "13th"), (22, "22nd")])
def test_ordinals(n: int, written: str) -> None:
    assert filters.ordinal(n, "en") == written
    assert filters.ordinal(n, "id") == f"ke-{n}"


def test_small_numbers_are_words_in_headings() -> None:
    assert filters.spelled(8) == "delapan"
    assert filters.spelled(12) == "dua belas"
    assert filters.spelled(8, "en") == "eight"
    assert filters.spelled(62) == "62"


def test_how_far_away_a_day_is(app: Flask) -> None:
    today = date(2022, 11, 10)
    with app.test_request_context("/"):
        said = [filters.days_away(date(2022, 11, d), today) for d in (10, 11, 9, 21, 8)]
        assert said == ["hari ini", "besok", "kemarin", "sebelas hari lagi", "dua hari lalu"]
        with force_locale("en"):
            assert filters.days_away(date(2022, 11, 21), today) == "in eleven days"


def test_a_text_for_whatsapp_chooses_nobody() -> None:
    assert filters.whatsapp("Yth. Bapak/Ibu & a=b") == (
        "https://wa.me/?text=Yth.%20Bapak%2FIbu%20%26%20a%3Db")


@pytest.mark.parametrize("typed", ["0812-0000-0000", "+62 812 0000 0000", "6281200000000"])
def test_a_number_is_dialled_with_its_country(typed: str) -> None:
    assert filters.whatsapp(phone=typed) == "https://wa.me/6281200000000"
