"""The organiser's pages of commitments: text, versions, offers, withdrawals."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from app.extensions import db, keys
from app.unit import unit
from cohorts.ground.codes import Codes
from cohorts.pledges.tables import Pledge, PledgeText, Signature
from tests.build import pledges as build
from tests.web.pages import Pages

FILLED = {
    "title": "Komitmen Bersama", "preamble": "Kami menyatakan komitmen untuk:",
    "clauses": "menerapkan satu praktik baik;\n\nmelaporkan apa adanya.",
    "targets-0-title": "Menerapkan satu praktik", "targets-0-criterion": "Dipakai",
    "targets-0-role_key": "kepala_daerah", "targets-0-due_on": "2023-06-30",
    "targets-0-baseline": "0", "targets-0-target": "1", "targets-0-unit": "praktik",
}


@pytest.fixture
def cohort_id(app: Flask) -> Iterator[str]:
    """A cohort with a convening to come, two members and no text."""
    with app.app_context():
        with unit() as session:
            made = build.a_cohort(session, "32.11", "14.08")
            build.a_convening(session, made)
            found = made.id
        yield found
        db.session.remove()


@pytest.fixture
def signed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """A cohort whose text the Bupati of Sumedang has signed: its id, and the signature's."""
    with app.app_context():
        monkeypatch.setattr(build, "CODES", Codes(keys().code))
        with unit() as session:
            scene = build.a_scene(session)
            signature = build.signed(session, scene.pledge)
            found = scene.cohort.id, signature.id
        yield found
        db.session.remove()


def test_an_empty_cohort_says_what_to_do_next(staff: Pages, cohort_id: str) -> None:
    page = staff.get(f"/o/cohorts/{cohort_id}/pledges")
    assert "Belum ada naskah yang terbit" in page.text
    assert staff.get(page.link("Susun naskah")).one("#text-form")


def test_a_text_goes_from_draft_to_published_to_offered(staff: Pages, cohort_id: str) -> None:
    page = staff.submit(staff.get(f"/o/cohorts/{cohort_id}/pledges/new"), **FILLED)
    assert "draf versi 1" in page.h1
    page = staff.submit(page, "/publish")
    assert "Tawarkan naskah versi 1" in page.h1
    page = staff.submit(page, regions=["32.11", "14.08"], others="Kab. Garut")
    assert "Naskah ditawarkan kepada 3 daerah" in page.text
    text = db.session.scalars(sa.select(PledgeText)).one()
    assert text.state == "published"
    assert text.clauses == ["menerapkan satu praktik baik;", "melaporkan apa adanya."]
    offered = db.session.scalars(sa.select(Pledge.region_code).order_by(Pledge.region_code)).all()
    assert offered == ["14.08", "32.05", "32.11"]


def test_a_draft_that_lacks_something_says_so_and_cannot_be_published(
    staff: Pages, cohort_id: str
) -> None:
    given = {k: v for k, v in FILLED.items() if not k.startswith("targets")}
    page = staff.submit(staff.get(f"/o/cohorts/{cohort_id}/pledges/new"), **given)
    assert "Masih kurang: target" in page.text
    assert not [f for f in page.all("form") if str(f["action"]).endswith("/publish")]


def test_what_is_wrong_with_a_target_stands_beside_it(staff: Pages, cohort_id: str) -> None:
    url = f"/o/cohorts/{cohort_id}/pledges/new"
    page = staff.submit(staff.get(url), None, 400, **{**FILLED, "targets-0-due_on": ""})
    assert "Isi tenggatnya." in page.text
    page = staff.submit(staff.get(url), None, 400, **{**FILLED, "targets-0-target": "tiga"})
    assert "Nilai target ke-1 bukan angka" in page.text


def test_the_second_editor_sees_what_was_saved_and_loses_nothing(
    staff: Pages, cohort_id: str
) -> None:
    page = staff.submit(staff.get(f"/o/cohorts/{cohort_id}/pledges/new"), **FILLED)
    mine, theirs = staff.get(page.url), staff.get(page.url)
    staff.submit(theirs, "#text-form", title="Dari yang lain")
    late = staff.submit(mine, "#text-form", 400, title="Dari saya")
    assert "baru saja diubah orang lain" in late.text
    assert "Dari yang lain" in late.text
    assert late.one("#title")["value"] == "Dari saya"
    done = staff.submit(late, "#text-form")
    assert done.one("#title")["value"] == "Dari saya"


def test_who_signed_and_who_has_not_stand_on_one_page(
    staff: Pages, signed: tuple[str, str]
) -> None:
    page = staff.get(f"/o/cohorts/{signed[0]}/pledges")
    assert "Rahmat Contoh" in page.text
    assert page.link("Lembar").startswith("/v/")
    assert "Menunggu tanda tangan" in page.text
    assert "%2Fs%2F" in page.link("WhatsApp")


def test_a_withdrawal_is_registered_with_its_reason(
    staff: Pages, signed: tuple[str, str]
) -> None:
    page = staff.get(f"/o/cohorts/{signed[0]}/pledges/withdraw/{signed[1]}")
    refused = staff.submit(page, None, 400, reason="")
    assert "perlu diisi" in refused.text
    page = staff.submit(page, reason="Surat Bupati 1/2023")
    assert "Dicabut" in page.text
    assert db.session.scalar(sa.select(sa.func.count(Signature.id))) == 1


def test_an_offer_is_taken_back(staff: Pages, signed: tuple[str, str]) -> None:
    page = staff.get(f"/o/cohorts/{signed[0]}/pledges")
    forms = [str(f["action"]) for f in page.all("form") if "/void/" in str(f["action"])]
    page = staff.submit(page, forms[0])
    assert "Tawaran ditarik kembali" in page.text
    assert "Menunggu tanda tangan" not in page.text


@pytest.mark.parametrize("role", ["auditor", "minute_taker"])
def test_an_auditor_reads_and_changes_nothing(
    pages: Pages, signed: tuple[str, str], role: str
) -> None:
    reader = pages.signed_in(role=role)
    page = reader.get(f"/o/cohorts/{signed[0]}/pledges")
    assert not [f for f in page.all("form") if "/pledges/" in str(f["action"])]
    assert "tidak berwenang" in reader.get(f"/o/cohorts/{signed[0]}/pledges/new", 403).h1


def test_another_cohorts_text_is_not_found(
    staff: Pages, cohort_id: str, signed: tuple[str, str]
) -> None:
    text = db.session.scalars(sa.select(PledgeText.id)).first()
    db.session.rollback()
    staff.get(f"/o/cohorts/{cohort_id}/pledges/{text}", 404)
    staff.get(f"/o/cohorts/{cohort_id}/pledges/withdraw/{signed[1]}", 404)


def test_the_pages_read_in_english_too(app: Flask, signed: tuple[str, str]) -> None:
    reader = Pages(app, "en").signed_in()
    reader.get(f"/o/cohorts/{signed[0]}/pledges")
    reader.get(f"/o/cohorts/{signed[0]}/pledges/new")
