"""What everybody may read: the two answers at any date, the rows behind them, and a commitment."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from app.extensions import db, keys, settings
from app.unit import unit
from cohorts.directory.tables import ContactPoint
from cohorts.ground import log
from cohorts.ground.codes import Codes
from cohorts.ground.files import FileStore
from cohorts.pledges import documents, withdrawing
from cohorts.pledges.tables import Signature
from cohorts.programme.tables import Cohort
from tests.build import figures
from tests.build import pledges as build
from tests.build.figures import at
from tests.build.pledges import ORGANISER
from tests.web.pages import Pages

KEYS = ("V", "J", "A", "C", "S1", "S2", "S3", "I", "P", "due", "institutions")


@pytest.fixture
def code(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Siak and Bandung visited; Siak has one of two items verified in December 2022 and reached
    the threshold in January 2023; Sumedang signed. Returns the code of that signature."""
    with app.app_context():
        monkeypatch.setattr(build, "CODES", Codes(keys().code))
        with unit() as session:
            scene = build.a_scene(session)
            cohort = scene.cohort
            cohort.slug, cohort.reference_region_code = "2022", "32.11"
            figures.visited(session, cohort, "14.08")
            figures.visited(session, cohort, "32.04", None)
            figures.the_threshold(session, cohort)
            figures.scored(session, "14.08", 2021, "2.60", published=dt.date(2022, 1, 5),
                           now=at(2022, 10, 3))
            figures.scored(session, "14.08", 2022, "3.60", published=dt.date(2023, 1, 5),
                           now=at(2023, 1, 6))
            due = dt.date(2022, 12, 20)
            done = figures.an_item(session, cohort, "14.08", due=due, now=build.NOW)
            figures.an_item(session, cohort, "14.08", due=due, now=build.NOW, title="Lain")
            figures.verified(session, done, at(2022, 12, 1))
            found = build.signed(session, scene.pledge, at(2022, 11, 21)).public_code
        yield found
        db.session.remove()


def test_the_front_page_answers_both_questions_with_n_of_n_day_and_definition(
    either: Pages, code: str
) -> None:
    page = either.get("/?at=2023-01-31")
    assert "Sumedang" in page.h1
    figures_said = page.lines(".answer .figure")
    of = {"id": "1 dari 2 daerah (50,0 %)", "en": "1 of 2 regions (50.0%)"}[either.lang]
    assert figures_said == [of, of]
    for line in page.lines(".answer .figure-asof"):
        assert "2023" in line
        assert "1.0" in line


def test_a_past_day_shows_what_was_known_then(pages: Pages, code: str) -> None:
    page = pages.get("/?at=2022-11-30")
    assert page.lines(".answer .figure") == ["0 dari 2 daerah (0,0 %)"] * 2
    assert "Rabu, 30 November 2022" in page.text
    rows = pages.get(page.link("Lihat 2 daerah"))
    assert "per 30 November 2022" in rows.text  # the day goes along


def test_a_day_that_cannot_be_is_said_beside_the_field(pages: Pages, code: str) -> None:
    for wish, said in (
        ("2022-02-30", "Tanggal ini tidak ada"), ("besok", "Tanggal ini tidak ada"),
        ("9999-12-31", "Tanggal itu belum tiba"), ("<script>", "Tanggal ini tidak ada"),
    ):
        page = pages.get(f"/?at={wish}")
        assert said in page.one("#at-e").get_text()
        assert page.all(".answer .figure")


def test_the_rows_behind_every_figure_are_a_page(either: Pages, code: str) -> None:
    heads = {either.get(f"/c/2022/rows/{key}?at=2023-01-31").h1 for key in KEYS}
    assert len(heads) == len(KEYS)


def test_rows_say_who_counts_and_why(pages: Pages, code: str) -> None:
    page = pages.get("/c/2022/rows/P?at=2023-01-31")
    siak = next(line for line in page.lines("tbody tr") if "Siak" in line)
    assert "Terhitung" in siak
    assert "2,60 (2021)" in siak
    bandung = next(line for line in page.lines("tbody tr") if "Bandung" in line)
    assert "Belum diketahui" in bandung
    due = pages.get("/c/2022/rows/due?at=2023-01-31")
    assert len(due.all("tbody tr")) == 3  # with the promise that Sumedang signed
    assert "Jumlahnya 3" in due.text


def test_public_pages_carry_no_name_address_or_number(pages: Pages, code: str) -> None:
    addresses = [c.value for c in db.session.query(ContactPoint)]
    for url in ("/", "/c/2022", *(f"/c/2022/rows/{key}" for key in KEYS)):
        text = pages.get(url).html
        assert "Rahmat" not in text
        assert not [a for a in addresses if a in text]


