"""Visits and scores: what was known when, and files taken over whole or not at all."""

from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from cohorts.directory.regions import Finder, finder
from cohorts.directory.tables import Region
from cohorts.ground.refusal import Refusal
from cohorts.programme import importing, scores, sheets, visits
from cohorts.programme.tables import Cohort, Score, Visit
from tests.build.directory import AUDITOR, NOW, ORGANISER, a_region
from tests.build.programme import a_cohort, a_score, a_visit

DAY = dt.timedelta(days=1)
JUNE = dt.date(2022, 6, 7)


def refused(act: object, *given: object, **more: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act(*given, **more)  # type: ignore[operator]
    return caught.value


def on_record(session: Session, found: Cohort, as_of: dt.datetime) -> list[object]:
    return [v.visited_on for v in visits.visits(session, found.id, as_of)]


def correct(session: Session, row: Visit, on: dt.date | None, now: dt.datetime = NOW) -> Visit:
    return visits.correct_visit(
        session,
        row.id,
        region_code=row.region_code,
        visited_on=on,
        source="Surat (contoh)",
        actor=ORGANISER,
        now=now,
    )


def test_a_corrected_visit_keeps_what_was_known_before(session: Session) -> None:
    found = a_cohort(session)
    first = a_visit(session, found)
    second = correct(session, first, dt.date(2022, 6, 8), NOW + DAY)
    assert on_record(session, found, NOW) == [JUNE]
    assert on_record(session, found, NOW + DAY) == [dt.date(2022, 6, 8)]
    assert [v.id for v in visits.history(session, second.id)] == [second.id, first.id]


def test_a_withdrawn_visit_is_gone_from_then_on(session: Session) -> None:
    found = a_cohort(session)
    row = a_visit(session, found)
    visits.withdraw_visit(session, row.id, source="Salah catat", actor=ORGANISER, now=NOW + DAY)
    assert on_record(session, found, NOW) == [JUNE]
    assert on_record(session, found, NOW + DAY) == []
    a_visit(session, found, now=NOW + 2 * DAY)
    assert on_record(session, found, NOW + 2 * DAY) == [JUNE]


def test_what_was_superseded_cannot_be_corrected_again(session: Session) -> None:
    found = a_cohort(session)
    first = a_visit(session, found)
    correct(session, first, None)
    assert refused(correct, session, first, dt.date(2022, 1, 1)).code == "ground.stale"


def test_an_undated_visit_counts_and_comes_last(session: Session) -> None:
    found = a_cohort(session)
    a_visit(session, found, "14.07", on=None)
    a_visit(session, found)
    assert on_record(session, found, NOW) == [JUNE, None]


def add(session: Session, found: Cohort, **more: object) -> Visit:
    given = {"source": "contoh", "actor": ORGANISER, "now": NOW, **more}
    return visits.add_visit(session, found.id, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "programme.visitor_missing"),
        ({"region_code": "14.08", "institution": "UGM"}, "programme.visitor_missing"),
        ({"region_code": "99.99"}, "directory.region_unknown"),
        ({"region_code": "32.11"}, "programme.visit_itself"),
        ({"region_code": "14.08", "visited_on": dt.date(2022, 10, 4)}, "programme.day_to_come"),
        ({"region_code": "14.08", "source": " "}, "ground.needed"),
        ({"institution": "U" * 201}, "ground.too_long"),
    ],
)
def test_what_is_no_visit_is_refused(session: Session, more: dict[str, object], code: str) -> None:
    assert refused(add, session, a_cohort(session), **more).code == code


def test_a_visit_is_recorded_once_and_a_second_day_is_a_second_visit(session: Session) -> None:
    found = a_cohort(session)
    a_visit(session, found)
    assert refused(a_visit, session, found).code == "programme.visit_known"
    a_visit(session, found, on=dt.date(2022, 7, 1))
    add(session, found, institution="Universitas Contoh")
    assert len(on_record(session, found, NOW)) == 3


def test_a_score_is_kept_to_two_decimals_and_corrected_by_a_new_row(session: Session) -> None:
    a_region(session)
    first = a_score(session)
    assert first.value == Decimal("2.24")
    second = scores.correct_score(
        session,
        first.id,
        instrument="SPBE-2020",
        year=2021,
        value=Decimal("2.25"),
        kind="official",
        source="Keputusan (contoh)",
        actor=ORGANISER,
        now=NOW + DAY,
    )
    assert [s.value for s in scores.scores(session, NOW)] == [Decimal("2.24")]
    assert scores.scores(session, NOW + DAY) == [second]
    scores.withdraw_score(session, second.id, source="Keliru", actor=ORGANISER, now=NOW + 2 * DAY)
    assert scores.scores(session, NOW + 2 * DAY) == []


