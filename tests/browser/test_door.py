"""The door with a real camera stream: the film shows a guest's pass, then again, then a menu."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, expect

from app.extensions import db
from app.filters import utc_now
from app.unit import unit
from cohorts.door import stations
from cohorts.ground.links import Links
from tests.browser import axe
from tests.build import door as built
from tests.faults.phone import Door, a_door, beside, leave
from tests.product import Product

FOREIGN = "https://menu.example/kedai-kopi"


def nothing() -> bytes:
    """A second without a code before the lens: one that comes back after three is shown anew."""
    out = io.BytesIO()
    Image.new("RGB", (420, 420), (90, 90, 90)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def app(product: Product) -> Iterator[Flask]:
    """The running product's app, to build what a test needs in its database."""
    made = beside(product)
    yield made
    leave(made)


def enrolled(page: Page, product: Product, app: Flask, door: Door, gate: str) -> None:
    """Make the page's phone a station by its one-use code, as a volunteer does."""
    with app.app_context():
        with unit() as session:
            made = stations.prepare(
                session, convening_ids=[door.convening_id], gate=gate, actor=built.ORGANISER,
                now=utc_now())
            token = stations.enrolment_token(Links(app.extensions["keys"].link), made)
        db.session.remove()
    page.goto(f"{product.url}/d/enrol/{token}")
    page.get_by_label("Nama petugas").fill("Wayan Contoh")
    page.get_by_role("button", name="Daftarkan ponsel ini").click()
    expect(page.get_by_role("heading", name=f"{gate} siap")).to_be_visible()
    page.get_by_role("link", name="Mulai memindai").click()


def test_a_pass_before_the_camera_is_admitted_then_already_and_a_foreign_code_refused(
    camera: Callable[..., Page], product: Product, app: Flask
) -> None:
    door = a_door(app, guests=2)
    pause = [nothing()] * 3
    page = camera(door.codes[0], *pause, FOREIGN, *pause)
    enrolled(page, product, app, door, "Pintu utama")
    status = page.get_by_role("status")
    expect(status.get_by_role("heading", name="Silakan masuk")).to_be_visible(timeout=20000)
    expect(status).to_contain_text("Sekretaris Daerah")
    assert axe.violations(page) == []
    expect(page.locator("[data-scan-count=gate]")).to_have_text("1", timeout=10000)

    # It makes room by itself; the film goes on to a code that is no pass.
    expect(status.get_by_role("heading", name="Kode tidak dikenal")).to_be_visible(timeout=20000)
    expect(status).to_contain_text("Boleh saya cari dengan nama?")
    assert axe.violations(page) == []
    status.get_by_role("link", name="Pindai lagi").click()

    # The film begins again: the same pass is shown a second time.
    expect(status.get_by_role("heading", name="Sudah masuk")).to_be_visible(timeout=20000)
    expect(status).to_contain_text("Pintu utama")
    expect(status.locator("time")).to_have_count(1)
    assert axe.violations(page) == []
    assert axe.sideways(page) == 0
    expect(page.locator("[data-scan-count=gate]")).to_have_text("1")


def test_a_phone_without_a_camera_types_and_searches(
    page: Page, product: Product, app: Flask, watched: object
) -> None:
    watched.allow("422|Requested device not found")  # type: ignore[attr-defined]
    door = a_door(app, guests=2)
    enrolled(page, product, app, door, "Pintu timur")
    expect(page.get_by_text("Kamera belum diizinkan")).to_be_visible()
    page.get_by_role("link", name="Ketik kode").click()
    page.get_by_label("Kode pada kartu").fill("abcd efgh")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("ABCD EFGH")
    assert axe.violations(page) == []
    page.get_by_role("link", name="Cari nama saja").click()
    page.get_by_label("Nama, jabatan, atau daerah").fill("sekretaris bogor")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Belum").first.click()
    page.get_by_role("button", name="Catat masuk").click()
    expect(page.get_by_role("heading", name="Silakan masuk")).to_be_visible()
    page.get_by_role("link", name="Pindai berikutnya").click()
    page.get_by_role("link", name="Baru masuk").click()
    page.get_by_role("link", name="Batalkan").click()
    page.get_by_label("Orang yang salah").check()
    page.get_by_role("button", name="Batalkan catatan").click()
    expect(page.get_by_text("Dibatalkan", exact=True)).to_be_visible()