def test_the_cohort_page_lists_series_members_and_figures(either: Pages, code: str) -> None:
    page = either.get("/c/2022")
    assert page.all("#anggota .tile")
    assert page.all("#pertemuan tbody tr")


def test_unknown_cohorts_and_figures_are_one_plain_page(pages: Pages, code: str) -> None:
    for url in ("/c/nothing", "/c/2022/rows/nothing", "/c/nothing/rows/V"):
        assert pages.get(url, 404).h1 == "Halaman ini tidak ada"


def test_a_hidden_cohort_is_not_there(pages: Pages, code: str) -> None:
    with unit() as session:
        session.query(Cohort).one().public = False
    pages.get("/c/2022", 404)
    assert "Belum ada data" in pages.get("/").text


def test_without_any_cohort_the_front_page_says_so(either: Pages) -> None:
    page = either.get("/")
    assert page.all(".empty")


def test_an_empty_cohort_is_honest(app: Flask, pages: Pages) -> None:
    with app.app_context():
        with unit() as session:
            build.a_cohort(session).slug = "kosong"
        page = pages.get("/")
        assert page.lines(".answer .figure") == ["0 dari 0 daerah"] * 2
        assert "Belum ada kunjungan" in page.text
        assert "Belum ada daerah yang bergabung" in pages.get("/c/kosong").text
        db.session.remove()


def test_the_definitions_stand_with_their_version(either: Pages, code: str) -> None:
    page = either.get("/method")
    assert "1.0" in page.text
    assert len(page.all("abbr.stage")) >= 9


def test_a_code_leads_to_who_signed_what_and_when(either: Pages, code: str) -> None:
    page = either.get(f"/v/?code={code.lower()}")
    assert page.url == f"/v/{code}"
    assert "Rahmat Contoh" in page.text
    assert "21 November 2022" in page.text
    assert "13.01 WITA" in page.text.replace(":", ".")
    assert code in page.text


def test_the_page_of_a_commitment_reveals_no_address_or_number(pages: Pages, code: str) -> None:
    receipt = pages.client.get(f"/v/{code}/receipt.json").get_data(as_text=True)
    for text in (pages.get(f"/v/{code}").html, receipt):
        assert "contoh.example" not in text
        assert "+62" not in text


def test_withdrawn_is_said_first(pages: Pages, code: str) -> None:
    with unit() as session:
        found = session.query(Signature).one()
        withdrawing.withdraw(
            session, found.id, "Rahasia: surat", actor=ORGANISER, now=at(2022, 12, 5))
    page = pages.get(f"/v/{code}")
    assert "tetapi sudah ditarik" in page.text
    assert "Rahasia" not in page.text


def test_an_unknown_code_is_one_plain_page(pages: Pages, code: str) -> None:
    for wrong in ("0000000000000-0000", "x", "%3Cb%3E", "9" * 300):
        page = pages.get(f"/v/{wrong}", 404)
        assert page.h1 == "Kode ini tidak dikenal"
    pages.get("/v/0000000000000-0000/document.pdf", 404)
    pages.get("/v/0000000000000-0000/receipt.json", 404)


def test_the_document_is_handed_out_once_it_is_made(pages: Pages, code: str) -> None:
    assert "sedang disiapkan" in pages.get(f"/v/{code}/document.pdf").text
    kept = FileStore(settings().files_dir).put(b"%PDF-1.7 contoh", "application/pdf")
    with unit() as session:
        found = session.query(Signature).one()
        documents.keep_document(
            session, found.id, kept, actor=ORGANISER, now=at(2022, 11, 21))
    answer = pages.client.get(pages.get(f"/v/{code}").link("Unduh PDF"))
    assert answer.data == b"%PDF-1.7 contoh"
    assert answer.mimetype == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_receipt_leads_from_the_bytes_to_the_signed_head(pages: Pages, code: str) -> None:
    key = log.LogKey(Ed25519PrivateKey.generate())
    with unit() as session:
        log.number(session)
        log.checkpoint(session, key, at(2022, 11, 22))
    slip = json.loads(pages.client.get(f"/v/{code}/receipt.json").data)
    assert hashlib.sha256(slip["pledge"].encode()).hexdigest() == slip["pledge_sha256"]
    assert slip["inclusion"]["checkpoint"] == pages.client.get("/log/checkpoint").get_data(True)
    assert "catatan ke-1 dari" in pages.get(f"/v/{code}").text


def test_privacy_is_one_page(either: Pages) -> None:
    either.get("/privacy")
