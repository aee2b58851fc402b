"""Files of people and offices through their pages: matched, mended, saved once, downloaded."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from app.adapters import workbooks
from app.extensions import db
from app.organizer import views_import_people
from app.unit import unit
from cohorts.directory import importing, people
from cohorts.directory.columns import COLUMNS
from cohorts.directory.importing import snapshot
from cohorts.directory.tables import Appointment, Person
from cohorts.ground.access import COMMAND
from tests.build.directory import NOW, a_holder
from tests.web.pages import Page, Pages

PATH = "/o/directory/import"
NIP = "198001012005012001"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture
def held(app: Flask) -> None:
    """Somebody whose name a spreadsheet would run, with a NIP."""
    with app.app_context(), unit() as session:
        term = a_holder(session, "14.08", name="=Siti Contoh")
        people.correct_person(session, term.person_id, name="=Siti Contoh", front_title="@Dr.",
                              back_title="", nip=NIP, actor=COMMAND, now=NOW)


def upload(staff: Pages, data: bytes, status: int = 200, name: str = "daftar.csv") -> Page:
    answer = staff.client.post(
        PATH, data={"file": (io.BytesIO(data), name), "csrf_token": staff.token()},
        follow_redirects=True, content_type="multipart/form-data")
    return staff._page(answer, status)


def workbook(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["Petunjuk"])
    sheet = book.create_sheet("Pejabat")
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_found_list_is_matched_mended_and_saved_once(staff: Pages, app: Flask) -> None:
    data = workbook(
        ["DAFTAR PEJABAT"], [],
        ["No.", "Kab/Kota", "Jabatan", "Nama dan gelar", "Kontak", None],
        [None, None, None, None, "Surel", "No. HP"],
        [1, 2, 3, 4, 5, 6],
        [1, "Kab. Siak", "Sekda", "Dr. Siti Contoh, M.Si.", "siti@contoh.id", 81234567890],
        [2, "Bandung", "Bupati", "Budi Contoh", "budi", None],
    )
    page = upload(staff, data, name="daftar.xlsx")
    assert page.h1 == "Cocokkan kolom"
    chosen = [s.find("option", selected=True) for s in page.all("select")]
    assert [c.get_text() if c else "" for c in chosen] == [
        "", "daerah", "jabatan", "nama", "surel", "telepon"]
    assert page.one("#begins")["value"] == "6"
    again = staff.submit(page, status=400, **{"column-2": "nama"})
    assert "Kolom nama dipilih dua kali" in again.text
    assert "Pilih kolom berkas yang memuat jabatan" in again.text
    page = staff.submit(again, **{"column-2": "jabatan", "column-5": "wa"})
    assert "2 dari 2 baris diperiksa" in page.text
    assert "1 dari 2 baris perlu diperbaiki" in page.text
    assert page.lines("tbody td:nth-of-type(1)") == ["daerah", "surel"]
    errors = staff.client.get(page.link("kolom galat")).get_data().decode("utf-8-sig")
    assert "daerah: Ada dua: Kabupaten Bandung dan Kota Bandung" in errors
    page = staff.submit(
        page, "/mend", **{"cell-7-daerah": "Kabupaten Bandung", "cell-7-surel": "b@contoh.id"})
    assert page.lines(".counts dd") == ["2", "2", "2", "3", "0"]
    saved = staff.submit(page, "/save")
    assert "Tersimpan: 2 baris, 0 tidak berubah" in saved.text
    with app.app_context():
        found = db.session.scalars(sa.select(Person).order_by(Person.name)).all()
        assert [p.full_name for p in found] == ["Budi Contoh", "Dr. Siti Contoh, M.Si."]
    again = upload(staff, errors.replace("Bandung;", "Kabupaten Bandung;").replace(
        ";budi;", ";b@contoh.id;").encode())
    assert "Semua isinya sudah tercatat" in again.text


@pytest.mark.usefixtures("held")
def test_what_is_downloaded_is_uploaded_unchanged_and_nothing_in_it_runs(staff: Pages) -> None:
    for kind in ("csv", "comma", "xlsx"):
        file = staff.client.get(f"/o/directory/export/{kind}")
        data = file.get_data()
        grid = workbooks.read_grid(data)
        (_one, head), (_two, cells) = grid.lines
        assert head == COLUMNS
        row = dict(zip(COLUMNS, cells, strict=False))
        assert (row["nama"], row["gelar_depan"], row["nip"]) == ("=Siti Contoh", "@Dr.", NIP)
        if kind == "xlsx":
            sheet = openpyxl.load_workbook(io.BytesIO(data)).active
            assert {c.data_type for c in sheet[2]} <= {"s", "n"}  # n: an empty cell
            assert sheet["L2"].value == "'=Siti Contoh"
        else:
            assert b"'=Siti" in data
        assert "Semua isinya sudah tercatat" in upload(staff, data, name=f"x.{kind}").text
    staff.get("/o/directory/export/ods", status=404)


@pytest.mark.usefixtures("held")
def test_who_only_reads_the_directory_gets_no_numbers_and_imports_nothing(pages: Pages) -> None:
    reader = pages.signed_in(role="auditor")
    data = reader.client.get("/o/directory/export/csv").get_data().decode()
    assert "Siti Contoh" in data
    assert NIP not in data
    reader.get(PATH, status=403)


def test_a_directory_that_changed_meanwhile_is_looked_at_again(staff: Pages, app: Flask) -> None:
    text = "daerah;jabatan;nama;mulai\nKab. Siak;Sekda;Siti Contoh;2022-05-01\n"
    page = upload(staff, text.encode())
    with app.app_context(), unit() as session:
        a_holder(session, "14.08", name="Contoh Lain")
    again = staff.submit(page, "/save")
    assert "Direktori berubah setelah berkas ini diperiksa" in again.text
    assert "Contoh Lain" in " ".join(again.lines(".change"))
    staff.submit(again, "/save")
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Appointment)) == 2


def test_what_is_sent_a_second_time_is_saved_already(staff: Pages) -> None:
    page = upload(staff, b"daerah;jabatan;nama\nKab. Siak;Sekda;Siti Contoh\n")
    assert "Tersimpan: 1 baris" in staff.submit(page, "/save").text
    again = staff.submit(page, "/save")
    assert "Tersimpan: 0 baris, 1 tidak berubah" in again.text
    assert "Direktori berubah" not in again.text


def test_the_check_tells_its_progress_while_it_is_at_work(
    staff: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"Kab. Siak;Kepala Bidang Contoh {n};Contoh {n}" for n in range(6)]
    page = upload(staff, "\n".join(["daerah;jabatan;nama", *lines]).encode())
    monkeypatch.setattr(views_import_people, "PORTION", 2)
    planned: list[int] = []
    monkeypatch.setattr(
        importing, "snapshot", lambda *given: planned.append(1) or snapshot(*given))
    answer = staff.client.get(page.url, buffered=False)
    sent, midway = "", []
    for piece in answer.iter_encoded():
        sent += piece.decode()
        if "4 dari 6 baris diperiksa" in sent and "6 dari 6" not in sent:
            midway.append(bool(planned))
    assert midway, "a line leaves by itself"
    assert not any(midway), "it left before the work was over"
    assert "6 dari 6 baris diperiksa" in sent
    assert planned
    assert "Simpan 6 baris" in sent


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"PK\x03\x04", "rusak atau bukan berkas Excel"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "kata sandi"),
        (OLE, "Excel lama"),
        (b"\x00\x01", "bukan CSV atau XLSX"),
    ],
)
def test_what_cannot_be_read_is_told_beside_the_file(
    staff: Pages, data: bytes, told: str
) -> None:
    assert told in upload(staff, data, 400).one("#file-e").get_text()


def test_only_what_was_uploaded_here_is_looked_at(staff: Pages) -> None:
    for end in ("", "/columns", "/errors.csv"):
        staff.get(f"{PATH}/{'0' * 64}{end}", status=404)