def test_one_value_stands_for_region_instrument_year_and_kind(session: Session) -> None:
    a_region(session)
    a_score(session)
    assert refused(a_score, session, value="2.30").code == "programme.score_known"
    a_score(session, kind="self_assessment", value="2.90")
    a_score(session, year=2022, published_on=None)
    assert len(scores.scores(session, NOW, region_codes=["14.08"], kind="official")) == 2


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"value": "5.01"}, "programme.value_off_scale"),
        ({"value": "2.245"}, "programme.value_off_scale"),
        ({"year": 2020}, "programme.year_outside"),
        ({"year": 2026}, "programme.year_outside"),
        ({"published_on": dt.date(2023, 1, 1)}, "programme.day_to_come"),
    ],
)
def test_what_is_no_score_is_refused(session: Session, more: dict[str, object], code: str) -> None:
    a_region(session)
    assert refused(a_score, session, **more).code == code


def test_who_may_only_look_records_nothing(session: Session) -> None:
    found = a_cohort(session)
    assert (
        refused(add, session, found, region_code="14.08", actor=AUDITOR).code
        == "ground.not_allowed"
    )
    assert refused(importing.import_scores, session, [], AUDITOR, NOW).code == "ground.not_allowed"


# --- files -----------------------------------------------------------------------------------


def line(**cells: str) -> dict[str, str]:
    return {"sumber": "contoh", **cells}


def read(session: Session, *cells: dict[str, str]) -> tuple[list[sheets.VisitRow], list[str]]:
    rows, errors = sheets.read_visits(
        enumerate(cells, start=2), finder(session), NOW.date(), "32.11"
    )
    return rows, [f"{e.row} {e.column} {e.code}" for e in errors]


def test_every_wrong_cell_of_a_file_is_named_by_row_and_column(session: Session) -> None:
    a_region(session)
    rows, errors = read(
        session,
        line(daerah="Bandung", tanggal="31/02/2022"),
        line(daerah="Kab. Bandung", tanggal="7/6/2022"),
        line(daerah="Atlantis"),
        line(daerah="Kota Bandung", lembaga="ITB"),
        line(sumber=""),
        line(kode="14.08", daerah="Kabupaten Kampar"),
        line(daerah="Kab. Siak", tanggal="2099-01-01"),
        line(daerah="kab bandung", tanggal="2022-06-07"),
        line(daerah="Sumedang"),
        line(daerah="Kota Dumai", id="x"),
    )
    assert errors == [
        "2 daerah region_two",
        "2 tanggal day",
        "4 daerah region_unknown",
        "5 daerah one_visitor",
        "6 sumber needed",
        "6 daerah one_visitor",
        "7 daerah region_other",
        "8 tanggal day_to_come",
        "9 daerah twice",
        "10 daerah itself",
        "11 id id",
    ]
    assert [(r.region_code, r.visited_on) for r in rows] == [("32.04", JUNE)]


def test_an_ambiguous_name_is_answered_with_both(session: Session) -> None:
    a_region(session)
    _rows, errors = sheets.read_visits([(2, line(daerah="Bandung"))], finder(session), NOW.date())
    assert errors[0].choices == ("Kabupaten Bandung", "Kota Bandung")


def take(
    session: Session, found: Cohort, *cells: dict[str, str], now: dt.datetime = NOW
) -> tuple[int, int, int]:
    rows, errors = read(session, *cells)
    assert errors == []
    done = importing.import_visits(session, found.id, rows, ORGANISER, now)
    return done.added, done.corrected, done.unchanged


def test_a_file_taken_over_twice_changes_nothing_the_second_time(session: Session) -> None:
    found = a_cohort(session)
    file = [
        line(daerah="Kab. Siak", tanggal="2022-06-07"),
        line(daerah="Kota Ambon"),
        line(lembaga="Universitas Contoh", tanggal="1.7.2022"),
    ]
    assert take(session, found, *file) == (3, 0, 0)
    assert take(session, found, *file, now=NOW + DAY) == (0, 0, 3)
    assert session.scalar(sa.select(sa.func.count()).select_from(Visit)) == 3


def test_what_is_exported_is_imported_as_unchanged_and_an_edited_cell_as_a_correction(
    session: Session,
) -> None:
    found = a_cohort(session)
    a_visit(session, found)
    a_visit(session, found, "81.71", on=None)
    written = [
        dict(
            zip(
                sheets.VISIT_COLUMNS,
                ["" if c is None else str(c) for c in sheets.visit_cells(row)],
                strict=True,
            )
        )
        for row in visits.visits(session, found.id, NOW)
    ]
    assert take(session, found, *written) == (0, 0, 2)
    written[0]["tanggal"] = "2022-06-08"
    assert take(session, found, *written, now=NOW + DAY) == (0, 1, 1)
    assert on_record(session, found, NOW + DAY) == [dt.date(2022, 6, 8), None]
    assert on_record(session, found, NOW) == [JUNE, None]


