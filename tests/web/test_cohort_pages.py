"""A cohort's pages: set up, members, visits, scores, the target, files."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.extensions import db
from app.unit import unit
from cohorts.programme import cohort as cohorts
from tests.build.directory import a_holder
from tests.build.programme import a_cohort, a_member, a_score, a_visit
from tests.web.pages import Page, Pages


@pytest.fixture
def cohort_id(app: Flask) -> str:
    """A cohort around Sumedang with one member that visited."""
    with app.app_context(), unit() as session:
        found = a_cohort(session)
        a_member(session, found)
        return found.id


@pytest.fixture
def base(cohort_id: str) -> str:
    """The address of its pages."""
    return f"/o/cohorts/{cohort_id}"


def test_without_cohorts_the_list_says_what_to_do(staff: Pages) -> None:
    page = staff.get("/o/cohorts")
    assert "Belum ada kohort" in page.text
    assert page.link("Buat kohort") == "/o/cohorts/new"


def test_a_cohort_is_set_up_and_asks_for_its_members(staff: Pages) -> None:
    page = staff.submit(
        staff.get("/o/cohorts/new"), name_id="Kohort 2022", slug="kohort-2022",
        reference="kab sumedang", starts_on="2022-10-01")
    assert page.h1 == "Anggota Kohort 2022"
    assert "Belum ada anggota" in page.text
    again = staff.submit(
        staff.get("/o/cohorts/new"), status=400, name_id="Lain", slug="kohort-2022",
        reference="Bandung", starts_on="2022-10-01")
    assert "Ada dua: Kabupaten Bandung dan Kota Bandung" in again.one("#reference-e").get_text()
    again = staff.submit(again, status=400, reference="")
    assert "sudah dipakai" in again.one("#slug-e").get_text()


def test_the_page_of_a_cohort_without_convenings_asks_for_the_first(
    staff: Pages, base: str
) -> None:
    page = staff.get(base)
    assert page.h1 == "Kohort living-lab"
    assert "Belum ada pertemuan" in page.text
    assert "Tanpa ambang" in page.text
    assert staff.in_language("en").get(base).h1 == "Cohort living-lab"


def test_many_regions_join_at_once_or_none(staff: Pages, base: str) -> None:
    page = staff.get(f"{base}/members/add")
    again = staff.submit(
        page, status=400, names="Kab. Kampar\nBandung\nAtlantis", entry_path="visited",
        joined_on="2022-10-01")
    told = again.one("#names-e").get_text()
    assert "baris 2: Ada dua" in told
    assert again.one("#names").get_text().split("\n")[-3:] == ["Kab. Kampar", "Bandung", "Atlantis"]
    again = staff.submit(page, status=400, names="Kab. Kampar\n14.08", entry_path="visited")
    assert "Kabupaten Siak sudah menjadi anggota" in again.text
    after = staff.submit(page, names="Kab. Kampar\nkota bandung\n81.71", entry_path="later")
    assert "3 daerah menjadi anggota." in after.text
    assert after.lines("tbody th") == [
        "Kabupaten Kampar", "Kabupaten Siak", "Kota Bandung", "Kota Ambon"]


def test_a_region_is_found_and_ticked(staff: Pages, base: str) -> None:
    page = staff.get(f"{base}/members/add?q=bandung")
    assert len(page.all("[name=codes]")) == 3
    after = staff.submit(page, codes="32.73", entry_path="visited")
    assert "Kota Bandung" in after.text
    assert "sudah anggota" in staff.get(f"{base}/members/add?q=kota+bandung").text
    none = staff.submit(staff.get(f"{base}/members/add"), status=400, entry_path="visited")
    assert "paling sedikit satu daerah" in none.text


def test_a_region_leaves_and_stays_on_the_page(staff: Pages, base: str) -> None:
    page = staff.get(f"{base}/members/14.08/leave")
    assert page.h1 == "Catat keluarnya Kabupaten Siak"
    after = staff.submit(page, left_on="2022-12-01", reason="Pindah program")
    assert "Yang sudah keluar" in after.text
    assert "Pindah program" in after.text
    again = staff.submit(
        staff.get(page.url), status=400, left_on="2022-12-01", reason="Sekali lagi")
    assert "sudah keluar dari kohort" in again.text


def test_the_second_of_two_editors_sees_both_and_loses_nothing(
    staff: Pages, base: str
) -> None:
    mine = staff.get(f"{base}/edit")
    theirs = staff.get(f"{base}/edit")
    staff.submit(theirs, name_id="Kohort mereka", purpose_en="Their purpose")
    again = staff.submit(mine, status=409, purpose_id="Tujuan saya", purpose_en="My purpose")
    assert again.one("#purpose_id").get_text().strip() == "Tujuan saya"
    assert again.one("#purpose_en").get_text().strip() == "My purpose"
    assert again.one("#name_id")["value"] == "Kohort mereka"
    told = again.lines(".alert dd")
    assert told == [
        "Kohort mereka sudah diambil alih ke isian di bawah",
        "Their purpose Anda mengubahnya juga; isian Anda tetap di bawah",
    ]
    after = staff.submit(again)
    assert after.h1 == "Kohort mereka"
    assert "Tujuan saya" in after.text


def test_the_target_is_read_with_a_comma_and_keeps_its_history(staff: Pages, base: str) -> None:
    page = staff.get(f"{base}/target")
    again = staff.submit(page, status=400, value="tiga", source="x")
    assert "misalnya 3,52" in again.one("#value-e").get_text()
    again = staff.submit(page, status=400, value="9", source="x")
    assert "luar skala" in again.one("#value-e").get_text()
    after = staff.submit(page, value="3,52", source="Kementerian PANRB")
    assert "3,52" in after.text
    assert len(staff.get(f"{base}/target").all("tbody tr")) == 1
    english = staff.in_language("en").get(f"{base}/target")
    assert english.one("#value")["value"] == "3.52"


def test_a_visit_is_recorded_corrected_and_withdrawn(staff: Pages, base: str) -> None:
    assert "Belum ada kunjungan" in staff.get(f"{base}/visits").text
    form = staff.get(f"{base}/visits/new")
    again = staff.submit(form, status=400, source="Buku tamu")
    assert "Sebutkan daerah atau lembaga" in again.one("#region-e").get_text()
    page = staff.submit(form, region="Kab. Siak", source="Buku tamu")
    assert "tidak diketahui" in page.text
    edit = staff.get(page.link("Perbaiki"))
    assert edit.one("#region")["value"] == "Kabupaten Siak"
    page = staff.submit(edit, visited_on="2022-06-07", source="Surat")
    assert "7 Jun 2022" in page.text
    assert "Catatan sebelumnya" in staff.get(page.link("Perbaiki")).text
    stale = staff.submit(edit, status=400, visited_on="2022-06-08", source="x")
    assert "diubah orang lain" in stale.text
    edit = staff.get(page.link("Perbaiki"))
    gone = staff.submit(staff.get(edit.link("Tarik catatannya")), source="Salah daerah")
    assert "Belum ada kunjungan" in gone.text


def test_an_institution_is_listed_apart(staff: Pages, base: str) -> None:
    page = staff.submit(
        staff.get(f"{base}/visits/new"), institution="Universitas <Contoh>", source="Surat")
    assert page.lines("h2") == ["Lembaga"]
    assert "Universitas <Contoh>" in page.text


def test_a_score_is_recorded_corrected_and_withdrawn(staff: Pages, base: str) -> None:
    form = staff.get(f"{base}/scores/new")
    wrong = {"region": "Kab. Siak", "year": "2020", "value": "2,24", "source": "x"}
    again = staff.submit(form, status=400, **wrong)
    assert "2021–2025" in again.one("#year-e").get_text()
    page = staff.submit(
        form, region="Kab. Siak", year="2021", value="2,24", kind="official", source="contoh")
    assert "2,24" in page.text
    assert "Cukup" in page.text
    again = staff.submit(
        form, status=400, region="Kab. Siak", year="2021", value="2,30", source="contoh")
    assert "sudah ada nilai 2,24" in again.text
    page = staff.submit(staff.get(page.link("Perbaiki")), value="2,25", source="Keputusan")
    assert "2,25" in page.text
    edit = staff.get(page.link("Perbaiki"))
    gone = staff.submit(staff.get(edit.link("Tarik catatannya")), source="Keliru")
    assert "Belum ada nilai" in gone.text


def upload(staff: Pages, base: str, kind: str, text: str, status: int = 200) -> Page:
    data = {
        "file": (io.BytesIO(text.encode()), "data.csv"),
        "csrf_token": staff.token(),
    }
    answer = staff.client.post(
        f"{base}/{kind}/import", data=data, follow_redirects=True,
        content_type="multipart/form-data")
    return staff._page(answer, status)


def test_a_file_is_looked_at_mended_and_saved_once(staff: Pages, base: str) -> None:
    text = "daerah;tanggal;sumber\nKab. Siak;7/6/2022;Buku tamu\nBandung;31/02/2022;Buku tamu\n"
    page = upload(staff, base, "visits", text, 422)
    assert "1 dari 2 baris perlu diperbaiki" in page.text
    assert "Ada dua: Kabupaten Bandung dan Kota Bandung" in page.text
    assert staff.get(f"{base}/visits").all("tbody tr") == []
    page = staff.submit(
        page, "/mend", **{"cell-3-daerah": "Kota Bandung", "cell-3-tanggal": "28/02/2022"})
    assert page.lines(".counts dd") == ["2", "0", "0"]
    saved = staff.submit(page, "/save")
    assert "Tersimpan: 2 baru" in saved.text
    again = upload(staff, base, "visits", text.replace("Bandung", "Kota Bandung").replace(
        "31/02", "28/02"))
    assert "Semua isinya sudah tercatat" in again.text


def test_what_is_downloaded_is_uploaded_unchanged_and_a_changed_cell_is_shown(
    staff: Pages, base: str, app: Flask, cohort_id: str
) -> None:
    with app.app_context(), unit() as session:
        found = cohorts.cohort(session, cohort_id)
        a_visit(session, found)
        a_score(session)
    for kind, before, after in (("visits", "2022-06-07", "2022-06-08"), ("scores", "2.24", "2.30")):
        file = staff.client.get(f"{base}/{kind}.csv")
        assert file.mimetype == "text/csv"
        text = file.get_data().decode("utf-8-sig")
        assert "Semua isinya sudah tercatat" in upload(staff, base, kind, text).text
        page = upload(staff, base, kind, text.replace(before, after))
        assert page.lines(".counts dd") == ["0", "1", "0"]
        assert len(page.all(".change")) == 1
        assert "1 diperbaiki" in staff.submit(page, "/save").text
    assert "2,30" in staff.get(f"{base}/scores").text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "kosong"),
        ("daerah;daerah\na;b\n", "dua kali"),
        ("PK\x03\x04", "bukan berkas Excel"),
    ],
)
def test_what_is_no_table_is_told_beside_the_file(
    staff: Pages, base: str, text: str, told: str
) -> None:
    assert told in upload(staff, base, "visits", text, 400).one("#file-e").get_text()


def test_a_file_without_its_columns_names_them(staff: Pages, base: str) -> None:
    page = upload(staff, base, "scores", "nama;angka\nSiak;3\n", 422)
    assert "kolom daerah, instrumen, tahun, nilai, sumber tidak ada" in page.text


def test_a_file_with_wrong_rows_is_handed_back_with_what_is_wrong(
    staff: Pages, base: str
) -> None:
    page = upload(staff, base, "visits", "daerah;sumber\nAtlantis;x\n", 422)
    answer = staff.client.get(page.link("kolom galat"))
    assert "daerah: Daerah ini tidak dikenal" in answer.get_data().decode("utf-8-sig")


def test_nobody_imports_what_was_not_uploaded(staff: Pages, base: str) -> None:
    staff.get(f"{base}/visits/import/{'0' * 64}", status=404)
    staff.get(f"{base}/visits/import/..%2f..", status=404)
    staff.get(f"{base}/other/import", status=404)


def test_only_the_cohorts_own_organisers_change_it(
    pages: Pages, base: str, cohort_id: str, app: Flask
) -> None:
    with app.app_context(), unit() as session:
        other = a_cohort(session, "lain").id
    stranger = pages.signed_in(role="organizer", scope="cohort", scope_id=other)
    for url in ("", "/members", "/visits", "/scores", "/edit", "/target", "/members/add"):
        stranger.get(f"{base}{url}", status=403)
    auditor = pages.signed_in(role="auditor", scope="cohort", scope_id=cohort_id)
    for url in ("", "/members", "/visits", "/scores"):
        assert "Tambah" not in auditor.get(f"{base}{url}").text
    auditor.get(f"{base}/visits/new", status=403)
    listed = stranger.get("/o/cohorts")
    assert listed.lines("tbody th") == ["Kohort lain contoh"]


def asked(app: Flask, reader: Pages, url: str) -> int:
    """How many statements a page sends to the database."""
    sent: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        reader.get(url)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    return len(sent)


def test_a_list_asks_the_database_as_often_for_many_rows_as_for_few(
    app: Flask, staff: Pages, base: str, cohort_id: str
) -> None:
    pages = ("/members", "/visits", "/scores", "")
    region = "/o/directory/regions/14.08"
    with app.app_context(), unit() as session:
        found = cohorts.cohort(session, cohort_id)
        a_visit(session, found)
        a_score(session)
        a_holder(session, "14.08", "sekda")
    few = {url: asked(app, staff, base + url) for url in pages}
    few[region] = asked(app, staff, region)
    search = asked(app, staff, "/o/directory?q=contoh")
    with app.app_context(), unit() as session:
        found = cohorts.cohort(session, cohort_id)
        for number in range(1, 13):
            code = f"32.{number:02}" if number != 11 else "32.14"
            a_member(session, found, code)
            a_visit(session, found, code)
            a_score(session, code)
            a_holder(session, code, "sekda", name=f"Budi {number} Contoh")
        for role in ("kepala_daerah", "kadiskominfo", "asisten", "operator"):
            a_holder(session, "14.08", role)
    assert {url: asked(app, staff, base + url) for url in pages} | {
        region: asked(app, staff, region)
    } == few
    assert asked(app, staff, "/o/directory?q=contoh") == search
