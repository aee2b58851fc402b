"""A list that somebody keeps in Excel: its columns matched, its errors mended, saved once."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from playwright.sync_api import Page, expect

from app import create_app
from app.auth.passwords import argon2_hasher
from app.extensions import db
from app.filters import utc_now
from app.unit import unit
from cohorts.directory import accounts
from cohorts.ground.access import COMMAND
from tests.browser.chain import DESK, PASSWORD, fill, press
from tests.databases import settings_for
from tests.product import Product

ORGANISER = "lilis@lab.example"
ROWS: list[list[Any]] = [
    ["DAFTAR PEJABAT PENGELOLA INFORMATIKA"], [],
    ["No.", "Kab/Kota", "Jabatan", "Nama dan gelar", "NIP", "Kontak", None],
    [None, None, None, None, None, "Surel", "No. HP"],
    [1, "Kab. Natuna", "Kepala Bidang Contoh", "Dr. Ani Contoh, M.Si.", None,
     "ani@natuna.example", 81234567890],
    [2, "Bandung", "Kepala Bidang Contoh", "Budi Contoh", 198001012005012001, "budi@", None],
]


def sign_in(page: Page, product: Product) -> None:
    """An organiser of this test's own, at the desk."""
    app = create_app(settings_for(product.home, product.database_url))
    with app.app_context():
        with unit() as session:
            accounts.add_organizer(
                session, ORGANISER, "Lilis Uji", COMMAND, utc_now(),
                password_hash=argon2_hasher.hash(PASSWORD))
        db.session.remove()
        db.engine.dispose()
    page.set_viewport_size(DESK)
    page.goto(f"{product.url}/auth/sign-in")
    fill(page, email=ORGANISER, password=PASSWORD)
    press(page, "Masuk")
    page.wait_for_url("**/o/**")


def upload(page: Page, product: Product, data: bytes) -> None:
    page.goto(f"{product.url}/o/directory")
    press(page, "Impor")
    page.set_input_files("[name=file]", {
        "name": "daftar.xlsx", "buffer": data,
        "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"})
    press(page, "Unggah dan periksa")


def test_a_list_is_imported_with_its_errors_mended(
    product: Product, page: Page, visit: Callable[..., Page], tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    sign_in(page, product)
    upload(page, product, out.getvalue())
    expect(page.locator("h1")).to_have_text("Cocokkan kolom")
    expect(page.get_by_label("Kolom Kontak No. HP dibaca sebagai")).to_have_value("telepon")
    visit(page.url, languages=("id",), sizes=((360, 800),))
    page.get_by_label("Kolom Kontak No. HP dibaca sebagai").select_option("wa")
    press(page, "Periksa isinya")
    expect(page.locator("main")).to_contain_text("2 dari 2 baris diperiksa")
    expect(page.locator("main")).to_contain_text("1 dari 2 baris perlu diperbaiki")
    visit(page.url, languages=("id",), sizes=((360, 800),))
    page.get_by_label("Ganti isi baris 6, kolom daerah").select_option("Kota Bandung")
    page.get_by_label("Ganti isi baris 6, kolom nip").fill("198001012005012001")
    page.get_by_label("Ganti isi baris 6, kolom surel").fill("budi@bandung.example")
    press(page, "Periksa lagi")
    expect(page.locator("main")).to_contain_text("Kepala Bidang Contoh Kota Bandung")
    visit(page.url, languages=("id",), sizes=((360, 800),))
    with page.expect_navigation():
        press(page, "Simpan 2 baris")
    expect(page.locator("body")).to_contain_text("Tersimpan: 2 baris, 0 tidak berubah")
    with page.expect_download() as download:
        press(page, "Unduh (XLSX)")
    file = tmp_path / "direktori.xlsx"
    download.value.save_as(file)
    upload(page, product, file.read_bytes())
    expect(page.locator("main")).to_contain_text("Semua isinya sudah tercatat")