def test_two_lines_may_exchange_their_days(session: Session) -> None:
    found = a_cohort(session)
    one = a_visit(session, found)
    two = a_visit(session, found, on=dt.date(2022, 7, 1))
    swapped = [
        line(id=one.id, kode="14.08", tanggal="2022-07-01"),
        line(id=two.id, kode="14.08", tanggal="2022-06-07"),
    ]
    assert take(session, found, *swapped, now=NOW + DAY) == (0, 2, 0)


def test_a_file_with_an_unknown_record_changes_nothing(session: Session) -> None:
    found = a_cohort(session)
    stale = a_visit(session, found)
    correct(session, stale, None)
    rows, errors = read(session, line(daerah="Kota Ambon"), line(id=stale.id, daerah="Kab. Siak"))
    assert errors == []
    refusal = refused(importing.import_visits, session, found.id, rows, ORGANISER, NOW)
    assert refusal.code == "programme.import_errors"
    assert [(e.row, e.column, e.code) for e in refusal.facts["errors"]] == [(3, "id", "id")]
    assert on_record(session, found, NOW) == [None]


def test_a_preview_counts_and_changes_nothing(session: Session) -> None:
    found = a_cohort(session)
    a_visit(session, found)
    rows, _errors = read(
        session,
        {"kode": "14.08", "tanggal": "2022-06-07", "sumber": "Surat"},
        line(daerah="Kota Ambon"),
    )
    seen = importing.preview_visits(session, found.id, rows)
    assert (seen.added, seen.corrected, seen.unchanged) == (1, 1, 0)
    assert seen.changes[0].what == "Kabupaten Siak"
    assert seen.changes[0].fields == {"source": ("Buku tamu (contoh)", "Surat")}
    assert session.scalar(sa.select(sa.func.count()).select_from(Visit)) == 1


def score_line(**cells: str) -> dict[str, str]:
    own = {"daerah": "Kab. Siak", "instrumen": "SPBE-2020", "tahun": "2021", "nilai": "2,24"}
    return {**own, "sumber": "contoh", **cells}


def test_scores_are_read_with_a_comma_and_taken_over_once(session: Session) -> None:
    a_region(session)
    rows, errors = sheets.read_scores([(2, score_line())], finder(session), NOW.date())
    assert errors == []
    first = importing.import_scores(session, rows, ORGANISER, NOW)
    again = importing.import_scores(session, rows, ORGANISER, NOW + DAY)
    assert (first.added, again.added, again.unchanged) == (1, 0, 1)
    assert [s.value for s in scores.scores(session, NOW)] == [Decimal("2.24")]
    assert session.scalar(sa.select(sa.func.count()).select_from(Score)) == 1


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        ({"nilai": "dua"}, "nilai number"),
        ({"nilai": "9"}, "nilai off_scale"),
        ({"nilai": "2,245"}, "nilai off_scale"),
        ({"nilai": "", "tahun": ""}, "tahun needed, nilai needed"),
        ({"tahun": "2019"}, "tahun year"),
        ({"tahun": "21"}, "tahun number"),
        ({"instrumen": "SPBE"}, "instrumen instrument"),
        ({"jenis": "perkiraan"}, "jenis kind"),
        ({"daerah": ""}, "daerah needed"),
        ({"terbit": "kemarin"}, "terbit day"),
        ({"sumber": "s" * 301}, "sumber too_long"),
    ],
)
def test_a_wrong_score_is_named_by_its_column(
    session: Session, cells: dict[str, str], wrong: str
) -> None:
    a_region(session)
    rows, errors = sheets.read_scores([(2, score_line(**cells))], finder(session), NOW.date())
    assert rows == []
    assert ", ".join(f"{e.column} {e.code}" for e in errors) == wrong
    assert {e.code for e in errors} <= sheets.ERROR_CODES.keys()


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from([*sheets.SCORE_COLUMNS, *sheets.VISIT_COLUMNS, "lain"]),
            st.text(max_size=30),
        ),
        max_size=4,
    )
)
def test_any_file_is_read_or_its_errors_named(lines: list[dict[str, str]]) -> None:
    place = Region(code="14.08", full_name="Kabupaten Siak", search_key="kabupatensiak 1408")
    numbered = list(enumerate(lines, start=2))
    for reader in (sheets.read_visits, sheets.read_scores):
        rows, errors = reader(numbered, Finder([place]), NOW.date())  # type: ignore[operator]
        assert {r.number for r in rows} | {e.row for e in errors} == {n for n, _ in numbered}


def test_ten_thousand_rows_hold_the_lock_for_a_moment_only(session: Session) -> None:
    found = a_cohort(session)
    rows = [
        sheets.VisitRow(n, None, None, f"Lembaga {n}", JUNE, "contoh") for n in range(2, 10_002)
    ]
    began = time.monotonic()
    done = importing.import_visits(session, found.id, rows, ORGANISER, NOW)
    assert done.added == 10_000
    assert time.monotonic() - began < 5
