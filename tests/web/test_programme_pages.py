"""The programme as organisers write it, guests read it, and the public where it may."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.extensions import db, keys
from app.unit import unit
from cohorts.convenings import sessions
from cohorts.convenings.tables import Convening
from cohorts.ground.links import Links
from cohorts.programme.tables import Cohort
from tests.build import convenings as build
from tests.build import directory
from tests.web.pages import Page, Pages

PDF = b"%PDF-1.7 contoh"


@pytest.fixture
def bali(app: Flask) -> tuple[str, str]:
    """Bali from 09.00 to 16.00 WITA in 2042, with a guest: its address and the guest's."""
    with app.app_context():
        with unit() as session:
            invited = build.an_invited_head(session, days=20 * 365 + 5)
            directory.a_person(session, "Siti Contoh", front_title="Dr.")
            made = invited.invitation
            token = Links(keys().link).make("invitation", made.id, made.generation)
            found = f"/o/convenings/{invited.convening.id}", f"/u/{token}"
        db.session.remove()
    return found


def add(staff: Pages, url: str, title: str, **more: str) -> Page:
    return staff.submit(staff.get(f"{url}/programme/new"), title_id=title, **more)


def lines(page: Page) -> list[str]:
    return page.lines("tbody [role=rowheader]")


def test_a_programme_is_written_line_by_line_and_ordered_by_keyboard(
    staff: Pages, bali: tuple[str, str]
) -> None:
    url, _guest = bali
    assert "Belum ada acara" in staff.get(f"{url}/programme").text
    add(staff, url, "Pembukaan", speaker="Menteri")
    wrong = staff.submit(staff.get(f"{url}/programme/new"), title_id="", minutes="0", status=400)
    assert len(wrong.all(".field-error")) == 2
    page = add(staff, url, "Rehat", starts_at="2042-11-21T10:00", kind="break")
    assert lines(page) == ["09.00 s.d. 09.30", "09.30 s.d. 10.00", "10.00 s.d. 10.30",
                           "10.30 s.d. 16.00"]  # fmt: skip
    assert "30 menit kosong" in page.text
    assert page.lines(".sum td") == ["30 menit", "30 menit", "6 jam", "7 jam"]
    moved = staff.submit(page, ".nowrap:has(button[value=down])", press="step=down")
    assert moved.lines("tbody .row-link") == ["Rehat", "Pembukaan"]
    assert lines(moved)[0::2][:2] == ["09.00 s.d. 09.30", "10.00 s.d. 10.30"]
    stale = staff.submit(
        page, ".nowrap:has(button[value=down])", press="step=down", status=409
    )
    assert "diubah orang lain" in stale.text
    edit = staff.get(moved.link("Rehat"))
    after = staff.submit(edit, ".flow-5:has([name=title_id])", minutes="60", shift="y")
    assert lines(after)[2] == "10.30 s.d. 11.00", "what follows moved along"
    again = staff.submit(edit, ".flow-5:has([name=title_id])", room="Aula", status=409)
    assert "Yang baru saja disimpan orang lain" in again.text
    over = staff.submit(again, ".flow-5:has([name=title_id])", starts_at="2042-11-21T10:45")
    assert "Bersamaan dengan “Pembukaan”" in over.text
    asks = staff.get(f"{moved.link('Rehat')}/remove")
    gone = staff.submit(asks)
    assert gone.lines("tbody .row-link") == ["Pembukaan"]
    assert "Pembukaan" in staff.get(url).one(".agenda").get_text()


def test_who_speaks_and_what_is_handed_out_reach_the_guests_and_not_the_public(
    staff: Pages, app: Flask, bali: tuple[str, str], tmp_path: object
) -> None:
    url, guest = bali
    one = staff.get(add(staff, url, "Arahan").link("Arahan")).url
    found = staff.get(f"{one}?q=siti")
    page = staff.submit(found, ".flow-4:has([type=radio])", role="moderator")
    assert "Dr. Siti Contoh Moderator" in page.lines("#pembicara .rows li")[0]
    page = staff.submit(page, ".flow-4:has([name=name])", name="Tamu Luar")
    twice = staff.submit(page, ".flow-4:has([name=name])", name="tamu luar", status=400)
    assert "sudah ada" in twice.one("#name-e").get_text()
    page = staff.submit(page, ".flow-4:has([name=name])", name="Salah Ketik")
    last = page.all("#pembicara .rows form")[-1]["action"]
    page = staff.submit(page, str(last))
    assert "Salah Ketik" not in page.text

    def upload(data: bytes, status: int = 200, **more: str) -> Page:
        form = staff.get(one).one("form[enctype]")
        version = form.select_one("[name=version]")
        assert version is not None
        given = {"title": "Paparan", "version": version["value"], **more}
        if data:
            given["file"] = (io.BytesIO(data), "paparan.pptx")  # type: ignore[assignment]
        return staff.post(f"{one}/materials", given, status=status)

    assert "Jenis berkas" in upload(b"PK\x03\x04 slides", 400).one("#file-e").get_text()
    assert upload(b"", 400, url="http://contoh.id/a").one("#url-e")
    page = upload(PDF)
    saved = staff.client.get(page.link("Paparan"))
    assert (saved.data, saved.headers["Content-Disposition"]) == (
        PDF, "attachment; filename=Paparan.pdf",
    )  # fmt: skip
    upload(b"", url="https://maps.contoh.id/bahan", title="Bahan")

    reader = Pages(app)
    read = reader.get(guest)
    assert "Moderator: Dr. Siti Contoh, Tamu Luar" in read.text
    assert reader.client.get(read.link("Paparan")).data == PDF
    assert read.link("Bahan") == "https://maps.contoh.id/bahan"
    material = read.link("Paparan").rsplit("/", 1)[1]
    reader.get(f"{guest[:-3]}xxx/materials/{material}", status=404)

    with app.app_context():
        cohort = db.session.scalars(sa.select(Cohort)).one()
        public = f"/c/{cohort.slug}"
        with unit() as session:
            session.get_one(Cohort, cohort.id).public = True
        db.session.remove()
    assert "Arahan" not in reader.get(public).text
    staff.submit(staff.get(f"{url}/programme"), "/programme/public", press="public=yes")
    shown = reader.get(public)
    assert "Moderator: Dr. Siti Contoh" in shown.text
    assert "Paparan" not in shown.text


def test_the_queries_do_not_grow_with_the_sessions(
    staff: Pages, app: Flask, bali: tuple[str, str]
) -> None:
    url, _guest = bali

    def queries() -> int:
        counted: list[str] = []

        def count(*args: Any) -> None:
            counted.append(args[2])

        with app.app_context():
            engine = db.engine
        sa.event.listen(engine, "before_cursor_execute", count)
        staff.get(f"{url}/programme")
        sa.event.remove(engine, "before_cursor_execute", count)
        return len(counted)

    add(staff, url, "Satu", speaker="A")
    before = queries()
    with app.app_context():
        with unit() as session:
            made = session.scalars(sa.select(Convening)).one()
            many = [
                sessions.Line(made.starts_at + n * build.HOUR / 10, 6, f"A {n}", speaker=f"B {n}")
                for n in range(sessions.MOST)
            ]
            sessions.set_programme(session, made.id, many, 2, build.ORGANISER, build.NOW)
        db.session.remove()
    assert queries() == before
